// SPDX-License-Identifier: GPL-2.0

//! Fact: a limit of CPU time (RLIMIT_CPU) counts what was used before, and strikes when it is
//! reached: not early, and again after each further second.
//!
//! Could break: the limit is watched by a timer that is not among the timers.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, must};

use super::timer::{handle, now, work_until, MILLISECOND, SECOND, TICKS};

static STRUCK: AtomicI64 = AtomicI64::new(0);

extern "C" fn struck(_signal: i32) {
    STRUCK.fetch_add(1, Ordering::Relaxed);
}

fn cpu() -> i64 {
    now(TICKS)
}

/// How often it may have struck, and how often it must have, between two readings of the clock.
fn check_struck(limit: i64) {
    // The clock is read by the tick that compares, and the signal handled before the program goes on.
    let at_least = strikes(cpu() - limit - SECOND / 2);
    let struck = STRUCK.load(Ordering::Relaxed);
    let at_most = strikes(cpu() - limit);
    check(
        (at_least..=at_most).contains(&struck),
        &format!("it struck {struck} times, not {at_least} to {at_most}"),
    );
}

/// At the limit, and after each further second.
fn strikes(beyond: i64) -> i64 {
    (beyond.div_euclid(SECOND) + 1).max(0)
}

pub fn run() {
    handle(libc::SIGXCPU, struck);
    let limit = cpu() / SECOND + 2;
    let set = libc::rlimit {
        rlim_cur: limit as u64,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: reads one rlimit.
    must("setrlimit", unsafe { libc::setrlimit(libc::RLIMIT_CPU, &set) });
    let limit = limit * SECOND;
    work_until(limit - 700 * MILLISECOND, || false);
    check_struck(limit);
    checkpoint_here();
    check_struck(limit);
    for _ in 0..2 {
        let so_far = STRUCK.load(Ordering::Relaxed);
        work_until(cpu() + 20 * SECOND, || STRUCK.load(Ordering::Relaxed) > so_far);
        check(STRUCK.load(Ordering::Relaxed) > so_far, "it does not strike");
        check_struck(limit);
    }
}
