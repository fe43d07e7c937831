// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart into a cgroup with tasks in it is refused, and they go on.

use super::stage::{refused, Stage};
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    modes::checkpoint(stage.container, &[])?;
    refused(&stage.restart(&[])?, "")?;
    stage.goes_on(&mut child)
}
