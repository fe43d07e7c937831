// SPDX-License-Identifier: GPL-2.0

//! Fact: a job that writes into a pipe of a shell can be saved, which says what it did not save;
//! restarted with its output in a file it goes on there: no line is lost, none comes twice. A third
//! time too.

use super::outside::{is_all_talk, says};
use super::stage::{ensure, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let shell = stage.types("inside $JOB samples/talker 2>err | cat >one")?;
    stage.wait_for_lines("one", 100)?;
    let said = stage.saves(&[])?;
    says(&said, &["fd 1: pipe:[", "also open in cat", "not saved"])?;
    ensure(!said.contains("fd 2"), &said)?;
    shell.end(stage.container)?;

    let shell = stage.types("restart --pids --cgroup $CG <$IMAGE | cat >two")?;
    stage.wait_for_lines("two", 100)?;
    let said = stage.saves(&[])?;
    says(&said, &["fd 1: pipe:[", "also open in cat", "not saved"])?;
    shell.end(stage.container)?;

    stage.has_typed("restart --pids --cgroup $CG -i $IMAGE | cat >three")?;
    let all = ["one", "two", "three"].map(|name| stage.text(name)).concat();
    is_all_talk(&all)?;
    ensure(stage.text("err").lines().count() == 15, &stage.text("err"))?;
    stage.nothing_is_left()
}
