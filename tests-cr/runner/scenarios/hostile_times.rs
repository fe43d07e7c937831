// SPDX-License-Identifier: GPL-2.0

//! Fact: timers in the far past and future, signals that nobody could have sent, and clocks of
//! elsewhere are refused, or do what they would do to a program that had asked for them.

use ckpt_format::reason::Reason::{ImageReference, ImageValue, RestoreNotPermitted, StateNotRestored};
use ckpt_format::Kind::{Header, IntervalTimer, PendingSignal, PosixTimer, PosixTimers, Process, Usage};

use super::hostile::{each, row, row_in, try_all, Edit, Expect, Row};
use super::stage::Stage;
use crate::direct::Circumstance::FewSignals;
use crate::edit::Change::{Both, Doubled, Set, Times, With};
use crate::edit::{element, field};
use crate::verdict::Step;

use Expect::{Ends, Refused, Stands};

const NEVER: u64 = i64::MAX as u64;
const LONG_AGO: u64 = 1 << 63;

/// Of RLIMIT_SIGPENDING, which the timer of the sample counts for too.
const FEW: u32 = 10;
const MANY: usize = 200;
/// Of whoever restarts, or of the image: the higher one counts.
const FEW_QUEUED: Edit = each(
    Process,
    Both(&[
        Set(element("limits", 11 * 2, 8), FEW as u64),
        Set(element("limits", 11 * 2 + 1, 8), FEW as u64),
    ]),
);
/// SI_QUEUE.
const QUEUED: u64 = u32::MAX as u64;

