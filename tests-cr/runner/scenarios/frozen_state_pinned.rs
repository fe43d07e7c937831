// SPDX-License-Identifier: GPL-2.0

//! Fact: while a container is saved nobody can thaw it, or move a task into or out of it; it can be
//! killed.

use std::fs;
use std::process::Command;

use super::stage::{ensure, kill, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let (pipe, reader) = stage.stalling_reader(5000)?;
    let checkpoint = stage.checkpoint_into(pipe, &[])?;
    stage.wait_until_stuck()?;
    let mut outsider = Command::new("sleep")
        .arg("1000")
        .spawn()
        .doing("an outsider")?;
    let freeze = fs::write(stage.cgroup().join("cgroup.freeze"), "0");
    let still = stage.container.holds("frozen 1");
    let out = fs::write("/sys/fs/cgroup/cgroup.procs", child.id().to_string());
    let into = fs::write(
        stage.cgroup().join("cgroup.procs"),
        outsider.id().to_string(),
    );
    // The one thing that must work.
    let killed = child.kill();
    let died = crate::wait::for_child(&mut child, crate::wait::LIMIT);
    kill(reader);
    let _ = outsider.kill();
    let _ = outsider.wait();
    let ended = checkpoint.end(stage.container)?;
    ensure(freeze.is_err() && still, "it could be thawed")?;
    ensure(out.is_err(), "a task could be moved out of it")?;
    ensure(into.is_err(), "a task could be moved into it")?;
    ensure(killed.is_ok() && died.is_some(), "it could not be killed")?;
    ensure(
        !ended.status.success(),
        "the checkpoint succeeded, although its task was killed",
    )
}
