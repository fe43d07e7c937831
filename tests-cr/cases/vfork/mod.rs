// SPDX-License-Identifier: GPL-2.0

//! Inside of vfork(2): parents that wait until their child has called execve(2), or has ended.

pub mod borrowed;

facts! {
    both: until_end;
    dynamic: child_is_killed, nested, of_a_sibling, of_a_thread, parent_is_killed, until_exec, with_threads,
    without_memory,
}
