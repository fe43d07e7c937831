// SPDX-License-Identifier: GPL-2.0

//! Fact: --pids --no-pidns restarts in our pid namespace, with the pid that the program had.

use std::fs;

use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Step};
use crate::{modes, wait};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let pid = child.id() as i32;
    modes::checkpoint(stage.container, &["--kill"])?;
    wait::for_child(&mut child, wait::LIMIT);
    stage.container.end()?;
    let restart = stage.restart_beside_us()?;
    let pids = stage.container.pids();
    let own = fs::read_link(format!("/proc/{pid}/ns/pid")).doing("its pid namespace")?;
    let ours = fs::read_link("/proc/self/ns/pid").doing("our pid namespace")?;
    stage.container.thaw()?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    ensure(pids == [pid], &format!("pid was {pid}, is {pids:?}"))?;
    ensure(own == ours, "it is in another pid namespace")?;
    modes::verdict(stage.container, ended.status)?;
    stage.nothing_is_left()
}
