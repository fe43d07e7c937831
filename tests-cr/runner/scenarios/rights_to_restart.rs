// SPDX-License-Identifier: GPL-2.0

//! Fact: who may restart what is as `kernel-rs/RIGHTS.md` says, with each value of the sysctl.
//!
//! Runs alone: the sysctl is that of the whole machine.

use super::rights::restart_all;
use super::stage::Stage;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    restart_all(stage, &["0", "1", "2"])
}
