// SPDX-License-Identifier: GPL-2.0

//! Fact: a job that waits with an epoll for its standard input, a pipe of a shell, waits for what is
//! handed in in its place; what cannot be waited for is refused.

use super::stage::{ensure, refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let line = "(echo one; exec sleep 1000) | inside $JOB samples/watcher >out & wait";
    let shell = stage.types(line)?;
    stage.wait_for_lines("out", 1)?;
    stage.saves(&[])?;
    drop(shell);

    stage.has_typed("(echo two; sleep 1; echo three) | restart --pids --cgroup $CG -i $IMAGE")?;
    let out = stage.text("out");
    ensure(out == "one\ntwo\nthree\n", &format!("{out:?}"))?;
    stage.nothing_is_left()?;
    stage.has_typed("echo one >out; echo two >words")?;
    let failed = stage.types("restart --pids --files=keep --cgroup $CG -i $IMAGE --stdin words")?;
    refused(&failed.end(stage.container)?, "to an epoll")?;
    stage.nothing_is_left()
}
