// SPDX-License-Identifier: GPL-2.0

//! Fact: checkpoint refuses to save the cgroup that it is in, instead of freezing itself.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;

use super::stage::{refused, Stage};
use crate::tool;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let log = stage.log("checkpoint");
    let procs = stage.cgroup().join("cgroup.procs");
    let mut command = tool::command("checkpoint", &["-o", "/dev/null"], &log)?;
    command.arg(stage.cgroup());
    // SAFETY: single-threaded between fork and exec.
    unsafe { command.pre_exec(move || fs::write(&procs, "0").map_err(io::Error::other)) };
    refused(&tool::start(command, &log)?.end(stage.container)?, "")?;
    stage.goes_on(&mut child)
}
