// SPDX-License-Identifier: GPL-2.0

//! Fact: a SIGTERM that restart gets once the container runs is passed on to the root.

use std::os::unix::process::ExitStatusExt;

use super::stage::{ensure, Stage};
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let restart = modes::restart_frozen(stage.container)?;
    stage.container.thaw()?;
    // SAFETY: takes no pointer.
    unsafe { libc::kill(restart.child.id() as i32, libc::SIGTERM) };
    let ended = restart.end(stage.container)?;
    let signal = ended.status.signal();
    ensure(
        signal == Some(libc::SIGTERM),
        &format!("{}\n{}", ended.status, ended.said),
    )?;
    stage.nothing_is_left()
}
