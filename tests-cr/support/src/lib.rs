// SPDX-License-Identifier: GPL-2.0

//! What every test program needs: to say when it may be checkpointed, to wait until it may go on,
//! and to say what differs then.
//!
//! A program talks to the runner through regular files only, because anything else (a pipe that
//! ends outside, a socket) could not be checkpointed:
//!
//! - standard output: one line for each fact that the runner has to know;
//! - the go file, named by `GO`: its first byte becomes `1` when the program may check itself.

pub mod attribute;
mod check;
mod inode;
mod map;
mod outsider;
pub mod pidfds;
pub mod pipes;
mod refuse;
pub mod signals;
pub mod sockets;
pub mod swap;
mod sys;
pub mod terminals;
mod turn;
pub mod unix;
pub mod waits;

pub use check::{check, differs, finish, not_run, same};
pub use inode::{are_one_open_file, link_of, memfd, resident_shared, stretches};
pub use map::{anonymous, can_read, can_write, file_with, Mapping, HUGE};
pub use outsider::outsider;
pub use refuse::{expect_refusal, expect_refusal_at, expect_refusal_of_fd, may_also_refuse};
pub use sys::{entries, errno, must, must_ptr, page_size, proc_self, raw};
pub use turn::{
    checkpoint_here, may_fire, over, ready, ready_inside, ready_inside_for_a_while,
    ready_inside_once, ready_inside_until_signal, ready_signalled_inside,
    ready_signalled_inside_until_signal, ready_stopped, ready_stopped_inside, survived_reboot,
    wait_for_go, was_checkpointed, was_told_go, GoFlag,
};
