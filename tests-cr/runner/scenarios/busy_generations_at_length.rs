// SPDX-License-Identifier: GPL-2.0

//! Fact: a tree that never rests, saved at any moment a thousand times, each image made from the one before,
//! comes to its right end, and the kernel keeps nothing of those that have gone. Not in the core tier.
//!
//! Runs alone: it counts what the whole machine has.

use std::time::Duration;

use super::counts::{self, Counts};
use super::generations::SETTLED;
use super::stage::{fine, Stage};
use crate::verdict::{Outcome, Step};
use crate::{modes, wait};

const GENERATIONS: usize = 1000;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("busy")?;
    let mut settled = Counts::new();
    for generation in 1..=GENERATIONS {
        modes::checkpoint(stage.container, &["--kill"])?;
        if generation == 1 {
            wait::for_child(&mut child, wait::LIMIT)
                .ok_or_else(|| Outcome::failed("checkpoint --kill left the program alive"))?;
        }
        stage.container.end()?;
        if generation == SETTLED {
            settled = counts::take()?;
        }
        if generation == GENERATIONS {
            break;
        }
        fine(&stage.restart(&["--detach"])?)?;
        std::thread::sleep(Duration::from_millis(generation as u64 * 17 % 50));
        if generation % 100 == 0 {
            crate::say(&format!("tools/busy_generations: {generation} of {GENERATIONS}"));
        }
    }
    counts::must_not_have_grown(&settled, GENERATIONS)?;
    stage.image_is_good()
}
