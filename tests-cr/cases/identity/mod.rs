// SPDX-License-Identifier: GPL-2.0

//! Who the task is, what it may do, and what it was told to be like.

facts! {
    both: process_ids;
    dynamic:
        user_and_group_ids, saved_ids_return, groups, capabilities, capability_sets,
        ambient_capabilities, secure_bits, no_new_privileges, unprivileged, limits,
        address_space_limit, nice, policy, affinity, io_priority, name, odd_name, timer_slack,
        oom_score, personality, dumpable, parent_death_signal, child_subreaper,
        huge_pages_disabled, core_dump_filter, robust_list, thread_id_address, rseq_area,
        file_size_limit,
}
