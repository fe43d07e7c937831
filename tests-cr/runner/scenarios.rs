// SPDX-License-Identifier: GPL-2.0

//! How the tools behave, one fact each: what they take, what they give, what they leave behind.

mod counts;
mod hostile;
mod meddlers;
mod mounts;
mod outside;
mod phases;
mod rights;
mod screen;
mod stage;

use crate::container::Container;
use crate::verdict::{Outcome, Step};
use crate::Places;

pub use phases::narrow_pipe;
use stage::Stage;

/// A scenario, with everything that it plays with.
type Scenario = fn(&Stage) -> Step<()>;

macro_rules! scenarios {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// Every scenario.
        pub const ALL: &[(&str, Scenario)] = &[$((stringify!($name), $name::run),)*];
    };
}

scenarios! {
    altered_references, attribute_not_permitted, busy_generations_at_length, busy_tree, caller_inside,
    calls_at_random, calls_at_random_at_length, cgroup_however_opened, check_finds_nothing,
    check_says_the_same, checkpoint_call_rules, checkpoint_interrupted, checkpoint_killed,
    clash_of_pids, content_of_another, crowd_whole_or_not, crowd_whole_or_not_at_length, damaged_image,
    detached, empty_cgroup, end_by_signal_handed_on, ended_at_each_record,
    ended_at_each_record_at_length, endless_image, exit_code_handed_on, file_changed, file_missing,
    file_whole_or_not, files_grown,
    forests_that_differ, frozen_before, frozen_state_pinned, frozen_while_restarted, generations,
    generations_at_length, hand_in_options, handed_in_impossibly, hostile_files, hostile_memory,
    hostile_registers, hostile_rights, hostile_times, huge_pages_promised, identities_given,
    image_inspected, image_kept_on_failure, image_read_inside, image_through_pipes, image_used_twice,
    input_handed_in, input_watched, keys_of_user, leave_frozen, locks_taken, login_shell,
    made_anew_in_part, mapped_file_stored_to, marks_of_restart, max_frozen, meddled_with_at_each_record_at_length,
    memory_not_to_be_executed, memory_stored_to, messages_taken_meanwhile, mutex_not_marked,
    name_that_leads_elsewhere, new_pid, no_end_when_killed, not_an_image, nothing_lost_when_killed,
    objects_ended_meanwhile, of_two_restarts, opened_by_its_opener, openers_kept, original_pids,
    original_pids_inside, orphan_comes_first, other_name_forgotten, output_handed_in, outputs_joined,
    outsider_begun_early, outsider_unseen, pipeline_handed_in, pipes_in_the_way, populated_cgroup,
    promises_cost_nothing_at_length, reader_goes_away, reader_sees_end, restart_call_rules,
    restart_group_killed, restart_interrupted, restart_killed, restarted_by_namespace_root,
    restarter_confined,
    restarter_confined_alike, restarter_logged_in, restarter_without_net, rights_locked_down,
    rights_to_checkpoint, rights_to_restart, rights_with_yama, script_output_shared, second_checkpoint,
    segment_attached_meanwhile, segment_not_opened, session_closed_meanwhile, sharers_killed,
    sharers_killed_at_length, signal_passed_on, sink_full, sinks_at_each_record_at_length,
    socket_handed_in, socket_reconnected, stats, stopped_when_thawed, switched_off, sync_survives,
    tasks_below, terminal_handed_in, terminal_not_written_over, terminal_put_back, terminal_relayed,
    terminal_unrelayed, terminals_many, thawed_at_last, traced_meanwhile, tree_whole_or_not,
    truncated_image, unprivileged_caller, verified_only, while_frozen, written_into, wrong_usage,
}

/// Scenarios and facts that change the whole machine, count what it has, or need it back when they say so:
/// every restart keeps what is mounted at that moment. Nothing else may run meanwhile.
pub const ALONE: &[&str] = &[
    "tasks/named_tracer",
    "tools/busy_generations_at_length",
    "tools/generations",
    "tools/generations_at_length",
    "tools/huge_pages_promised",
    "tools/identities_given",
    "tools/objects_ended_meanwhile",
    "tools/restarted_by_namespace_root",
    "tools/rights_locked_down",
    "tools/rights_to_checkpoint",
    "tools/rights_to_restart",
    "tools/rights_with_yama",
    "tools/switched_off",
    "tools/sync_survives",
];

/// Of these, what cannot be undone before the next boot.
pub const LAST: &[&str] = &["tools/rights_locked_down"];

/// Runs one by name.
pub fn run(name: &str, container: &Container, places: &Places) -> Step<()> {
    match ALL.iter().find(|(other, _)| *other == name) {
        Some((_, scenario)) => scenario(&Stage { container, places }),
        None => Err(Outcome::failed("there is no such scenario")),
    }
}
