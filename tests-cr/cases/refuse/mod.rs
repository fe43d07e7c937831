// SPDX-License-Identifier: GPL-2.0

//! What cannot be saved is refused by name: every obstacle at once, nothing written, the program
//! unharmed.

facts! {
    both: several_at_once;
    dynamic:
        asynchronous_poll, attributes_too_large, bpf_map, child_outside, console_output, controlling_terminal,
        delegation, directory_offset, epoll_of_others, epoll_outside, eventfd_outside, fanotify, file_server, first_of_pids_outside,
        generated_more, held_by_ring, hidden_by_mount, io_ports, io_uring, io_uring_restriction, kernel_log_device,
        landlock, landlock_file, memory_of_thread_outside, memory_open_outside, message_queue_elsewhere, message_queue_outside, message_queue_told,
        namespace_cgroup, namespace_file, namespace_ipc, namespace_mount, namespace_net, namespace_time,
        namespace_user, namespace_uts, netlink_socket, on_unmounted_file_system, opened_elsewhere,
        path_too_long, perf_event, pidfd_attributes, pidfd_of_session, pidfd_outside, pids_shared,
        pipe_of_notifications, pipe_with_outsider, proc_file, process_directory, queued_outside, queued_read_outside,
        seccomp_listener, secret_memory, semaphore_with_outsider, segment_opened, session_key, shared_memory_segment,
        shared_with_outsider, signal_owner, socket_filter, socket_outside, socket_queued,
        socket_timeout_accept, socket_timeout_connect, socket_timeout_messages, socket_timeout_read,
        socket_timeout_write, standard_input_of_both, standard_input_own, standard_input_tied, tcp_socket,
        terminal, timer_of_another, traced, tracer_outside, userfaultfd, vfork_child, vfork_parent, watched_nowhere,
}
