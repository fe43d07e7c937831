// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart is refused when a mapped file, or one open for reading, is another one by now.

use std::fs;

use super::stage::{refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_files")?;
    for name in ["mapped", "read"] {
        let path = stage.container.dir.join(name);
        let (content, times) = (
            fs::read(&path).doing(name)?,
            fs::metadata(&path).doing(name)?.modified().doing(name)?,
        );
        fs::write(&path, b"something else, of another size").doing(name)?;
        refused(&stage.restart(&[])?, name)?;
        stage.nothing_is_left()?;
        fs::write(&path, content).doing(name)?;
        fs::File::open(&path)
            .and_then(|file| file.set_modified(times))
            .doing(name)?;
    }
    stage.image_is_good()
}
