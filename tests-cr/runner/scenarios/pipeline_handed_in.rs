// SPDX-License-Identifier: GPL-2.0

//! Fact: of a pipeline in a container, the pipe between its programs is saved with what is in it,
//! and those to the outside are handed in.

use super::outside::says;
use super::stage::{ensure, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let line = "(echo one; exec sleep 1000) | inside sh -c 'cat | while read -r line; do echo +$line; done' | cat >out & wait";
    let shell = stage.types(line)?;
    stage.wait_for_lines("out", 1)?;
    let said = stage.saves(&[])?;
    says(&said, &["fd 0: pipe:[", "fd 1: pipe:[", "also open in cat"])?;
    drop(shell);
    stage.has_typed("echo two | restart --pids --cgroup $CG -i $IMAGE | cat >again")?;
    let (out, again) = (stage.text("out"), stage.text("again"));
    ensure(
        out == "+one\n" && again == "+two\n",
        &format!("{out:?}, {again:?}"),
    )?;
    stage.nothing_is_left()
}
