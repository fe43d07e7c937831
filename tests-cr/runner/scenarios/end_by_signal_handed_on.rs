// SPDX-License-Identifier: GPL-2.0

//! Fact: restart ends by the signal that ended the root.

use std::os::unix::process::ExitStatusExt;

use super::stage::{ensure, Stage};
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("end_by_signal")?;
    let restart = modes::restart(stage.container, &[])?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    let signal = ended.status.signal();
    ensure(
        signal == Some(libc::SIGUSR2),
        &format!("{}\n{}", ended.status, ended.said),
    )?;
    stage.nothing_is_left()
}
