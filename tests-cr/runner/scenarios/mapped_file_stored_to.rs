// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart is refused when the container has gone on and stored to a file that it has mapped,
//! although the page was dirty, and could be stored to, before the checkpoint.
//!
//! Could break: only a fault moves the time of modification.

use std::fs::{self, File};

use super::stage::{refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("with_mapped_file")?;
    crate::modes::checkpoint(stage.container, &[])?;
    let path = stage.container.dir.join("stored to");
    let before = fs::metadata(&path).and_then(|about| about.modified());
    let before = before.doing("its time")?;
    let out = File::options().write(true).open(stage.container.dir.join("out"));
    let out = out.doing("out")?;
    let said = out.metadata().doing("out")?;
    stage.goes_on(&mut child)?;
    stage.container.end()?;
    // What it has said since is not what this is about.
    out.set_len(said.len())
        .and_then(|()| out.set_modified(said.modified()?))
        .doing("out")?;
    refused(&stage.restart(&[])?, "stored to")?;
    stage.nothing_is_left()?;
    // As if it had never been: what it had at the checkpoint, and that time.
    fs::write(&path, b"n".repeat(4096)).doing("the file")?;
    let file = File::options().write(true).open(&path).doing("the file")?;
    file.set_modified(before).doing("its time")?;
    stage.reset()?;
    stage.image_is_good()
}
