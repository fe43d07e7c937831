// SPDX-License-Identifier: GPL-2.0

//! Fact: lockdown changes nothing of what `kernel-rs/RIGHTS.md` says, and refuses nothing that a
//! checkpoint or a restart does.
//!
//! Runs alone, and last: only a boot takes lockdown back.

use std::fs;

use super::rights::{checkpoint_all, restart_all};
use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Step};

const LOCKDOWN: &str = "/sys/kernel/security/lockdown";

pub fn run(stage: &Stage) -> Step<()> {
    // It may be mounted already.
    let _ = std::process::Command::new("mount")
        .args(["-t", "securityfs", "securityfs", "/sys/kernel/security"])
        .output();
    for level in ["integrity", "confidentiality"] {
        fs::write(LOCKDOWN, level).doing(LOCKDOWN)?;
        let now = fs::read_to_string(LOCKDOWN).doing(LOCKDOWN)?;
        ensure(now.contains(&format!("[{level}]")), &format!("lockdown is {now}"))?;
        checkpoint_all(stage, &["0", "1", "2"])?;
        restart_all(stage, &["2"])?;
    }
    Ok(())
}
