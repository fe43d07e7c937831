// SPDX-License-Identifier: GPL-2.0

//! Fact: ITIMER_VIRTUAL and ITIMER_PROF count the CPU time of the process, before and after.
//!
//! Could break: they compare with the accumulated CPU time, so that must come back too.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{
    check_left, end_on, get_interval, handle, now, set_interval, work_until, MILLISECOND, SECOND,
    TICKS, USER_TICKS,
};

static VIRTUAL: AtomicI64 = AtomicI64::new(0);
static PROF: AtomicI64 = AtomicI64::new(0);

extern "C" fn fired(signal: i32) {
    let count = if signal == libc::SIGPROF { &PROF } else { &VIRTUAL };
    count.fetch_add(1, Ordering::Relaxed);
}

pub fn run() {
    handle(libc::SIGPROF, fired);
    handle(libc::SIGVTALRM, fired);
    let prof = || get_interval(libc::ITIMER_PROF).0;
    let virt = || get_interval(libc::ITIMER_VIRTUAL).0;
    let start = now(TICKS);
    set_interval(libc::ITIMER_PROF, SECOND, 0);
    set_interval(libc::ITIMER_VIRTUAL, 10_000 * SECOND, 5 * SECOND);
    let (prof_end, virt_end) = (end_on(TICKS, prof), end_on(USER_TICKS, virt));
    work_until(start + 200 * MILLISECOND, || false);
    checkpoint_here();
    check_left(prof_end, TICKS, prof);
    check_left(virt_end, USER_TICKS, virt);
    let intervals = [libc::ITIMER_PROF, libc::ITIMER_VIRTUAL].map(|which| get_interval(which).1);
    same("intervals", &[0, 5 * SECOND], &intervals);
    work_until(start + 60 * SECOND, || PROF.load(Ordering::Relaxed) != 0);
    same("ITIMER_PROF fired", &1, &PROF.load(Ordering::Relaxed));
    same("ITIMER_VIRTUAL fired", &0, &VIRTUAL.load(Ordering::Relaxed));
    let used = now(TICKS) - start;
    check(
        used >= SECOND,
        &format!("ITIMER_PROF fired after {used} ns of CPU time"),
    );
}
