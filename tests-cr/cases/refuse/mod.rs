// SPDX-License-Identifier: GPL-2.0

//! What cannot be saved is refused by name: every obstacle at once, nothing written, the program
//! unharmed.

mod asynchronous;

facts! {
    both: several_at_once;
    dynamic:
        asynchronous_io, asynchronous_wait, attributes_too_large, bpf_map, child_outside, controlling_terminal,
        directory_notification, epoll, epoll_wait, epoll_wait_mask, fanotify,
        hidden_by_mount, inotify, io_ports, io_uring, io_uring_restriction,
        kernel_log_device, landlock, landlock_file, lease, lock_flock, lock_open_file, lock_record,
        message_queue, namespace_cgroup, namespace_file, namespace_ipc, namespace_mount,
        namespace_net, first_of_pids_outside, pids_shared, namespace_time, namespace_user, namespace_uts, netlink_socket,
        on_unmounted_file_system, opened_elsewhere, path_too_long, perf_event, pidfd_attributes, pidfd_of_session,
        pidfd_outside, pipe_in_flight,
        pipe_of_notifications, pipe_with_outsider, proc_file,
        process_directory, seccomp_listener, secret_memory, semaphore_undo, session_key,
        shared_memory_segment, shared_with_outsider, signal_owner, signalfd, socket_pair,
        socket_timeout, socket_timeout_accept, socket_timeout_accept_local, socket_timeout_connect,
        socket_timeout_connect_local, socket_timeout_messages, socket_timeout_read,
        socket_timeout_send, socket_timeout_signal, socket_timeout_write, standard_input_of_both,
        standard_input_own, standard_input_tied, tcp_socket, terminal,
        timer_of_another, timerfd, traced, userfaultfd, vfork_child, vfork_parent,
}
