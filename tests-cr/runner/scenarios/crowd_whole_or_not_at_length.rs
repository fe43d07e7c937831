// SPDX-License-Identifier: GPL-2.0

//! Fact: the same with 500 tasks, and with the tools ending at many more moments. Not in the core tier.

use super::{crowd_whole_or_not, stage::Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    crowd_whole_or_not::play(stage, 500, 40)
}
