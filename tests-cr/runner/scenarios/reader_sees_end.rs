// SPDX-License-Identifier: GPL-2.0

//! Fact: who reads from a restarted job sees the end when the job has closed its output, though job
//! and restart live on; frozen, detached or not.

use super::stage::{ensure, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let shell = stage.types("inside $JOB samples/closer | cat >out")?;
    stage.wait_for_lines("out", 1)?;
    stage.saves(&[])?;
    drop(shell);
    for options in ["", "--frozen", "--detach", "--detach --frozen", "--fd 1='&5' 5>&1"] {
        stage.reset()?;
        stage.has_typed("rm -f ended")?;
        let line = format!("restart --pids --cgroup $CG {options} <$IMAGE | (cat; echo >ended) >out");
        let shell = stage.types(&line)?;
        if options.contains("--frozen") {
            stage.container.wait_for(&["populated 1", "frozen 1"])?;
            stage.container.thaw()?;
        } else {
            stage.container.wait_for(&["populated 1", "frozen 0"])?;
        }
        std::thread::sleep(std::time::Duration::from_millis(300));
        ensure(!stage.file("ended").exists(), "the end came too early")?;
        stage.container.say_go()?;
        stage.wait_for_lines("ended", 1)?;
        ensure(stage.container.holds("populated 1"), "the job has ended")?;
        stage.has_typed("echo 1 >$CG/cgroup.kill")?;
        shell.end(stage.container)?;
        stage.nothing_is_left()?;
    }
    Ok(())
}
