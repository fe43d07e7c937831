// SPDX-License-Identifier: GPL-2.0

//! Fact: timerfds go on: those that count down, once or again and again, from now on or to a time; and
//! expirations that nobody has read are there, once. On every clock.
//!
//! Could break: what a timer has counted is in the kernel only, and periodic ones are only set again
//! when that is read.

use std::os::fd::RawFd;

use ckpt_support::pipes::{events, flags};
use ckpt_support::{are_one_open_file, check, checkpoint_here, must, same};

use super::tools::take;
use crate::timers::timer::{now, PATIENCE, SECOND};

const CLOCKS: [i32; 5] = [
    libc::CLOCK_REALTIME,
    libc::CLOCK_MONOTONIC,
    libc::CLOCK_BOOTTIME,
    libc::CLOCK_REALTIME_ALARM,
    libc::CLOCK_BOOTTIME_ALARM,
];
const FAR: i64 = 100_000 * SECOND;
const AGAIN: i64 = SECOND / 50;

fn timer(clock: i32) -> RawFd {
    // SAFETY: takes no pointer.
    must("timerfd_create", unsafe {
        libc::timerfd_create(clock, libc::TFD_NONBLOCK)
    })
}

fn spec(time: i64) -> libc::timespec {
    libc::timespec {
        tv_sec: time / SECOND,
        tv_nsec: time % SECOND,
    }
}

fn set(fd: RawFd, flags: i32, value: i64, interval: i64) {
    let setting = libc::itimerspec {
        it_interval: spec(interval),
        it_value: spec(value),
    };
    // SAFETY: reads one setting.
    must("timerfd_settime", unsafe {
        libc::timerfd_settime(fd, flags, &setting, std::ptr::null_mut())
    });
}

/// What is left, and the interval.
fn get(fd: RawFd) -> (i64, i64) {
    let mut setting = libc::itimerspec {
        it_interval: spec(0),
        it_value: spec(0),
    };
    // SAFETY: fills one setting.
    must("timerfd_gettime", unsafe {
        libc::timerfd_gettime(fd, &mut setting)
    });
    let time = |time: libc::timespec| time.tv_sec * SECOND + time.tv_nsec;
    (time(setting.it_value), time(setting.it_interval))
}

/// The clock without its alarm.
fn shown(clock: i32) -> i32 {
    match clock {
        libc::CLOCK_REALTIME_ALARM => libc::CLOCK_REALTIME,
        libc::CLOCK_BOOTTIME_ALARM => libc::CLOCK_BOOTTIME,
        clock => clock,
    }
}

fn wait_until_expired(fd: RawFd) {
    let end = now(libc::CLOCK_MONOTONIC) + PATIENCE;
    while events(fd) == 0 && now(libc::CLOCK_MONOTONIC) < end {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Timers on one clock.
struct Timers {
    clock: i32,
    never: RawFd,
    stopped: RawFd,
    span: RawFd,
    /// The clock that the span is on, and when it ends, between two bounds.
    ends: (i32, [i64; 2]),
    time: RawFd,
    end: i64,
    fired: RawFd,
    read: RawFd,
    again: RawFd,
    begun: [i64; 2],
}

impl Timers {
    fn new(clock: i32) -> Self {
        let shown = shown(clock);
        // A time span on the wall clock is not moved with it.
        let spans = if clock == libc::CLOCK_REALTIME { libc::CLOCK_MONOTONIC } else { shown };
        let [never, stopped, span, time, fired, read, again] = [(); 7].map(|()| timer(clock));
        set(stopped, 0, FAR, FAR);
        set(stopped, 0, 0, 0);
        let before = now(spans);
        set(span, 0, FAR, 3 * SECOND);
        let ends = (spans, [before + FAR, now(spans) + FAR]);
        let end = now(shown) + FAR;
        set(time, libc::TFD_TIMER_ABSTIME, end, 0);
        set(fired, 0, 1, 0);
        set(read, 0, 1, 0);
        wait_until_expired(read);
        same("first", &Ok(1), &take(read));
        let before = now(spans);
        set(again, 0, AGAIN, AGAIN);
        let begun = [before, now(spans)];
        wait_until_expired(again);
        Self { clock, never, stopped, span, ends, time, end, fired, read, again, begun }
    }

    fn check(&self) {
        let name = |what: &str| format!("{what} on clock {}", self.clock);
        same(&name("never set"), &(0, 0), &get(self.never));
        // Alarms show when they would have expired.
        let (left, interval) = get(self.stopped);
        let bounds = match shown(self.clock) == self.clock {
            true => 0..=0,
            false => 1..=FAR,
        };
        same(&name("stopped"), &(true, 0), &(bounds.contains(&left), interval));
        for fd in [self.never, self.stopped, self.span, self.time, self.read] {
            same(&name("nothing yet"), &Err(libc::EAGAIN), &take(fd));
        }
        let (spans, [first, last]) = self.ends;
        let before = now(spans);
        let (left, interval) = get(self.span);
        let after = now(spans);
        same(&name("interval"), &(3 * SECOND), &interval);
        let bounds = (first - after, last - before);
        check(
            (bounds.0..=bounds.1).contains(&left),
            &name(&format!("left {left}, not in {bounds:?}")),
        );
        let before = now(shown(self.clock));
        let (left, interval) = get(self.time);
        let bounds = (self.end - now(shown(self.clock)), self.end - before);
        same(&name("no interval"), &0, &interval);
        check(
            (bounds.0..=bounds.1).contains(&left),
            &name(&format!("left of a time {left}, not in {bounds:?}")),
        );
        same(&name("ready"), &libc::POLLIN, &events(self.fired));
        same(&name("fired"), &Ok(1), &take(self.fired));
        same(&name("read already"), &(0, 0), &get(self.read));
        let before = now(spans);
        let ticks = take(self.again).unwrap_or(0) as i64;
        let [first, last] = self.begun;
        let bounds = ((before - last) / AGAIN, (now(spans) - first) / AGAIN);
        check(
            (bounds.0..=bounds.1).contains(&ticks),
            &name(&format!("{ticks} times, not in {bounds:?}")),
        );
        wait_until_expired(self.again);
        same(&name("goes on"), &libc::POLLIN, &events(self.again));
    }
}

pub fn run() {
    let all = CLOCKS.map(Timers::new);
    let [first, ..] = &all;
    // SAFETY: takes no pointer.
    let again = must("dup", unsafe { libc::dup(first.fired) });
    let before = flags(again);
    checkpoint_here();
    same("one file", &true, &are_one_open_file(first.fired, again));
    same("flags", &before, &flags(again));
    for timers in &all {
        timers.check();
    }
}
