// SPDX-License-Identifier: GPL-2.0

//! Fact: an ordinary user in a user namespace of its own, root there and nobody elsewhere, restarts its
//! program by the tool, in a pid namespace that the tool makes, and the program comes to its good end.
//! What was of another is refused, and nothing is left.
//!
//! Runs alone: the sysctl is that of the whole machine.

use std::fs;
use std::os::unix::process::CommandExt;

use super::hostile::{altered, Ground};
use super::rights::{made_his, with_each_sysctl};
use super::stage::{ensure, refused, Stage};
use crate::direct::{become_caller, Caller};
use crate::modes;
use crate::tool::{self, Running};
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

pub fn run(stage: &Stage) -> Step<()> {
    with_each_sysctl(&["2"], |_| {
        stage.saved("armed")?;
        let ground = Ground::prepare(stage)?;
        let image = stage.image()?;
        let ended = restart(stage, &ground, &image)?.end(stage.container)?;
        refused(&ended, "to whom it belonged")?;
        ground.nothing_is_left()?;

        let image = altered(stage, &image, made_his(Caller::NamespaceRoot))?;
        let mut restart = restart(stage, &ground, &image)?;
        let events = ground.inside.join("cgroup.events");
        let stands = wait::until(wait::LIMIT, || {
            let events = fs::read_to_string(&events).unwrap_or_default();
            let is_there = events.contains("populated 1") && events.contains("frozen 1");
            (is_there || matches!(restart.child.try_wait(), Ok(Some(_)))).then_some(is_there)
        });
        ensure(stands == Some(true), &restart.said())?;
        fs::write(ground.inside.join("cgroup.freeze"), "0").doing("cgroup.freeze")?;
        stage.container.say_go()?;
        let ended = restart.end(stage.container)?;
        modes::verdict(stage.container, ended.status)
            .map_err(|outcome| Outcome::failed(outcome.why + &ended.said))?;
        ground.nothing_is_left()
    })
}

/// The tool, in the cgroup and by the hand of the caller.
fn restart(stage: &Stage, ground: &Ground, image: &[u8]) -> Step<Running> {
    stage.other_image(image)?;
    let log = stage.log("restart");
    let mut command = tool::command("restart", &["--pids", "--frozen", "--cgroup"], &log)?;
    let image = stage.container.dir.join("other-image");
    command.arg(&ground.inside).arg("-i").arg(image);
    let procs = ground.from.join("cgroup.procs");
    // SAFETY: this process has one thread.
    unsafe {
        command.pre_exec(move || {
            fs::write(&procs, "0")?;
            become_caller(Caller::NamespaceRoot, 0)
        })
    };
    tool::start(command, &log)
}
