// SPDX-License-Identifier: GPL-2.0

//! Fact: what belongs to the outside is refused by the name of the outsider where --hand-in does not
//! say otherwise; what it does say, restart --fd hands in, or refuses by the name of the option.

use super::outside::says;
use super::stage::{ensure, refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let line = "(echo one; exec sleep 1000) | inside sh -c 'exec 9<&0 0</dev/null; exec $JOB samples/listener' \
                8>eight >out 2>err & wait";
    let shell = stage.types(line)?;
    stage.wait_for_lines("eight", 1)?;
    refused(&stage.checkpoint(&["--check"])?, "sleep, task")?;
    for list in ["stdio", "none", "stdio,8"] {
        let ended = stage.checkpoint(&["--check", "--hand-in", list])?;
        refused(&ended, "sleep, task")?;
        says(&ended.said, &["fd 9: pipe:["])?;
    }
    let said = stage.saves(&["--hand-in", "9"])?;
    says(&said, &["fd 9: pipe:[", "also open in sleep", "not saved"])?;
    ensure(!said.contains("fd 8"), &said)?;
    drop(shell);

    let failed = |line: &str, word: &str| {
        refused(&stage.types(line)?.end(stage.container)?, word)?;
        stage.nothing_is_left()
    };
    failed("restart --pids --cgroup $CG <$IMAGE", "--fd")?;
    failed("restart --pids --cgroup $CG <$IMAGE", "descriptor 9")?;
    failed("restart --pids --cgroup $CG --fd 9='&5' <$IMAGE 5>>x", "not open for reading")?;
    failed("restart --pids --cgroup $CG --fd 9='&5' <$IMAGE", "no descriptor 5")?;
    // What restart makes itself is not what was meant.
    failed("restart --pids --cgroup $CG --fd 8='&0' --fd 9='&3' <$IMAGE", "no descriptor 3")?;
    failed("restart --pids --cgroup $CG --fd 9=missing <$IMAGE", "missing")?;
    failed("restart --pids --cgroup $CG --fd 9='&5' <$IMAGE 5<.", "a directory")?;
    failed("mkfifo fifo; restart --pids --cgroup $CG --fd 9=fifo <$IMAGE", "FIFO")?;
    failed(
        "restart --pids --cgroup $CG --fd 9='&5' --stdout x <$IMAGE 5</dev/null",
        "descriptor 1 could be handed in",
    )?;
    stage.has_typed("restart --pids --verify --cgroup $CG --fd 9='&5' <$IMAGE 5</dev/null")?;
    stage.has_typed("echo two | restart --pids --cgroup $CG --fd 9='&0' -i $IMAGE")?;
    let eight = stage.text("eight");
    ensure(eight == "one\ntwo\nthe end\n", &format!("{eight:?}"))?;
    stage.nothing_is_left()
}
