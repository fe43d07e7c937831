// SPDX-License-Identifier: GPL-2.0

//! Address spaces: areas, contents, protections, marks.

facts! {
    both: private_anonymous, vdso_works, program_marks;
    dynamic:
        sparse, zero_over_file, private_file, private_file_rereads, shared_file,
        shared_file_read_only, file_window, beyond_end_of_file, protections, protections_move,
        no_access_keeps_content, executable, brk_goes_on, stack_content, stack_grows,
        grows_down_area, many_areas, holes_stay, new_mappings, remap, copy_on_write_later,
        threads_later, exec_later, auxiliary_vector, large, locked, advice, no_reserve,
        swapped, bottom_up, guard_pages, huge_pages, memory_policies, task_memory_policy,
        protection_keys, sealed, droppable, no_executable_gain, merge_any, lock_future,
        lock_future_on_fault, locked_without_rights, membarrier, vdso_moved, vdso_unmapped,
        fork_advice, huge_page_advice, huge_pages_unless_advised, first_page, mremap_leaves,
        very_many_areas, piece_by_piece,
}
