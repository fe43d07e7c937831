// SPDX-License-Identifier: GPL-2.0

//! Fact: when the reader of the image goes away, the checkpoint ends and the program goes on.

use std::process::{Command, Stdio};

use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let mut head = Command::new("head")
        .args(["-c", "5000"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .doing("head")?;
    let pipe = head
        .stdin
        .take()
        .ok_or_else(|| Outcome::failed("no pipe"))?;
    let ended = stage.checkpoint_into(pipe, &[])?.end(stage.container)?;
    head.wait().doing("head")?;
    ensure(!ended.status.success(), "the checkpoint succeeded")?;
    stage.goes_on(&mut child)
}
