// SPDX-License-Identifier: GPL-2.0

//! Fact: --pids --no-pidns restarts a container with pid namespaces inside in our own pid namespace,
//! with the numbers that it had here and there.

use std::fs;

use super::stage::{ensure, Stage};
use crate::verdict::Step;
use crate::{modes, turn, wait};

pub fn run(stage: &Stage) -> Step<()> {
    let program = stage.places.programs.join("dynamic/ckpt-cases");
    let mut child = stage
        .container
        .start(&program, "pids/unshared", "tools")?;
    turn::wait_until_ready(stage.container, &mut child)?;
    let numbers = || -> Vec<String> {
        let mut pids = stage.container.pids();
        pids.sort_unstable();
        let line = |pid: i32| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let line = status.lines().find(|line| line.starts_with("NSpid:"));
            line.unwrap_or_default().to_string()
        };
        pids.into_iter().map(line).collect()
    };
    let before = numbers();
    modes::checkpoint(stage.container, &["--kill"])?;
    wait::for_child(&mut child, wait::LIMIT);
    stage.container.end()?;
    let restart = stage.restart_beside_us()?;
    let after = numbers();
    stage.container.thaw()?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    ensure(before == after, &format!("was {before:?}, is {after:?}"))?;
    ensure(before.len() == 3, "it is not what it should be")?;
    modes::verdict(stage.container, ended.status)?;
    stage.nothing_is_left()
}