const ROWS: &[Row] = &[
    row("a timer before all time", &[each(PosixTimer, Set(field("expires_ns"), LONG_AGO))], Refused(ImageValue, "expires_ns")),
    row("a timer at the beginning", &[each(PosixTimer, Set(field("expires_ns"), 1))], Stands("timers", "ID:")),
    row("a timer at the end of time", &[each(PosixTimer, Set(field("expires_ns"), NEVER))], Stands("timers", "ID:")),
    row("a timer that never rests", &[each(PosixTimer, Both(&[Set(field("expires_ns"), 1), Set(field("interval_ns"), 1)]))], Stands("timers", "ID:")),
    row("an interval that is none", &[each(PosixTimer, Set(field("interval_ns"), 1 << 63))], Refused(ImageValue, "interval_ns")),
    row("the longest interval", &[each(PosixTimer, Set(field("interval_ns"), NEVER))], Stands("timers", "ID:")),
    row("overruns without end", &[each(PosixTimer, Set(field("overruns"), NEVER))], Refused(ImageValue, "overruns")),
    row("a clock that is none", &[each(PosixTimer, Set(field("clock"), 99))], Refused(ImageValue, "clock")),
    row("an alarm clock", &[each(PosixTimer, Set(field("clock"), 9))], Refused(RestoreNotPermitted, "alarm clock")),
    row("the time of nobody", &[each(PosixTimer, Both(&[Set(field("clock"), -6_i32 as u32 as u64), Set(field("clock_task"), 77)]))], Refused(ImageValue, "clock_task")),
    row("a signal that is none", &[each(PosixTimer, Set(field("signal"), 65))], Refused(ImageValue, "signal")),
    row("no signal", &[each(PosixTimer, Set(field("signal"), 0))], Refused(ImageValue, "signal")),
    row("a signal to somebody else", &[each(PosixTimer, Set(field("target"), 77))], Refused(ImageValue, "target")),
    row("a signal to a thread outside", &[each(PosixTimer, Both(&[Set(field("notify"), 4), Set(field("target"), u32::MAX as u64)]))], Refused(ImageValue, "target")),
    row("a way to tell that is none", &[each(PosixTimer, Set(field("notify"), 3))], Refused(ImageValue, "notify")),
    row("an id that is none", &[each(PosixTimer, Set(field("id"), 1 << 31))], Refused(ImageValue, "id")),
    row("the last id", &[each(PosixTimer, Set(field("id"), i32::MAX as u64))], Stands("timers", "ID: 2147483647")),
    row("an id twice", &[each(PosixTimer, Doubled)], Refused(StateNotRestored, "timer")),
    row("a next id that is none", &[each(PosixTimers, Set(field("next_id"), 1 << 31))], Refused(ImageValue, "next_id")),
    row("it waits for a signal that is not there", &[each(PosixTimer, Set(field("flags"), 2))], Refused(ImageValue, "")),
    row("an alarm before all time", &[each(IntervalTimer, Set(field("expires_ns"), LONG_AGO))], Refused(ImageValue, "expires_ns")),
    row("an alarm at the beginning", &[each(IntervalTimer, Set(field("expires_ns"), 1))], Ends),
    row("an alarm at the end of time", &[each(IntervalTimer, Set(field("expires_ns"), NEVER))], Stands("status", "State:")),
    row("an alarm that never rests", &[each(IntervalTimer, Both(&[Set(field("expires_ns"), 1), Set(field("interval_ns"), 1)]))], Ends),
    row("an alarm of another clock", &[each(IntervalTimer, Set(field("which"), 3))], Refused(ImageValue, "which")),
    row("SIGKILL, queued", &[each(PendingSignal, Set(element("siginfo", 0, 4), 9))], Refused(StateNotRestored, "queued signal")),
    row("SIGSTOP, queued", &[each(PendingSignal, Set(element("siginfo", 0, 4), 19))], Stands("status", "State:")),
    row("signal 65, queued", &[each(PendingSignal, Set(element("siginfo", 0, 4), 65))], Refused(StateNotRestored, "queued signal")),
    row("a signal of the kernel's, queued", &[each(PendingSignal, Set(element("siginfo", 2, 4), 0x80))], Stands("status", "State:")),
    row("a signal of a timer that is none", &[each(PendingSignal, With(field("flags"), 2))], Refused(ImageValue, "")),
    row("a signal of nobody's", &[each(PendingSignal, Set(field("task"), 77))], Refused(ImageReference, "task")),
    row_in(FewSignals(FEW), "a signal, where few may be queued", &[FEW_QUEUED], Stands("status", "State:")),
    row_in(FewSignals(FEW), "a signal of the kernel's, where few may be queued", &[FEW_QUEUED, each(PendingSignal, Set(element("siginfo", 2, 4), 0x80))], Stands("status", "State:")),
    row_in(FewSignals(FEW), "one signal of somebody's, much more often", &[FEW_QUEUED, each(PendingSignal, Both(&[Set(element("siginfo", 2, 4), QUEUED), Times(MANY)]))], Refused(StateNotRestored, "RLIMIT_SIGPENDING")),
    row_in(FewSignals(FEW), "one signal, much more often", &[FEW_QUEUED, each(PendingSignal, Times(MANY))], Refused(StateNotRestored, "RLIMIT_SIGPENDING")),
    row_in(FewSignals(FEW), "one signal of the kernel's, much more often", &[FEW_QUEUED, each(PendingSignal, Both(&[Set(element("siginfo", 2, 4), 0x80), Times(MANY)]))], Refused(StateNotRestored, "RLIMIT_SIGPENDING")),
    row_in(FewSignals(FEW), "one fault, much more often", &[FEW_QUEUED, each(PendingSignal, Both(&[Set(element("siginfo", 0, 4), 11), Set(element("siginfo", 2, 4), 1), Times(MANY)]))], Refused(StateNotRestored, "RLIMIT_SIGPENDING")),
    row("a fault, queued", &[each(PendingSignal, Both(&[Set(element("siginfo", 0, 4), 11), Set(element("siginfo", 2, 4), 1)]))], Stands("status", "State:")),
    row("begun in the future", &[each(Usage, Both(&[Set(field("start_boottime_ns"), NEVER), Set(field("start_monotonic_ns"), NEVER)]))], Stands("stat", " ")),
    row("begun before all time", &[each(Usage, Both(&[Set(field("start_boottime_ns"), LONG_AGO), Set(field("start_monotonic_ns"), LONG_AGO)]))], Stands("stat", " ")),
    row("saved at the end of time", &[each(Header, Both(&[Set(field("realtime_ns"), u64::MAX), Set(field("monotonic_ns"), u64::MAX), Set(field("boottime_ns"), u64::MAX)]))], Stands("timers", "ID:")),
];

pub fn run(stage: &Stage) -> Step<()> {
    try_all(stage, ROWS)
}
