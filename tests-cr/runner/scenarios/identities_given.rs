// SPDX-License-Identifier: GPL-2.0

//! Fact: by what the whole machine knows them, the start time of a process and the serial number of a
//! keyring, comes back for who has rights in the initial user namespace. For others processes have started
//! at the restart, whatever the image says, and keyrings are refused.
//!
//! Runs alone: the sysctl is that of the whole machine.

use std::fs;

use ckpt_format::reason::Reason::RestoreNotPermitted;
use ckpt_format::Kind::{Identity, Keyring, Usage};

use super::hostile::{each, restarted, Edit, Ground};
use super::rights::{made_his, with_each_sysctl};
use super::stage::{ensure, Stage};
use crate::direct::Caller;
use crate::edit::Change::{Both, Set};
use crate::edit::{field, Change};
use crate::verdict::{Doing, Step};

/// In the second second of the machine.
const EARLY_NS: u64 = 2_000_000_000;
/// The same in /proc/PID/stat.
const EARLY: u64 = 200;

const STARTED_EARLY: &[Edit] = &[each(
    Usage,
    Both(&[
        Set(field("start_boottime_ns"), EARLY_NS),
        Set(field("start_monotonic_ns"), EARLY_NS),
    ]),
)];

const ZERO: &[Change] = &[
    Set(field("uid"), 0),
    Set(field("euid"), 0),
    Set(field("suid"), 0),
    Set(field("fsuid"), 0),
    Set(field("gid"), 0),
    Set(field("egid"), 0),
    Set(field("sgid"), 0),
    Set(field("fsgid"), 0),
];
/// The login of the root of a namespace.
const OF_ROOT: &[Edit] = &[
    each(Identity, Both(ZERO)),
    each(
        Keyring,
        Both(&[
            Set(field("uid"), 0),
            Set(field("gid"), 0),
            Set(field("user"), 0),
        ]),
    ),
];

pub fn run(stage: &Stage) -> Step<()> {
    with_each_sysctl(&["2"], |_| {
        starts(stage)?;
        stage.container.make_cgroup()?;
        stage.reset()?;
        keyrings(stage)
    })
}

fn starts(stage: &Stage) -> Step<()> {
    stage.saved("armed")?;
    let image = stage.image()?;
    let ground = Ground::prepare(stage)?;
    for (caller, is_given) in [(Caller::Operator, true), (Caller::NamespaceRoot, false)] {
        let edits = made_his(caller).iter().chain(STARTED_EARLY);
        let came = restarted(stage, &ground, caller, &image, edits)?;
        ensure(came.errno == 0, &came.said)?;
        let start = start(came.pid)?;
        let name = caller.name();
        ensure(
            (start == EARLY) == is_given && start >= EARLY,
            &format!("restarted by {name} it has started at {start}"),
        )?;
        ground.clear()?;
    }
    Ok(())
}

/// Field 22 of /proc/PID/stat.
fn start(pid: i32) -> Step<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).doing("stat")?;
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let field = after_name.split(' ').nth(22 - 3);
    Ok(field.and_then(|field| field.parse().ok()).unwrap_or(0))
}

fn keyrings(stage: &Stage) -> Step<()> {
    stage.saved("logged_in")?;
    let image = stage.image()?;
    let ground = Ground::prepare(stage)?;
    let came = restarted(stage, &ground, Caller::Operator, &image, [])?;
    ensure(came.errno == 0, &came.said)?;
    ground.clear()?;
    let came = restarted(stage, &ground, Caller::NamespaceRoot, &image, OF_ROOT)?;
    let is_refused =
        came.reason == Some(RestoreNotPermitted) && came.said.contains("serial number");
    ensure(is_refused, &came.said)?;
    ground.nothing_is_left()
}
