// SPDX-License-Identifier: GPL-2.0

//! Fact: timers that signal one thread, or count its CPU time, still do.
//!
//! Could break: the signal comes to the one who made the timer.

use std::sync::{Arc, Barrier};

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{check, checkpoint_here, may_fire, must, same, wait_for_go};

use super::relatives::thread_number;

const SIGNAL: i32 = 50;

/// Seconds: only what never happens takes longer.
const PATIENCE: i64 = 200;

fn make(clock: i32, target: i64) -> i32 {
    let mut timer = 0i32;
    // SAFETY: the event is filled in; the timer's id is an int.
    unsafe {
        let mut event: libc::sigevent = std::mem::zeroed();
        event.sigev_notify = libc::SIGEV_THREAD_ID;
        event.sigev_signo = SIGNAL;
        event.sigev_notify_thread_id = target as i32;
        let result = libc::syscall(
            libc::SYS_timer_create,
            clock,
            &raw mut event,
            &raw mut timer,
        );
        must("timer_create", result as i32);
    }
    timer
}

fn set(timer: i32, ms: i64) {
    let setting = [0i64, 0, ms / 1000, ms % 1000 * 1_000_000];
    // SAFETY: reads an itimerspec.
    let result = unsafe {
        libc::syscall(libc::SYS_timer_settime, timer, 0, &raw const setting, 0)
    };
    must("timer_settime", result as i32);
}

fn take(seconds: i64) -> i64 {
    let wanted = bit(SIGNAL);
    let most = [seconds, 0i64];
    // SAFETY: reads a set and a time.
    unsafe {
        libc::syscall(libc::SYS_rt_sigtimedwait, &raw const wanted, 0, &raw const most, 8)
    }
}

pub fn run() {
    // Threads inherit it.
    set_blocked(bit(SIGNAL));
    let start = Arc::new(Barrier::new(3));
    let sleeper = {
        let start = start.clone();
        std::thread::spawn(move || {
            let timer = make(libc::CLOCK_MONOTONIC, thread_number());
            set(timer, 1500);
            start.wait();
            wait_for_go();
            take(PATIENCE) == i64::from(SIGNAL)
        })
    };
    let worker = {
        let start = start.clone();
        std::thread::spawn(move || {
            let timer = make(libc::CLOCK_THREAD_CPUTIME_ID, thread_number());
            set(timer, 300);
            start.wait();
            wait_for_go();
            let begin = std::time::Instant::now();
            while begin.elapsed().as_secs() < PATIENCE as u64 {
                if take(0) == i64::from(SIGNAL) {
                    return true;
                }
            }
            false
        })
    };
    start.wait();
    may_fire(SIGNAL);
    checkpoint_here();
    check(sleeper.join().expect("a result"), "a timer on a clock");
    check(worker.join().expect("a result"), "a timer on the thread's time");
    same("none for the first", &-1, &take(0));
}
