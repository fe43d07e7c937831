// SPDX-License-Identifier: GPL-2.0

//! Fact: ITIMER_VIRTUAL and ITIMER_PROF count the CPU time of the process, before and after.
//!
//! Could break: they compare with the accumulated CPU time, so that must come back too.

use std::sync::atomic::{AtomicI64, Ordering};

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{
    get_interval, handle, now, set_interval, work_until, MILLISECOND, SECOND, TICKS,
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
    let start = now(TICKS);
    set_interval(libc::ITIMER_PROF, 600 * MILLISECOND, 0);
    set_interval(libc::ITIMER_VIRTUAL, 10_000 * SECOND, 5 * SECOND);
    work_until(start + 200 * MILLISECOND, || false);
    let (prof, _) = get_interval(libc::ITIMER_PROF);
    let (virt, _) = get_interval(libc::ITIMER_VIRTUAL);
    checkpoint_here();
    let (prof_now, prof_interval) = get_interval(libc::ITIMER_PROF);
    let (virt_now, virt_interval) = get_interval(libc::ITIMER_VIRTUAL);
    same("intervals", &(0, 5 * SECOND), &(prof_interval, virt_interval));
    let (prof_moved, virt_moved) = (prof - prof_now, virt - virt_now);
    check(
        (0..300 * MILLISECOND).contains(&prof_moved),
        &format!("ITIMER_PROF moved by {prof_moved} ns"),
    );
    check(
        (0..300 * MILLISECOND).contains(&virt_moved),
        &format!("ITIMER_VIRTUAL moved by {virt_moved} ns"),
    );
    work_until(start + 20 * SECOND, || PROF.load(Ordering::Relaxed) != 0);
    same("ITIMER_PROF fired", &1, &PROF.load(Ordering::Relaxed));
    same("ITIMER_VIRTUAL fired", &0, &VIRTUAL.load(Ordering::Relaxed));
    let used = now(TICKS) - start;
    check(
        used >= 600 * MILLISECOND,
        &format!("ITIMER_PROF fired after {used} ns of CPU time"),
    );
}
