// SPDX-License-Identifier: GPL-2.0

//! Fact: one image can be restarted again and again, and reading does not change it.

use std::fs::File;

use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let image = stage.image()?;
    let out = File::options()
        .write(true)
        .open(stage.container.dir.join("out"))
        .doing("out")?;
    let before = out.metadata().doing("out")?;
    let (length, time) = (before.len(), before.modified().doing("out")?);
    for _ in 0..2 {
        stage.image_is_good()?;
        stage.nothing_is_left()?;
        // What it has written goes, and the go file is as it was.
        out.set_len(length)
            .and_then(|()| out.set_modified(time))
            .doing("out")?;
        stage.reset()?;
    }
    ensure(stage.image()? == image, "the image was changed")
}
