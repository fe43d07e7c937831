// SPDX-License-Identifier: GPL-2.0

//! Fact: a cgroup below with a task in it is refused, by name.

use std::fs;

use super::stage::{refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    let below = stage.cgroup().join("below");
    fs::create_dir_all(&below).doing("mkdir")?;
    let mut other = std::process::Command::new("sleep")
        .arg("1000")
        .spawn()
        .doing("sleep")?;
    fs::write(below.join("cgroup.procs"), other.id().to_string()).doing("the move")?;
    let ended = stage.checkpoint(&["-o", "/dev/null"]);
    let _ = other.kill();
    let _ = other.wait();
    let _ = fs::remove_dir(&below);
    refused(&ended?, "/below")?;
    stage.goes_on(&mut child)
}
