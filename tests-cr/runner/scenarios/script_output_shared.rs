// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that a script outside writes to as well (exec >log) is handed in too; one that only
//! the container has open is saved by its path.

use super::outside::{is_all_talk, says};
use super::stage::{ensure, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let shell = stage.types("exec >one; (inside $JOB samples/talker 2>err); true")?;
    stage.wait_for_lines("one", 100)?;
    let said = stage.saves(&[])?;
    says(&said, &["fd 1: ", "/one is also open in sh", "not saved"])?;
    ensure(!said.contains("fd 2"), &said)?;
    shell.end(stage.container)?;
    stage.has_typed("restart --pids --cgroup $CG --stdout two <$IMAGE >none")?;
    is_all_talk(&["one", "two"].map(|name| stage.text(name)).concat())?;
    ensure(stage.text("err").lines().count() == 15, &stage.text("err"))?;
    ensure(stage.text("none").is_empty(), &stage.text("none"))
}
