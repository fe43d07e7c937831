// SPDX-License-Identifier: GPL-2.0

//! Fact: who may save what is as `kernel-rs/RIGHTS.md` says, with each value of the sysctl.
//!
//! Runs alone: the sysctl is that of the whole machine.

use super::rights::checkpoint_all;
use super::stage::Stage;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    checkpoint_all(stage, &["0", "1", "2"])
}
