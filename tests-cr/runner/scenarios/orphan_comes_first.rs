// SPDX-License-Identifier: GPL-2.0

//! Fact: a container whose first task is an orphan in the session of somebody who has died, as
//! `ssh host 'nohup job &'` leaves it, restarts every time.

use super::stage::{fine, Stage};
use crate::verdict::Step;

const TIMES: usize = 10;

pub fn run(stage: &Stage) -> Step<()> {
    stage.has_typed("inside setsid sh -c '$JOB samples/sleeper >out 2>err &'")?;
    stage.wait_for_lines("out", 1)?;
    stage.saves(&[])?;
    for _ in 0..TIMES {
        fine(&stage.restart(&["--verify"])?)?;
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
