// SPDX-License-Identifier: GPL-2.0

//! Fact: without --pids a lone task is restarted under another pid, beside whoever has its old one.

use super::stage::{ensure, Stage};
use crate::{modes, tool, verdict::Step, wait};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let pid = child.id() as i32;
    modes::checkpoint(stage.container, &["--kill"])?;
    // Killed, but not waited for: its pid is taken.
    stage.container.end()?;
    let log = stage.log("restart");
    let mut command = tool::command("restart", &["--frozen", "-i"], &log)?;
    command.arg(stage.container.image());
    command.arg("--cgroup").arg(stage.cgroup());
    let restart = tool::start(command, &log)?;
    let there = stage.container.wait_for(&["populated 1", "frozen 1"]);
    let pids = stage.container.pids();
    wait::for_child(&mut child, wait::LIMIT);
    there?;
    stage.container.thaw()?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    ensure(
        pids.len() == 1 && pids != [pid],
        &format!("pid was {pid}, is {pids:?}"),
    )?;
    modes::verdict(stage.container, ended.status)?;
    stage.nothing_is_left()
}
