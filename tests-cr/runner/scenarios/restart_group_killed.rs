// SPDX-License-Identifier: GPL-2.0

//! Fact: when the process group of restart is killed (SIGKILL), as `kill -KILL %1` does it, the container
//! goes on.

use std::fs::File;
use std::os::unix::process::CommandExt;

use super::stage::{ensure, Stage};
use crate::tool;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let log = stage.log("restart");
    let mut command = tool::command("restart", &["--pids", "--frozen", "--cgroup"], &log)?;
    let image = File::open(stage.container.image()).doing("the image")?;
    command.arg(stage.cgroup()).stdin(image).process_group(0);
    let mut restart = tool::start(command, &log)?;
    // That is the last that it does before it only waits.
    let is_told = || stage.text("restart.log").contains("cgroup.freeze").then_some(());
    let told = wait::until(wait::LIMIT, is_told);
    ensure(told.is_some(), "restart does not say how to thaw it")?;
    // SAFETY: takes no pointer.
    let killed = unsafe { libc::kill(-(restart.child.id() as i32), libc::SIGKILL) };
    ensure(killed == 0, "it was not killed")?;
    let ended = wait::for_child(&mut restart.child, wait::LIMIT);
    ensure(ended.is_some(), "restart does not end")?;
    stage.container.thaw()?;
    stage.container.say_go()?;
    let passed = wait::until(wait::LIMIT, || {
        let output = stage.container.output();
        output.lines().any(|line| line == "passed").then_some(())
    });
    passed.ok_or_else(|| Outcome::failed("the container does not go on"))?;
    // Who waits for its first process removes the cgroup.
    let is_over = || stage.container.holds("populated 0") || !stage.cgroup().exists();
    let over = wait::until(wait::LIMIT, || is_over().then_some(()));
    ensure(over.is_some(), "the container does not end")?;
    stage.container.end()
}
