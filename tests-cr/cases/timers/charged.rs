// SPDX-License-Identifier: GPL-2.0

//! Fact: timers count for the user of the program, up to its limit (RLIMIT_SIGPENDING).
//!
//! Could break: they are made before the program is given its user and its limits.

use ckpt_support::{checkpoint_here, must, proc_self, raw, same};

use super::timer::Timer;

/// A user that nobody else is.
fn nobody_else() -> usize {
    let mut random = 0u16;
    let call = [(&raw mut random) as usize, 2, 0];
    must("getrandom", raw(libc::SYS_getrandom, &call));
    100_000 + usize::from(random)
}

/// How many signals and timers the user has, and may have.
fn counted() -> String {
    let status = String::from_utf8_lossy(&proc_self("status")).into_owned();
    let line = status.lines().find(|line| line.starts_with("SigQ"));
    line.unwrap_or_default().to_string()
}

pub fn run() {
    let limit = libc::rlimit {
        rlim_cur: 5,
        rlim_max: 5,
    };
    // SAFETY: reads one rlimit.
    must("setrlimit", unsafe {
        libc::setrlimit(libc::RLIMIT_SIGPENDING, &limit)
    });
    must("setresuid", raw(libc::SYS_setresuid, &[nobody_else(); 3]));
    let new = || Timer::try_with(libc::CLOCK_MONOTONIC, libc::SIGEV_SIGNAL, libc::SIGUSR1, 0);
    let timers: Vec<Timer> = (0..4).filter_map(|_| new().ok()).collect();
    same("timers", &4, &timers.len());
    let before = counted();
    checkpoint_here();
    same("counted", &before, &counted());
    same("one more", &true, &new().is_ok());
    same("one too many", &Err(libc::EAGAIN), &new());
    timers[0].delete();
    same("after one has gone", &true, &new().is_ok());
}
