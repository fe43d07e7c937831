// SPDX-License-Identifier: GPL-2.0

//! The system calls about timers, by the kernel's ids.

use std::mem::zeroed;

use ckpt_support::{check, must, raw};

/// Nanoseconds.
pub const MILLISECOND: i64 = 1_000_000;
pub const SECOND: i64 = 1_000_000_000;

/// How long what must happen may take: only what never happens takes longer.
pub const PATIENCE: i64 = 200 * SECOND;

fn spec(nanoseconds: i64) -> libc::timespec {
    libc::timespec {
        tv_sec: nanoseconds / SECOND,
        tv_nsec: nanoseconds % SECOND,
    }
}

fn nanoseconds(time: &libc::timespec) -> i64 {
    time.tv_sec * SECOND + time.tv_nsec
}

/// What a clock shows.
pub fn now(clock: i32) -> i64 {
    let mut time = spec(0);
    // SAFETY: writes one timespec.
    must("clock_gettime", unsafe {
        libc::clock_gettime(clock, &mut time)
    });
    nanoseconds(&time)
}

/// A POSIX timer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timer(pub i32);

/// What is left until it fires, and the interval.
pub type Setting = (i64, i64);

impl Timer {
    /// One that sends `signal` with `value`; or the error.
    pub fn try_with(clock: i32, notify: i32, signal: i32, value: usize) -> Result<Self, i32> {
        // SAFETY: an event is plain numbers.
        let mut event: libc::sigevent = unsafe { zeroed() };
        event.sigev_notify = notify;
        event.sigev_signo = signal;
        event.sigev_value.sival_ptr = value as *mut libc::c_void;
        // SAFETY: takes nothing.
        event.sigev_notify_thread_id = unsafe { libc::gettid() };
        let mut id = 0i32;
        let call = [
            clock as usize,
            (&raw const event) as usize,
            (&raw mut id) as usize,
        ];
        match raw(libc::SYS_timer_create, &call) {
            0 => Ok(Self(id)),
            _ => Err(ckpt_support::errno()),
        }
    }

    /// The same; it must work.
    pub fn with(clock: i32, notify: i32, signal: i32, value: usize) -> Self {
        Self::try_with(clock, notify, signal, value)
            .unwrap_or_else(|error| panic!("timer_create on clock {clock}: error {error}"))
    }

    /// One that sends `signal` to the process.
    pub fn new(clock: i32, signal: i32) -> Self {
        Self::with(clock, libc::SIGEV_SIGNAL, signal, 0)
    }

    fn set_with(self, flags: i32, value: i64, interval: i64) {
        let setting = [spec(interval), spec(value)];
        let call = [self.0 as usize, flags as usize, setting.as_ptr() as usize];
        must("timer_settime", raw(libc::SYS_timer_settime, &call));
    }

    /// From now on.
    pub fn set(self, value: i64, interval: i64) {
        self.set_with(0, value, interval);
    }

    /// At a time of its clock.
    pub fn set_at(self, time: i64, interval: i64) {
        self.set_with(libc::TIMER_ABSTIME, time, interval);
    }

    /// None if there is no such timer.
    pub fn try_get(self) -> Option<Setting> {
        let mut setting = [spec(0); 2];
        let call = [self.0 as usize, setting.as_mut_ptr() as usize];
        let [interval, value] = &setting;
        match raw(libc::SYS_timer_gettime, &call) {
            0 => Some((nanoseconds(value), nanoseconds(interval))),
            _ => None,
        }
    }

    pub fn get(self) -> Setting {
        self.try_get().expect("timer_gettime")
    }

    pub fn overrun(self) -> i64 {
        must(
            "timer_getoverrun",
            raw(libc::SYS_timer_getoverrun, &[self.0 as usize]),
        )
    }

    pub fn delete(self) {
        must(
            "timer_delete",
            raw(libc::SYS_timer_delete, &[self.0 as usize]),
        );
    }
}

/// Sets an interval timer.
pub fn set_interval(which: i32, value: i64, interval: i64) {
    let time = |time: i64| libc::timeval {
        tv_sec: time / SECOND,
        tv_usec: time % SECOND / 1000,
    };
    let setting = [time(interval), time(value)];
    let call = [which as usize, setting.as_ptr() as usize, 0];
    must("setitimer", raw(libc::SYS_setitimer, &call));
}

/// What is left of an interval timer, and its interval.
pub fn get_interval(which: i32) -> Setting {
    let mut setting = [0i64; 4];
    let call = [which as usize, setting.as_mut_ptr() as usize];
    must("getitimer", raw(libc::SYS_getitimer, &call));
    let [interval_s, interval_us, value_s, value_us] = setting;
    (
        value_s * SECOND + value_us * 1000,
        interval_s * SECOND + interval_us * 1000,
    )
}

/// A span of time on some clock, in which something happens.
///
/// Between two lines of a program any time may pass, on any clock: a virtual CPU stands still at times,
/// and that counts as work. So whatever is read lies between what the clock says before and after it,
/// and no more is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    /// A time that is known.
    pub fn at(time: i64) -> Self {
        Self {
            from: time,
            to: time,
        }
    }

    /// So much later.
    pub fn plus(self, more: i64) -> Self {
        Self {
            from: self.from + more,
            to: self.to + more,
        }
    }
}

