// SPDX-License-Identifier: GPL-2.0

//! Fact: an image goes through pipes, out of checkpoint and into restart, byte for byte.

use std::fs::File;
use std::process::{Command, Stdio};

use super::stage::{fine, Stage};
use crate::modes;
use crate::verdict::{Doing, Outcome, Step};

fn cat(from: impl Into<Stdio>, to: impl Into<Stdio>) -> Step<std::process::Child> {
    Command::new("cat")
        .stdin(from)
        .stdout(to)
        .spawn()
        .doing("cat")
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let out = File::create(stage.container.image()).doing("the image")?;
    let mut cat = cat(Stdio::piped(), out)?;
    let pipe = cat.stdin.take().ok_or_else(|| Outcome::failed("no pipe"))?;
    fine(
        &stage
            .checkpoint_into(pipe, &["--kill"])?
            .end(stage.container)?,
    )?;
    cat.wait().doing("cat")?;
    child.wait().doing("the program")?;
    stage.container.end()?;

    let image = File::open(stage.container.image()).doing("the image")?;
    let mut cat = self::cat(image, Stdio::piped())?;
    let pipe = cat
        .stdout
        .take()
        .ok_or_else(|| Outcome::failed("no pipe"))?;
    let restart = stage.restart_from(pipe, &["--frozen"])?;
    stage.container.wait_for(&["populated 1", "frozen 1"])?;
    stage.container.thaw()?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    cat.wait().doing("cat")?;
    fine(&ended)?;
    modes::verdict(stage.container, ended.status)
}
