// SPDX-License-Identifier: GPL-2.0

//! Many tasks: trees, threads, and what they share.

pub mod relatives;

facts! {
    both: children, threads;
    dynamic: shared_io_context, zombies, zombie_ignored, sessions, orphans, shared_tables, shared_undo, shared_files, shared_memory, dead_leader,
    credentials_of_threads, signals_of_threads, timers_of_threads, robust_futex, death_signal,
    stopped_child, order_of_children, adopted_later, many_threads, many_processes, named_tracer, random_forests,
}
