// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart is refused when a file is missing, and names it; once it is back, all is well.

use std::fs;

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_files")?;
    for name in ["mapped", "read"] {
        let (path, aside) = (
            stage.container.dir.join(name),
            stage.container.dir.join("aside"),
        );
        fs::rename(&path, &aside).doing(name)?;
        let ended = stage.restart(&[])?;
        refused(&ended, name)?;
        // It is told by what the task was, not by what stands in for it.
        let names_it = ended.said.contains("(ckpt-cases)");
        ensure(names_it, &format!("the task is not named\n{}", ended.said))?;
        stage.nothing_is_left()?;
        fs::rename(&aside, &path).doing(name)?;
    }
    stage.image_is_good()
}
