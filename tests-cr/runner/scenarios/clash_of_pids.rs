// SPDX-License-Identifier: GPL-2.0

//! Fact: --pids --no-pidns with a pid that is in use fails early, and harms nobody.

use super::stage::{refused, Stage};
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    modes::checkpoint(stage.container, &[])?;
    let log = stage.log("restart");
    let image = stage.container.image();
    let mut command = crate::tool::command("restart", &["--pids", "--no-pidns", "-i"], &log)?;
    command
        .arg(image)
        .arg("--cgroup")
        .arg(stage.cgroup().with_extension("copy"));
    let ended = crate::tool::start(command, &log)?.end(stage.container)?;
    refused(&ended, &child.id().to_string())?;
    stage.goes_on(&mut child)
}
