// SPDX-License-Identifier: GPL-2.0

//! Fact: restart ends with the exit status of the root.

use super::stage::{ensure, Stage};
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("exit_42")?;
    let restart = modes::restart(stage.container, &[])?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    ensure(
        ended.status.code() == Some(42),
        &format!("{}\n{}", ended.status, ended.said),
    )?;
    stage.nothing_is_left()
}
