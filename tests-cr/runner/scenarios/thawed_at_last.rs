// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint that cannot thaw, because another one has begun meanwhile that found the container
//! frozen, has it thawed when that one is over.

use std::fs::{self, File};

use super::phases::send;
use super::stage::{ensure, kill, Stage};
use crate::tool;
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let log = stage.container.dir.join("first.log");
    let first = loop {
        let mut command = tool::command("checkpoint", &[stage.cgroup()], &log)?;
        command.stdout(File::create("/dev/null").doing("/dev/null")?);
        let mut first = tool::start(command, &log)?;
        let switch = stage.cgroup().join("cgroup.freeze");
        let is_on = || fs::read_to_string(&switch).is_ok_and(|text| text.trim() == "1");
        while !is_on() && matches!(first.child.try_wait(), Ok(None)) {}
        send(&first.child, libc::SIGSTOP);
        // It may have been too fast: then it has thawed, or has ended.
        if is_on() {
            stage.container.wait_for(&["frozen 1"])?;
            break first;
        }
        send(&first.child, libc::SIGCONT);
        first.end(stage.container)?;
    };
    let (pipe, reader) = stage.stalling_reader(5000)?;
    let second = stage.checkpoint_into(pipe, &[])?;
    stage.wait_until_stuck()?;
    send(&first.child, libc::SIGCONT);
    let ended = first.end(stage.container)?;
    let has_said = ended.said.contains("is still frozen") && ended.said.contains("as soon as");
    ensure(!ended.status.success() && has_said, &ended.said)?;
    ensure(stage.container.holds("frozen 1"), "it was thawed under the other one's hands")?;
    kill(reader);
    second.end(stage.container)?;
    stage.goes_on(&mut child)
}
