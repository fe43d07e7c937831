// SPDX-License-Identifier: GPL-2.0

//! Fact: a limit of CPU time (RLIMIT_CPU) counts what was used before, and strikes when it is
//! reached: not early, and again after each further second.
//!
//! Could break: the limit is watched by a timer that is not among the timers.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, must, same};

use super::timer::{handle, now, work_until, MILLISECOND, SECOND, TICKS};

static STRUCK: AtomicI64 = AtomicI64::new(0);

extern "C" fn struck(_signal: i32) {
    STRUCK.fetch_add(1, Ordering::Relaxed);
}

fn cpu() -> i64 {
    now(TICKS)
}

pub fn run() {
    handle(libc::SIGXCPU, struck);
    let limit = cpu() / SECOND + 1;
    let set = libc::rlimit {
        rlim_cur: limit as u64,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: reads one rlimit.
    must("setrlimit", unsafe { libc::setrlimit(libc::RLIMIT_CPU, &set) });
    work_until(limit * SECOND - 400 * MILLISECOND, || false);
    checkpoint_here();
    same("struck early", &0, &STRUCK.load(Ordering::Relaxed));
    work_until(cpu() + 20 * SECOND, || STRUCK.load(Ordering::Relaxed) != 0);
    same("struck", &1, &STRUCK.load(Ordering::Relaxed));
    let off = cpu() - limit * SECOND;
    check(
        (0..100 * MILLISECOND).contains(&off),
        &format!("it struck {off} ns after the limit"),
    );
    work_until(cpu() + 20 * SECOND, || STRUCK.load(Ordering::Relaxed) > 1);
    same("struck again", &2, &STRUCK.load(Ordering::Relaxed));
}
