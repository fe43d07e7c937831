// SPDX-License-Identifier: GPL-2.0

//! Fact: standard output and error that were one pipe (2>&1) are one file again: that of standard
//! output.

use super::outside::{is_all_talk, says};
use super::stage::{ensure, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let shell = stage.types("inside $JOB samples/talker 2>&1 | cat >one")?;
    stage.wait_for_lines("one", 100)?;
    let said = stage.saves(&[])?;
    says(&said, &["fd 1: pipe:["])?;
    ensure(!said.contains("fd 2"), &said)?;
    shell.end(stage.container)?;
    stage.has_typed("restart --pids --cgroup $CG <$IMAGE >two 2>none")?;
    let all = ["one", "two"].map(|name| stage.text(name)).concat();
    is_all_talk(&all)?;
    let both = all.lines().filter(|line| *line == "still talking").count();
    ensure(both == 15, &format!("{both} lines of standard error"))?;
    ensure(stage.text("none").is_empty(), &stage.text("none"))
}
