// SPDX-License-Identifier: GPL-2.0

//! Fact: --check of what can be saved ends with 0, writes nothing, and the program goes on.

use std::fs;

use super::stage::{ensure, fine, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let files = || {
        fs::read_dir(&stage.container.dir)
            .map(Iterator::count)
            .doing("the directory")
    };
    let before = files()?;
    fine(&stage.checkpoint(&["--check"])?)?;
    // The tool's own log is new.
    ensure(files()? == before + 1, "there is a new file")?;
    stage.goes_on(&mut child)
}
