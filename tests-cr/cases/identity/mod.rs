// SPDX-License-Identifier: GPL-2.0

//! Who the task is, what it may do, and what it was told to be like.

pub mod confined;
pub use no_session_keyring::run as no_session_keyring;
pub mod keys;
mod scheduled;

facts! {
    both: process_ids;
    dynamic:
        user_and_group_ids, saved_ids_return, groups, capabilities, capability_sets,
        ambient_capabilities, secure_bits, no_new_privileges, unprivileged, limits,
        address_space_limit, nice, policy, affinity, io_priority, name, odd_name, timer_slack,
        oom_score, personality, dumpable, parent_death_signal, child_subreaper,
        huge_pages_disabled, core_dump_filter, robust_list, thread_id_address, rseq_area,
        file_size_limit, seccomp_filters, seccomp_trap, seccomp_unprivileged,
        seccomp_listener_gone, seccomp_sees_restarted_calls, seccomp_strict,
        system_call_dispatch, system_call_dispatch_outside, system_call_dispatch_inside,
        utilisation_clamps, deadline_policy, real_time_policy, time_slice, time_slice_later,
        cpus_asked_for, memory_error_policy, futex_slots, futex_slots_of_threads, task_flags,
        exec_secure_bits, limits_exceeded, login, session_keyring, session_keyring_of_user,
        session_keyring_revoked, keyrings_of_process, no_session_keyring,
}
