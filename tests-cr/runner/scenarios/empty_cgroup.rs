// SPDX-License-Identifier: GPL-2.0

//! Fact: a cgroup without tasks, and one that is not there, are refused.

use super::stage::{refused, Stage};
use crate::tool;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    refused(&stage.checkpoint(&["-o", "/dev/null"])?, "no task")?;
    let missing = ["no-such-cgroup", "-o", "/dev/null"];
    refused(
        &tool::run("checkpoint", &missing, stage.container)?,
        "no-such-cgroup",
    )
}
