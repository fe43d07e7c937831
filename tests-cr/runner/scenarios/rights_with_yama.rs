// SPDX-License-Identifier: GPL-2.0

//! Fact: where Yama restricts ptrace(2), it restricts who may save and restart what, as
//! `kernel-rs/RIGHTS.md` says.
//!
//! Runs alone: Yama's sysctl is that of the whole machine.

use super::rights::{checkpoint_with_scopes, restart_with_scopes};
use super::stage::Stage;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let scopes = ["0", "1", "2"];
    checkpoint_with_scopes(stage, &scopes)?;
    restart_with_scopes(stage, &scopes)
}
