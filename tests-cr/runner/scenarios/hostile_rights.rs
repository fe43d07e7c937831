// SPDX-License-Identifier: GPL-2.0

//! Fact: an image does not give its restarter ids, capabilities, limits or priorities that it has not;
//! and what confined the program can be taken from it by whoever writes the image, but not by the
//! program.

use ckpt_format::reason::Reason::{
    ImageLength, ImageReference, ImageValue, LimitNotSet, RestoreNotPermitted, StateNotRestored,
};
use ckpt_format::Kind::{
    Confinement, Credentials, Identity, Member, Process, Scheduling, SeccompFilter, Settings, Thread, Usage,
};

use super::hostile::{each, row, row_in, try_all, Expect, Row};
use super::stage::Stage;
use crate::edit::Change::{Both, Dropped, Set, Tail, With, Without};
use crate::direct::Circumstance::NoAmbient;
use crate::edit::{element, field, Change};
use crate::verdict::Step;

use Expect::{Refused, Stands};

const EVERY: u64 = (1 << 41) - 1;
const SYS_ADMIN: u64 = 1 << 21;
const NO_NEW_PRIVS: u64 = 1 << 1;
const DUMPABLE: u64 = 1 << 2;
const DUMPABLE_ROOT: u64 = 1 << 3;

const CHECKPOINT_RESTORE: u64 = 1 << 40;
const AMBIENT: &[Change] = &[
    Set(field("permitted"), CHECKPOINT_RESTORE),
    Set(field("effective"), CHECKPOINT_RESTORE),
    Set(field("inheritable"), CHECKPOINT_RESTORE),
    Set(field("ambient"), CHECKPOINT_RESTORE),
];
/// SECBIT_NO_CAP_AMBIENT_RAISE, and that it stays.
const NO_AMBIENT: u64 = 1 << 6 | 1 << 7;

/// Places of limits.
const FILES: usize = 7;
const NICE: usize = 13;
const REALTIME: usize = 14;

