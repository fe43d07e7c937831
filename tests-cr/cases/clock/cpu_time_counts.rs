// SPDX-License-Identifier: GPL-2.0

//! Fact: CPU-time clocks tick after a restart and never run ahead of the time that passed.
//!
//! Could break: the task that becomes the restored one has done work of its own, for the restart.

use std::time::Instant;

use ckpt_support::{check, checkpoint_here, must};

fn cpu_time() -> i64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes one timespec.
    must("clock_gettime", unsafe {
        libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time)
    });
    time.tv_sec * 1_000_000 + time.tv_nsec / 1000
}

pub fn run() {
    checkpoint_here();
    let (wall, start) = (Instant::now(), cpu_time());
    let is_enough = || wall.elapsed().as_millis() >= 100 && cpu_time() - start > 1000;
    while !is_enough() && wall.elapsed().as_secs() < 60 {
        std::hint::spin_loop();
    }
    let used = cpu_time() - start;
    check(used > 1000, &format!("long work counts as {used} us"));
    let passed = wall.elapsed().as_micros() as i64 + 20_000;
    check(
        used < passed,
        &format!("{used} us of CPU time in {passed} us"),
    );
}
