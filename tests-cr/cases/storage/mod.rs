// SPDX-License-Identifier: GPL-2.0

//! What no path leads to for good: shared memory, memfds, removed files, files on tmpfs,
//! and all of these in huge pages.

facts! {
    both: shared_anonymous, removed_program;
    dynamic:
        shared_sparse, shared_dev_zero, shared_duplicates, shared_bigger_than_mapped,
        shared_holes, shared_named, memfd, memfd_attributes, memfd_sealed, memfd_sealed_outside, memfd_future_write,
        memfd_outlived, memfd_opened_twice, memfd_runs, memfd_reserved, memfd_odd_size,
        removed_file, removed_shared, removed_holes, removed_large, removed_private,
        removed_write_only, renamed_over, temporary_file, temporary_file_for_good,
        temporary_file_of_user, other_name,
        tmpfs_file, tmpfs_removed, tmpfs_other_name, tmpfs_two_names, semaphore_named, huge_shared, huge_memfd, huge_memfd_sealed, huge_file,
        huge_removed,
        removed_attributes, removed_flags, memfd_extended, inherited_attributes,
        removed_directory, removed_working_directory, changed_root,
}
