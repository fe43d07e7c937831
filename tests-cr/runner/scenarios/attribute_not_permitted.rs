// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart does not give files attributes that its caller could not give them: it is refused, with
//! the file and the attribute.

use super::stage::{refused, Stage};
use crate::confine;
use crate::verdict::Step;

const CAP_LINUX_IMMUTABLE: u64 = 9;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("immutable")?;
    let lacking = stage.restart_after(|| confine::without_capability(CAP_LINUX_IMMUTABLE))?;
    // Whoever set the flags had that capability, and so had the opener of the file.
    refused(&lacking, "its capabilities")?;
    stage.nothing_is_left()?;
    stage.image_is_good()
}
