// SPDX-License-Identifier: GPL-2.0

//! Descriptors, open files, directories.

facts! {
    both: offset, standard_streams;
    dynamic:
        append, append_flag_moves, access_modes, status_flags, close_on_exec, duplicates_share,
        separate_opens, descriptor_numbers, highest_descriptor, directory, directory_position, directory_read,
        null_zero_random, working_directory, umask_kept, opened_by_symlink, renamed_file,
        renamed_directory, odd_names, long_path, many_descriptors, beyond_four_gib,
        no_longer_permitted, unlinked_hard_link, owner_and_mode_untouched, path_only,
        execute_only_program, truncated_to_nothing, sync_flags,
        owner_is_signalled, owner_is_gone, owner_is_a_group, owner_led_its_group, path_only_kinds, path_only_shared, stateless_devices,
        flags_shown, advice_and_hints, async_descriptor, generated, generated_news,
}
