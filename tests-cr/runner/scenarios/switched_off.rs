// SPDX-License-Identifier: GPL-2.0

//! Fact: with the sysctl kernel.checkpoint_restart at 0 nothing is saved or restarted, and the
//! message says so.
//!
//! Runs alone: it holds for the whole machine.

use std::fs;

use super::stage::{refused, Stage};
use crate::verdict::{Doing, Step};

const SYSCTL: &str = "/proc/sys/kernel/checkpoint_restart";

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    fs::write(SYSCTL, "0").doing(SYSCTL)?;
    let saved = stage.checkpoint(&["-o", "/dev/null"]);
    fs::write(SYSCTL, "1").doing(SYSCTL)?;
    refused(&saved?, "switched off")?;
    stage.goes_on(&mut child)?;
    stage.container.end()?;

    stage.container.make_cgroup()?;
    stage.reset()?;
    stage.saved("sleeper")?;
    fs::write(SYSCTL, "0").doing(SYSCTL)?;
    let restarted = stage.restart(&[]);
    fs::write(SYSCTL, "1").doing(SYSCTL)?;
    refused(&restarted?, "switched off")?;
    stage.nothing_is_left()?;
    stage.image_is_good()
}
