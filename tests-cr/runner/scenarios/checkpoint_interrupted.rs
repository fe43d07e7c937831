// SPDX-License-Identifier: GPL-2.0

//! Fact: Ctrl-C during a checkpoint whose reader is stuck ends it, and the program goes on.

use std::os::unix::process::ExitStatusExt;

use super::stage::{ensure, kill, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let (pipe, reader) = stage.stalling_reader(5000)?;
    let checkpoint = stage.checkpoint_into(pipe, &[])?;
    stage.wait_until_stuck()?;
    // SAFETY: takes no pointer.
    unsafe { libc::kill(checkpoint.child.id() as i32, libc::SIGINT) };
    let ended = checkpoint.end(stage.container);
    kill(reader);
    let ended = ended?;
    let why = format!("it ended with {}\n{}", ended.status, ended.said);
    ensure(ended.status.signal() == Some(libc::SIGINT), &why)?;
    stage.goes_on(&mut child)
}
