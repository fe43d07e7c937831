// SPDX-License-Identifier: GPL-2.0

//! Fact: what the program and its children have used goes on from where it was: CPU time by every
//! clock, faults, switches, peaks, input and output.
//!
//! Could break: the task that takes its place begins at zero, and has work of its own to do.

use std::mem::zeroed;
use std::process::Command;

use ckpt_support::{anonymous, check, checkpoint_here, must, proc_self, same};

use super::timer::{during, now, work_until, MILLISECOND, SECOND, TICKS};

fn usage(who: i32) -> libc::rusage {
    // SAFETY: writes one rusage.
    unsafe {
        let mut usage = zeroed();
        must("getrusage", libc::getrusage(who, &mut usage));
        usage
    }
}

/// How a counter may change meanwhile.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Nanoseconds: not more than the time that has passed, or less.
    Time,
    /// Not more than so much, which no wait needs.
    Count(i64),
    Constant,
}

/// Names, kinds and values; none may fall.
fn counters() -> Vec<(String, Kind, i64)> {
    let mut all = Vec::new();
    let mut add = |name: &str, kind: Kind, value: i64| all.push((name.to_string(), kind, value));
    for (name, clock) in [
        ("process clock", libc::CLOCK_PROCESS_CPUTIME_ID),
        ("thread clock", libc::CLOCK_THREAD_CPUTIME_ID),
    ] {
        add(name, Kind::Time, now(clock));
    }
    for (name, who) in [
        ("self", libc::RUSAGE_SELF),
        ("thread", libc::RUSAGE_THREAD),
        ("children", libc::RUSAGE_CHILDREN),
    ] {
        let usage = usage(who);
        let kind = |kind: Kind| if who == libc::RUSAGE_CHILDREN { Kind::Constant } else { kind };
        let time = |time: libc::timeval| time.tv_sec * SECOND + time.tv_usec * 1000;
        let many = kind(Kind::Count(1_000_000));
        add(&format!("{name} user"), kind(Kind::Time), time(usage.ru_utime));
        add(&format!("{name} system"), kind(Kind::Time), time(usage.ru_stime));
        add(&format!("{name} minor"), many, usage.ru_minflt);
        add(&format!("{name} major"), many, usage.ru_majflt);
        add(&format!("{name} sleeps"), many, usage.ru_nvcsw);
        add(&format!("{name} switches"), many, usage.ru_nivcsw);
        add(&format!("{name} in"), many, usage.ru_inblock);
        add(&format!("{name} out"), many, usage.ru_oublock);
        add(&format!("{name} peak"), kind(Kind::Count(30_000)), usage.ru_maxrss);
    }
    let io = String::from_utf8_lossy(&proc_self("io")).into_owned();
    for line in io.lines() {
        let (name, value) = line.split_once(": ").unwrap_or_default();
        add(name, Kind::Count(100_000_000), value.parse().unwrap_or(0));
    }
    all
}

pub fn run() {
    let own = std::env::current_exe().expect("own path");
    let output = Command::new(own).arg("--list").output();
    check(output.is_ok_and(|output| output.status.success()), "no child");
    let large = anonymous(20 << 20);
    for page in 0..large.pages() {
        large.page(page)[0] = 1;
    }
    large.unmap(0, large.pages());
    work_until(now(TICKS) + 400 * MILLISECOND, || false);
    let (before, begin) = during(libc::CLOCK_MONOTONIC, counters);
    checkpoint_here();
    let (after, end) = during(libc::CLOCK_MONOTONIC, counters);
    same("counters", &before.len(), &after.len());
    for ((name, kind, before), (_, _, after)) in before.iter().zip(&after) {
        let slack = match kind {
            // One thread has one CPU; the clock of that is another one.
            Kind::Time => (end.to - begin.from) / 10 * 11 + 50 * MILLISECOND,
            Kind::Count(count) => *count,
            Kind::Constant => 0,
        };
        check(
            (0..=slack).contains(&(after - before)),
            &format!("{name}: was {before}, is {after}"),
        );
    }
    let then = now(libc::CLOCK_THREAD_CPUTIME_ID);
    let moves = || now(libc::CLOCK_THREAD_CPUTIME_ID) - then > 20 * MILLISECOND;
    work_until(now(TICKS) + 60 * SECOND, moves);
    check(moves(), "the thread's clock stands still");
}
