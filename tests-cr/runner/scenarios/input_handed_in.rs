// SPDX-License-Identifier: GPL-2.0

//! Fact: a job that reads from a pipe of a shell reads nothing after a restart whose own input is
//! the image, what --stdin names, or what restart itself would read.

use super::outside::says;
use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let shell = stage.types("(echo one; exec sleep 1000) | inside cat >out & wait")?;
    stage.wait_for_lines("out", 1)?;
    let said = stage.saves(&[])?;
    says(&said, &["fd 0: pipe:[", "also open in sleep", "not saved"])?;
    drop(shell);

    // Every restart starts from the same image, and so from the same file.
    stage.has_typed("cp -p out kept")?;
    let restart = |line: &str, wanted: &str| {
        stage.has_typed("cat kept >out")?;
        stage.has_typed(line)?;
        let out = stage.text("out");
        ensure(out == wanted, &format!("{line}: {out:?} and not {wanted:?}"))?;
        stage.nothing_is_left()
    };
    restart("restart --pids --files=keep --cgroup $CG <$IMAGE", "one\n")?;
    std::fs::write(stage.file("words"), "two\nthree\n").doing("write")?;
    restart(
        "restart --pids --files=keep --cgroup $CG --stdin words <$IMAGE",
        "one\ntwo\nthree\n",
    )?;
    restart(
        "(echo four; sleep 1; echo five) | restart --pids --files=keep --cgroup $CG -i $IMAGE",
        "one\nfour\nfive\n",
    )?;
    restart("restart --pids --files=keep --cgroup $CG -i $IMAGE <&-", "one\n")?;
    stage.has_typed("cat kept >out")?;
    let failed = stage.types("restart --pids --files=keep --cgroup $CG -i $IMAGE 0>written")?;
    refused(&failed.end(stage.container)?, "--stdin")?;
    stage.nothing_is_left()
}
