// SPDX-License-Identifier: GPL-2.0

//! Fact: a container that was frozen before a checkpoint is frozen after it, saved or refused.

use super::stage::{ensure, fine, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    stage.container.freeze()?;
    fine(&stage.checkpoint(&["-o".as_ref(), stage.container.image().as_os_str()])?)?;
    ensure(
        stage.container.holds("frozen 1"),
        "a checkpoint has thawed it",
    )?;
    fine(&stage.checkpoint(&["--check"])?)?;
    ensure(stage.container.holds("frozen 1"), "a check has thawed it")?;
    stage.container.thaw()?;
    stage.goes_on(&mut child)
}
