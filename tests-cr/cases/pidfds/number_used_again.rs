// SPDX-License-Identifier: GPL-2.0

//! Fact: a pidfd of a process that was reaped does not stand for the one that got its number.
//!
//! Could break: a pidfd is found again by the number.

use ckpt_support::pidfds::{events, exit_code, open, send};
use ckpt_support::{checkpoint_here, must, raw, same, wait_for_go};

use crate::tasks::relatives::{child, end_of, FINE};

/// struct clone_args.
#[repr(C)]
#[derive(Default)]
struct Args {
    of_flags: [u64; 4],
    exit_signal: u64,
    of_stack: [u64; 3],
    set_tid: u64,
    set_tid_size: u64,
    cgroup: u64,
}

fn child_with(number: i32) -> i32 {
    let args = Args {
        exit_signal: libc::SIGCHLD as u64,
        set_tid: &raw const number as u64,
        set_tid_size: 1,
        ..Args::default()
    };
    let call = [&raw const args as usize, size_of::<Args>()];
    let pid = must("clone3", raw(libc::SYS_clone3, &call)) as i32;
    if pid == 0 {
        wait_for_go();
        // SAFETY: ends the process.
        unsafe { libc::_exit(FINE) }
    }
    pid
}

pub fn run() {
    let first = child(|| 3);
    let to_first = open(first, 0);
    same("its end", &3, &end_of(first));
    let second = child(|| 4);
    let to_second = open(second, 0);
    same("its end", &4, &end_of(second));
    let heir = child_with(first);
    same("number", &first, &heir);
    let to_heir = open(heir, 0);
    checkpoint_here();
    same("the first", &Some(3 << 8), &exit_code(to_first));
    same("the second", &Some(4 << 8), &exit_code(to_second));
    same("is gone", &libc::ESRCH, &send(to_first, libc::SIGKILL));
    same("its end", &FINE, &end_of(heir));
    same("the heir", &Some(FINE << 8), &exit_code(to_heir));
    same("poll", &(libc::POLLIN | libc::POLLHUP), &events(to_heir));
}
