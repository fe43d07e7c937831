// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file that still has another name is found by it, also when the kernel has forgotten
//! that name; if the name is out of reach, the refusal says how far the search went.

use std::fs;
use std::process::Command;

use super::stage::{ensure, fine, refused, Stage};
use crate::verdict::{Doing, Step};

/// The kernel forgets names that nobody uses.
fn forget() -> Step<()> {
    let caches = "/proc/sys/vm/drop_caches";
    fs::write(caches, "2").doing(caches)
}

fn run_in(stage: &Stage, program: &str, arguments: &[&str]) -> Step<()> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&stage.container.dir);
    let status = command.status().doing(program)?;
    ensure(status.success(), program)
}

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("with_other_name")?;
    run_in(stage, "mount", &["-t", "tmpfs", "none", "deep"])?;
    forget()?;
    let hidden = stage.checkpoint(&["--check"]);
    run_in(stage, "umount", &["deep"])?;
    let hidden = hidden?;
    refused(&hidden, "the other name that it still has cannot be found")?;
    refused(&hidden, "names of files")?;
    forget()?;
    fine(&stage.checkpoint(&["--check"])?)?;
    stage.goes_on(&mut child)?;
    stage.container.end()?;

    stage.container.make_cgroup()?;
    stage.reset()?;
    let mut child = stage.start("with_other_name")?;
    forget()?;
    crate::modes::checkpoint(stage.container, &["--kill"])?;
    let _ = child.wait();
    stage.container.end()?;
    stage.image_is_good()
}
