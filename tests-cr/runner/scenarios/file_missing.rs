// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart is refused when a file is missing, and names it; once it is back, all is well.

use std::fs;

use super::stage::{refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_files")?;
    for name in ["mapped", "read"] {
        let (path, aside) = (
            stage.container.dir.join(name),
            stage.container.dir.join("aside"),
        );
        fs::rename(&path, &aside).doing(name)?;
        refused(&stage.restart(&[])?, name)?;
        stage.nothing_is_left()?;
        fs::rename(&aside, &path).doing(name)?;
    }
    stage.image_is_good()
}
