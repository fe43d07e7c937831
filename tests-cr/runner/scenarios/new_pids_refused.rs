// SPDX-License-Identifier: GPL-2.0

//! Fact: without --pids a restart that cannot be exact is refused, and the message names --pids.

use super::stage::{refused, Stage};
use crate::tool;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let image = stage.container.image();
    let arguments = ["-i".into(), image, "--cgroup".into(), stage.cgroup()];
    refused(
        &tool::run("restart", &arguments, stage.container)?,
        "--pids",
    )?;
    stage.nothing_is_left()?;
    stage.image_is_good()
}
