// SPDX-License-Identifier: GPL-2.0

//! Fact: restart --verify builds everything and throws it away: nothing runs, nothing remains.

use std::fs;

use super::stage::{ensure, fine, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    // If it ran, it would see this and say that it has passed.
    stage.container.say_go()?;
    fine(&stage.restart(&["--verify"])?)?;
    stage.nothing_is_left()?;
    let out = fs::read_to_string(stage.container.dir.join("out")).doing("the output")?;
    ensure(out == "ready\n", "the program has run")?;
    stage.image_is_good()
}
