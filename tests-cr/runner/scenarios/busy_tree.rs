// SPDX-License-Identifier: GPL-2.0

//! Fact: a tree that forks, ends, and waits all the time can be saved at any moment, over and over: it goes
//! on, and so does what is restarted.
//!
//! Could break: a task is half made or half gone when the freeze arrives.

use std::time::Duration;

use super::stage::{fine, Stage};
use crate::verdict::{Outcome, Step};
use crate::{modes, wait};

const TIMES: u64 = 4;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("busy")?;
    for time in 0..TIMES {
        modes::checkpoint(stage.container, &[])?;
        std::thread::sleep(Duration::from_millis(time * 13 % 50));
    }
    modes::checkpoint(stage.container, &["--kill"])?;
    wait::for_child(&mut child, wait::LIMIT)
        .ok_or_else(|| Outcome::failed("checkpoint --kill left the program alive"))?;
    for time in 0..TIMES / 2 {
        stage.container.end()?;
        fine(&stage.restart(&["--detach"])?)?;
        std::thread::sleep(Duration::from_millis(time * 17 % 50));
        modes::checkpoint(stage.container, &["--kill"])?;
    }
    stage.container.end()?;
    stage.image_is_good()
}
