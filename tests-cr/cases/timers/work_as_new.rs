// SPDX-License-Identifier: GPL-2.0

//! Fact: after a restart timers are created, set, deleted, and dropped by execve, as ever.
//!
//! Could break: restored timers are made by another way than timer_create, and must be in every
//! list that these calls look into.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{block, take, Timer, MILLISECOND, SECOND, PATIENCE};

pub fn run() {
    let signal = libc::SIGRTMIN() + 1;
    let set = block(&[signal]);
    let old = Timer::with(libc::CLOCK_MONOTONIC, libc::SIGEV_SIGNAL, signal, 1);
    old.set(1000 * SECOND, 0);
    let deadly = Timer::new(libc::CLOCK_MONOTONIC, libc::SIGUSR1);
    deadly.set(900 * SECOND, 0);
    checkpoint_here();
    old.set(MILLISECOND, 0);
    let taken = take(&set, PATIENCE).expect("set anew");
    same("value", &(old, 1), &(taken.timer, taken.value));
    let new = Timer::with(libc::CLOCK_MONOTONIC, libc::SIGEV_SIGNAL, signal, 2);
    same("next id", &Timer(deadly.0 + 1), &new);
    new.set(MILLISECOND, 0);
    let taken = take(&set, PATIENCE).expect("a new one");
    same("value", &(new, 2), &(taken.timer, taken.value));
    new.delete();
    old.delete();
    same("deleted", &(None, None), &(old.try_get(), new.try_get()));
    deadly.delete();
    // The new program finds none.
    let own = std::env::current_exe().expect("own path");
    let mut program = Command::new(own);
    program.arg("samples/without_timers").stdout(Stdio::null());
    // SAFETY: between fork and execve only calls that may be made there.
    unsafe {
        program.pre_exec(move || {
            let timer = Timer::new(libc::CLOCK_MONOTONIC, libc::SIGUSR1);
            timer.set(1000 * SECOND, 0);
            Ok(())
        });
    }
    let status = program.status().expect("the program runs");
    check(status.success(), "the new program has the timer");
}