const ROWS: &[Row] = &[
    row("SIGKILL to its restarter", &[each(Member, Set(field("exit_signal"), 9))], Refused(ImageValue, "exit_signal")),
    row("root", &[each(Identity, Set(field("uid"), 0))], Refused(RestoreNotPermitted, "its user ids")),
    row("root, effectively", &[each(Identity, Set(field("euid"), 0))], Refused(RestoreNotPermitted, "its user ids")),
    row("root, in reserve", &[each(Identity, Set(field("suid"), 0))], Refused(RestoreNotPermitted, "its user ids")),
    row("root, for files", &[each(Identity, Set(field("fsuid"), 0))], Refused(RestoreNotPermitted, "its user ids")),
    row("nobody at all", &[each(Identity, Set(field("uid"), u32::MAX as u64))], Refused(RestoreNotPermitted, "its user ids")),
    row("the group of root", &[each(Identity, Set(field("gid"), 0))], Refused(RestoreNotPermitted, "its group ids")),
    row("the group of root, for files", &[each(Identity, Set(field("fsgid"), 0))], Refused(RestoreNotPermitted, "its group ids")),
    row("in the group of root", &[each(Identity, Both(&[Set(field("groups"), 1), Tail(&[0; 4])]))], Refused(RestoreNotPermitted, "supplementary")),
    row("more groups than there are", &[each(Identity, Set(field("groups"), 1))], Refused(ImageLength, "")),
    row("every capability", &[each(Identity, Both(&[Set(field("permitted"), EVERY), Set(field("effective"), EVERY)]))], Refused(RestoreNotPermitted, "its capabilities")),
    row("one capability, permitted", &[each(Identity, Set(field("permitted"), SYS_ADMIN))], Refused(RestoreNotPermitted, "its capabilities")),
    row("one capability, effective", &[each(Identity, Set(field("effective"), SYS_ADMIN))], Refused(RestoreNotPermitted, "its capabilities")),
    row("one capability, inheritable", &[each(Identity, Set(field("inheritable"), SYS_ADMIN))], Refused(RestoreNotPermitted, "its capabilities")),
    row("one capability, ambient", &[each(Identity, Set(field("ambient"), SYS_ADMIN))], Refused(RestoreNotPermitted, "its capabilities")),
    row("capabilities that are none", &[each(Identity, Set(field("permitted"), 1 << 63))], Refused(RestoreNotPermitted, "its capabilities")),
    row("capabilities of the future", &[each(Identity, Set(field("bounding"), u64::MAX))], Refused(RestoreNotPermitted, "its capabilities")),
    row("a smaller bounding set", &[each(Identity, Set(field("bounding"), 0))], Refused(RestoreNotPermitted, "its capabilities")),
    row("what the restarter has", &[each(Identity, Both(&[Set(field("permitted"), 1 << 40), Set(field("effective"), 1 << 40)]))], Stands("status", "CapEff:\t0000010000000000")),
    row("what the restarter has, ambient", &[each(Identity, Both(AMBIENT))], Stands("status", "CapAmb:\t0000010000000000")),
    row_in(NoAmbient, "securebits of the restarter's", &[each(Identity, Set(field("securebits"), NO_AMBIENT))], Stands("status", "CapAmb:\t0000000000000000")),
    row_in(NoAmbient, "ambient, where nothing may become it", &[each(Identity, Both(AMBIENT)), each(Identity, Set(field("securebits"), NO_AMBIENT))], Refused(RestoreNotPermitted, "its capabilities")),
    row("securebits", &[each(Identity, Set(field("securebits"), 0x3))], Refused(RestoreNotPermitted, "its securebits")),
    row("securebits that are none", &[each(Identity, Set(field("securebits"), 1 << 31))], Refused(RestoreNotPermitted, "its securebits")),
    row("a keyring that is none", &[each(Identity, Set(field("session_keyring"), 1 << 20))], Refused(ImageReference, "session_keyring")),
    row("an identity that is none", &[each(Credentials, Set(field("identity"), 1 << 20))], Refused(ImageReference, "identity")),
    row("may gain rights again, in a filter", &[each(Thread, Without(field("flags"), NO_NEW_PRIVS))], Refused(RestoreNotPermitted, "seccomp")),
    row("no filter", &[each(Confinement, Dropped)], Stands("status", "Seccomp:\t0")),
    row("no filter, and may gain rights again", &[each(Confinement, Dropped), each(Thread, Without(field("flags"), NO_NEW_PRIVS))], Stands("status", "NoNewPrivs:\t0")),
    row("a filter that allows all", &[each(SeccompFilter, Both(&[Set(field("instructions"), 1), Tail(&[6, 0, 0, 0, 0, 0, 0xff, 0x7f])]))], Stands("status", "Seccomp_filters:\t1")),
    row("a filter that jumps away", &[each(SeccompFilter, Both(&[Set(field("instructions"), 1), Tail(&[5, 0, 0, 0, 9, 0, 0, 0])]))], Refused(StateNotRestored, "seccomp")),
    row("a filter without an end", &[each(SeccompFilter, Both(&[Set(field("instructions"), 1), Tail(&[0x20, 0, 0, 0, 0, 0, 0, 0])]))], Refused(StateNotRestored, "seccomp")),
    row("a filter that reads beyond", &[each(SeccompFilter, Both(&[Set(field("instructions"), 2), Tail(&[0x20, 0, 0, 0, 64, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0])]))], Refused(StateNotRestored, "seccomp")),
    row("a filter below itself", &[each(SeccompFilter, Set(field("below"), 1))], Refused(ImageReference, "below")),
    row("a filter, but none", &[each(Confinement, Set(field("filter"), 0))], Refused(ImageReference, "filter")),
    row("dumpable", &[each(Thread, With(field("flags"), DUMPABLE))], Stands("status", "Seccomp:\t2")),
    row("core dumps of root's", &[each(Thread, Both(&[Without(field("flags"), DUMPABLE), With(field("flags"), DUMPABLE_ROOT)]))], Refused(RestoreNotPermitted, "suid_dumpable")),
    row("a personality of another system", &[each(Thread, Set(field("personality"), 0x0040_0000))], Stands("personality", "00400000")),
    row("a signal at the end of its parent that is none", &[each(Thread, Set(field("parent_death_signal"), 65))], Refused(ImageValue, "parent_death_signal")),
    row("a name without an end", &[each(Thread, Both(&[Set(element("comm", 0, 8), u64::MAX), Set(element("comm", 1, 8), u64::MAX)]))], Refused(ImageValue, "comm")),
    row("more files than allowed", &[each(Process, Both(&[Set(element("limits", FILES * 2, 8), u64::MAX), Set(element("limits", FILES * 2 + 1, 8), u64::MAX)]))], Refused(LimitNotSet, "")),
    row("a limit above its end", &[each(Process, Set(element("limits", FILES * 2, 8), 513))], Refused(ImageValue, "limits")),
    row("a limit that the restarter could have set", &[each(Process, Set(element("limits", FILES * 2 + 1, 8), 513))], Stands("limits", "513")),
    row("the right to high priorities", &[each(Process, Set(element("limits", NICE * 2 + 1, 8), 40))], Refused(LimitNotSet, "")),
    row("the right to realtime", &[each(Process, Set(element("limits", REALTIME * 2 + 1, 8), 99))], Refused(LimitNotSet, "")),
    row("safe from the lack of memory", &[each(Process, Set(field("oom_score_adj"), -1000_i32 as u32 as u64))], Refused(RestoreNotPermitted, "oom score")),
    row("free to be safe from it", &[each(Process, Set(field("oom_score_adj_min"), -1000_i32 as u32 as u64))], Refused(RestoreNotPermitted, "oom score")),
    row("safer than safe", &[each(Process, Set(field("oom_score_adj"), -1001_i32 as u32 as u64))], Refused(ImageValue, "oom_score_adj")),
    row("a negative nice value", &[each(Scheduling, Set(field("nice"), -20_i32 as u32 as u64))], Refused(RestoreNotPermitted, "priority")),
    row("a nice value that is none", &[each(Scheduling, Set(field("nice"), -21_i32 as u32 as u64))], Refused(ImageValue, "nice")),
    row("realtime", &[each(Scheduling, Both(&[Set(field("policy"), 1), Set(field("priority"), 1)]))], Refused(RestoreNotPermitted, "priority")),
    row("a deadline", &[each(Scheduling, Both(&[Set(field("policy"), 6), Set(field("runtime_ns"), 1_000_000), Set(field("deadline_ns"), 10_000_000), Set(field("period_ns"), 10_000_000)]))], Refused(RestoreNotPermitted, "priority")),
    row("a policy that is none", &[each(Scheduling, Set(field("policy"), 7))], Refused(ckpt_format::reason::Reason::TaskScheduling, "")),
    row("realtime for the disk", &[each(Scheduling, Set(field("io_priority"), 1 << 13))], Refused(RestoreNotPermitted, "priority")),
    row("taken for more than a CPU", &[each(Scheduling, Both(&[With(field("flags"), 0x60), Set(field("least_utilisation"), 1025), Set(field("most_utilisation"), 1025)]))], Refused(RestoreNotPermitted, "priority")),
    row("on no CPU", &[each(Scheduling, Tail(&[0]))], Refused(StateNotRestored, "affinity")),
    row("on a CPU that is not there", &[each(Scheduling, Tail(&[0, 0, 0, 0, 0, 0, 0, 0, 0x80]))], Refused(StateNotRestored, "affinity")),
    row("an I/O flusher", &[each(Settings, With(field("flags"), 1))], Refused(RestoreNotPermitted, "IO_FLUSHER")),
    row("more time than there was", &[each(Usage, Both(&[Set(field("user_ns"), 1 << 61), Set(field("system_ns"), 1 << 61)]))], Refused(ImageValue, "user_ns")),
    row("much more time than there was", &[each(Usage, Set(field("user_ns"), 1 << 63))], Refused(ImageValue, "user_ns")),
    row("seventy years of time", &[each(Usage, Both(&[Set(field("user_ns"), 1 << 59), Set(field("system_ns"), 1 << 59), Set(field("runtime_ns"), 1 << 61)]))], Stands("stat", " ")),
    row("every counter at its end", &[each(Usage, Both(&[Set(field("minor_faults"), u64::MAX), Set(field("peak_bytes"), u64::MAX), Set(field("slices"), u64::MAX), Set(field("waited_ns"), u64::MAX), Set(field("read_chars"), u64::MAX)]))], Stands("stat", " ")),
];

pub fn run(stage: &Stage) -> Step<()> {
    try_all(stage, ROWS)
}