/// What an action gives, and when it was done on a clock.
pub fn during<T>(clock: i32, action: impl FnOnce() -> T) -> (T, Span) {
    let from = now(clock);
    let result = action();
    (
        result,
        Span {
            from,
            to: now(clock),
        },
    )
}

/// What may be left when a timer says that so little is left: it is about to fire, or has fired.
const ABOUT_TO_FIRE: i64 = 1000;

/// How exactly a clock is read, and what is left on it: interval timers are told in microseconds, and
/// CPU time by the tick may say one tick where a timer is about to fire.
fn inaccuracy(clock: i32) -> i64 {
    match clock {
        TICKS | USER_TICKS => 30 * MILLISECOND,
        _ => MILLISECOND,
    }
}

/// When a timer that is far from it fires on a clock, by what it says is left.
pub fn end_on(clock: i32, read: impl Fn() -> i64) -> Span {
    let slack = inaccuracy(clock);
    let ends = (0..50).map(|_| {
        let (left, when) = during(clock, &read);
        Span {
            from: when.from + left - slack,
            to: when.to + left + slack,
        }
    });
    ends.min_by_key(|end| end.to - end.from)
        .expect("many of them")
}

/// Checks what a timer says is left until it fires on a clock.
pub fn check_left(end: Span, clock: i32, read: impl Fn() -> i64) {
    let (left, when) = during(clock, read);
    let slack = inaccuracy(clock);
    let least = end.from - when.to - slack;
    let most = (end.to - when.from + slack).max(ABOUT_TO_FIRE);
    check(
        (least..=most).contains(&left),
        &format!("{left} ns are left, not {least} to {most}"),
    );
}

/// Checks that a periodic timer on CLOCK_MONOTONIC fires in step with its beginning. `read` says what is
/// left.
pub fn check_step(first: Span, interval: i64, read: impl Fn() -> i64) {
    let readings = (0..1000).map(|_| during(libc::CLOCK_MONOTONIC, &read));
    // What is about to fire, or has fired, tells nothing.
    let telling = readings.filter(|(left, _)| *left > ABOUT_TO_FIRE).take(50);
    let best = telling.min_by_key(|(_, when)| when.to - when.from);
    let Some((left, when)) = best else {
        check(false, "nothing is ever left");
        return;
    };
    let least = when.from + left - first.to - MILLISECOND;
    let most = when.to + left - first.from + MILLISECOND;
    check(
        most.div_euclid(interval) * interval >= least,
        &format!("it fires {least} to {most} ns after its beginning, every {interval}"),
    );
}

/// Blocks signals; gives the set.
pub fn block(signals: &[i32]) -> libc::sigset_t {
    // SAFETY: a set of this process.
    unsafe {
        let mut set: libc::sigset_t = zeroed();
        for signal in signals {
            libc::sigaddset(&mut set, *signal);
        }
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        set
    }
}

/// Is it pending?
pub fn is_pending(signal: i32) -> bool {
    // SAFETY: a set of this process.
    unsafe {
        let mut set: libc::sigset_t = zeroed();
        libc::sigpending(&mut set);
        libc::sigismember(&set, signal) == 1
    }
}

/// A signal that was taken.
#[derive(Debug, PartialEq)]
pub struct Taken {
    pub signal: i32,
    pub code: i32,
    pub timer: Timer,
    pub overrun: i32,
    pub value: usize,
}

/// Takes a blocked signal; waits for it so long.
pub fn take(set: &libc::sigset_t, patience: i64) -> Option<Taken> {
    // SAFETY: a siginfo is plain numbers, and of a timer's signal these fields count.
    unsafe {
        let mut info: libc::siginfo_t = zeroed();
        if libc::sigtimedwait(set, &mut info, &spec(patience)) < 0 {
            return None;
        }
        let words: [i32; 8] = *(&raw const info).cast();
        Some(Taken {
            signal: info.si_signo,
            code: info.si_code,
            timer: Timer(words[4]),
            overrun: words[5],
            value: info.si_value().sival_ptr as usize,
        })
    }
}

/// What a handler does.
pub fn handle(signal: i32, handler: extern "C" fn(i32)) {
    set_action(signal, handler as *const () as usize);
}

/// A handler, SIG_IGN or SIG_DFL.
pub fn set_action(signal: i32, handler: usize) {
    // SAFETY: the handlers of these programs only count.
    unsafe {
        let mut action: libc::sigaction = zeroed();
        action.sa_sigaction = handler;
        must(
            "sigaction",
            libc::sigaction(signal, &action, std::ptr::null_mut()),
        );
    }
}

/// User and system time of the process as the clock tick counts them: what ITIMER_PROF and
/// RLIMIT_CPU go by. (In a machine that stands still at times, ticks are lost.)
pub const TICKS: i32 = -8;

/// The same, user time only: what ITIMER_VIRTUAL goes by.
pub const USER_TICKS: i32 = -7;

/// Works until the process has used this by the clock tick, or `stop` says so.
pub fn work_until(used: i64, stop: impl Fn() -> bool) {
    while now(TICKS) < used && !stop() {
        std::hint::black_box((0..2000u64).sum::<u64>());
    }
}

/// Sleeps in small pieces until the condition holds; false after so long.
pub fn wait_until(patience: i64, holds: impl Fn() -> bool) -> bool {
    let end = now(libc::CLOCK_MONOTONIC) + patience;
    while now(libc::CLOCK_MONOTONIC) < end {
        if holds() {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    holds()
}
