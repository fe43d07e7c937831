// SPDX-License-Identifier: GPL-2.0

//! Fact: what the program and its children have used goes on from where it was: CPU time by every
//! clock, faults, switches, peaks, input and output.
//!
//! Could break: the task that takes its place begins at zero, and has work of its own to do.

use std::mem::zeroed;
use std::process::Command;

use ckpt_support::{anonymous, check, checkpoint_here, must, proc_self, same};

use super::timer::{now, work_until, MILLISECOND, TICKS};

fn usage(who: i32) -> libc::rusage {
    // SAFETY: writes one rusage.
    unsafe {
        let mut usage = zeroed();
        must("getrusage", libc::getrusage(who, &mut usage));
        usage
    }
}

/// Names and values that must not fall, and by how much they may rise meanwhile.
fn counters() -> Vec<(String, i64, i64)> {
    const CPU: i64 = 300 * MILLISECOND;
    let mut all = Vec::new();
    let mut add = |name: &str, value: i64, slack: i64| all.push((name.to_string(), value, slack));
    for (name, clock) in [
        ("process clock", libc::CLOCK_PROCESS_CPUTIME_ID),
        ("thread clock", libc::CLOCK_THREAD_CPUTIME_ID),
    ] {
        add(name, now(clock), CPU);
    }
    for (name, who, slack) in [
        ("self", libc::RUSAGE_SELF, 300_000),
        ("thread", libc::RUSAGE_THREAD, 300_000),
        ("children", libc::RUSAGE_CHILDREN, 0),
    ] {
        let usage = usage(who);
        let slack_of = |slack: i64| if who == libc::RUSAGE_CHILDREN { 0 } else { slack };
        let time = |time: libc::timeval| time.tv_sec * 1_000_000 + time.tv_usec;
        add(&format!("{name} user"), time(usage.ru_utime), slack);
        add(&format!("{name} system"), time(usage.ru_stime), slack);
        add(&format!("{name} minor"), usage.ru_minflt, slack_of(5000));
        add(&format!("{name} major"), usage.ru_majflt, slack_of(500));
        add(&format!("{name} sleeps"), usage.ru_nvcsw, slack_of(5000));
        add(&format!("{name} switches"), usage.ru_nivcsw, slack_of(5000));
        add(&format!("{name} in"), usage.ru_inblock, slack_of(10_000));
        add(&format!("{name} out"), usage.ru_oublock, slack_of(10_000));
        add(&format!("{name} peak"), usage.ru_maxrss, slack_of(30_000));
    }
    let io = String::from_utf8_lossy(&proc_self("io")).into_owned();
    for line in io.lines() {
        let (name, value) = line.split_once(": ").unwrap_or_default();
        add(name, value.parse().unwrap_or(0), 10_000_000);
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
    let before = counters();
    checkpoint_here();
    let after = counters();
    same("counters", &before.len(), &after.len());
    for ((name, before, slack), (_, after, _)) in before.iter().zip(&after) {
        let more = after - before;
        check(
            (0..=*slack).contains(&more),
            &format!("{name}: was {before}, is {after}"),
        );
    }
    let then = now(libc::CLOCK_THREAD_CPUTIME_ID);
    work_until(now(TICKS) + 50 * MILLISECOND, || false);
    let used = now(libc::CLOCK_THREAD_CPUTIME_ID) - then;
    check(used >= 20 * MILLISECOND, "the thread's clock stands still");
}
