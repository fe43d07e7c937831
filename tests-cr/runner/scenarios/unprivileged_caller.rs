// SPDX-License-Identifier: GPL-2.0

//! Fact: an ordinary user may not checkpoint what belongs to root, and nothing is frozen.

use std::os::unix::process::CommandExt;

use super::stage::{ensure, Stage};
use crate::tool;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let log = stage.log("checkpoint");
    let mut command = tool::command("checkpoint", &["-o", "/dev/null"], &log)?;
    command.arg(stage.cgroup()).uid(1000).gid(1000);
    let ended = tool::start(command, &log)?.end(stage.container)?;
    ensure(
        ended.status.code() == Some(1),
        &format!("{}\n{}", ended.status, ended.said),
    )?;
    stage.goes_on(&mut child)
}
