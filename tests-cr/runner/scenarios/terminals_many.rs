// SPDX-License-Identifier: GPL-2.0

//! Fact: two sessions at different terminals outside are saved, and refused by the name of the second
//! where `restart` can only take one.

use super::outside::says;
use super::screen::Screen;
use super::stage::{ensure, Stage};
use crate::verdict::Step;

const JOB: &str = "echo 0 >$PROCS; exec env sh -c 'echo ready >>ready; exec sleep 1000'";
const RESTART: &str = "restart --pids --cgroup $CG <$IMAGE 2>restart.log; echo ended $?; sleep 1000";

pub fn run(stage: &Stage) -> Step<()> {
    let both = [Screen::start(stage, JOB)?, Screen::start(stage, JOB)?];
    stage.wait_for_lines("ready", 2)?;
    let said = stage.saves(&[])?;
    ensure(said.matches("restart makes a new one").count() == 2, &said)?;
    drop(both);
    let third = Screen::start(stage, RESTART)?;
    third.wait_for("ended 1\n")?;
    says(
        &stage.text("restart.log"),
        &["/dev/pts/", "nobody takes a new one"],
    )?;
    stage.nothing_is_left()
}
