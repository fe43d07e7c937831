// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal of a timer that was set anew, switched off or deleted while it was queued is
//! pending still, and never taken; what the timer sends afterwards is.
//!
//! Could break: the kernel knows such a signal by a number that changes with every setting.

use ckpt_support::{check, checkpoint_here, same};

use super::timer::{block, is_pending, take, wait_until, Timer, MILLISECOND, SECOND, PATIENCE};

pub fn run() {
    let (anew, off, deleted) = (libc::SIGRTMIN() + 1, libc::SIGUSR1, libc::SIGRTMIN() + 3);
    let set = block(&[anew, off, deleted]);
    let fire = |signal: i32, interval: i64| {
        let timer = Timer::with(libc::CLOCK_MONOTONIC, libc::SIGEV_SIGNAL, signal, 9);
        timer.set(MILLISECOND, interval);
        check(wait_until(PATIENCE, || is_pending(signal)), "it does not fire");
        timer
    };
    let set_anew = fire(anew, 0);
    set_anew.set(3 * SECOND, 0);
    fire(off, MILLISECOND).set(0, 0);
    fire(deleted, MILLISECOND).delete();
    checkpoint_here();
    for signal in [anew, off, deleted] {
        // What has been set anew may have fired by now; pending it is in any case.
        same("pending", &true, &is_pending(signal));
    }
    let taken = take(&set, PATIENCE).expect("the one that was set anew");
    same("signal", &(anew, set_anew), &(taken.signal, taken.timer));
    check(take(&set, SECOND / 10).is_none(), "another one is taken");
    for signal in [anew, off, deleted] {
        same("pending", &false, &is_pending(signal));
    }
}
