// SPDX-License-Identifier: GPL-2.0

//! Fact: restart --detach prints the pid of the root and ends while the container runs.

use super::stage::{ensure, fine, Stage};
use crate::verdict::{Outcome, Step};
use crate::wait;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let ended = stage.restart(&["--detach"])?;
    fine(&ended)?;
    let pids = stage.container.pids();
    let said = ended
        .said
        .lines()
        .any(|line| Some(&line.to_string()) == pids.first().map(ToString::to_string).as_ref());
    ensure(
        pids.len() == 1 && said,
        &format!("{pids:?} run, and it said: {}", ended.said),
    )?;
    stage.container.say_go()?;
    wait::until(wait::LIMIT, || {
        stage
            .container
            .output()
            .lines()
            .any(|line| line == "passed")
            .then_some(())
    })
    .ok_or_else(|| Outcome::failed("the program does not come to its end"))?;
    stage.nothing_is_left()
}
