// SPDX-License-Identifier: GPL-2.0

//! What cannot be saved is refused by name: every obstacle at once, nothing written, the program
//! unharmed.

facts! {
    both: several_at_once;
    dynamic:
        asynchronous_io, bpf_map, changed_root, child, child_outside, controlling_terminal,
        deadline_scheduling, directory_notification, droppable_memory, epoll, eventfd,
        executable_gain_refused, fanotify, fifo, guard_pages, hidden_by_mount, huge_page, inotify,
        interval_timer, io_ports, io_uring, kernel_log_device, landlock, lease,
        local_descriptor_table, lock_flock, lock_future, lock_open_file, lock_record,
        membarrier_registration, memfd, memory_merge, memory_policy, message_queue, moved_vdso,
        nameless_file, namespace_cgroup, namespace_file, namespace_ipc, namespace_mount,
        namespace_net, namespace_pid, namespace_time, namespace_user, namespace_uts,
        netlink_socket, on_unmounted_file_system, perf_event, pidfd, pipe, posix_timer, proc_file,
        protection_key, removed_directory, removed_file, removed_mapping,
        removed_working_directory, renamed_over, sealed_memory, seccomp_filter, secret_memory,
        semaphore_undo, session_key, shared_anonymous, shared_memory_segment,
        shared_with_outsider, signal_owner, signalfd, socket_pair, stopped, system_call_dispatch,
        tcp_socket, terminal, thread, time_stamp_counter_off, timerfd, traced, userfaultfd,
        utilisation_clamp, vfork_parent, zombie_child,
}
