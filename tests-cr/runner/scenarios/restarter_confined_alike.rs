// SPDX-License-Identifier: GPL-2.0

//! Fact: what was filtered by its surroundings is restarted from within the same filter, which does
//! not count twice; and not from within another one.

use super::stage::{refused, Stage};
use crate::confine;
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("filtered")?;
    let otherwise = stage.restart_after(|| confine::filter(libc::SYS_getpgrp))?;
    refused(&otherwise, "seccomp")?;
    stage.nothing_is_left()?;
    stage.container.say_go()?;
    let alike = stage.restart_after(|| confine::filter(libc::SYS_getppid))?;
    modes::verdict(stage.container, alike.status)
}
