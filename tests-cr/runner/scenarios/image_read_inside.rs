// SPDX-License-Identifier: GPL-2.0

//! Fact: an image that a task of the container itself would have to read, frozen, is refused at once,
//! and the container goes on.

use super::outside::says;
use super::stage::{refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    // The cgroup must not be empty when checkpoint looks.
    let line = "(sleep 1; exec checkpoint $CG 2>said) | inside sh -c 'cat >read; sleep 1000'";
    let shell = stage.types(line)?;
    stage.wait_for_lines("said", 2)?;
    says(&stage.text("said"), &["fd 0: ", "the image goes into pipe:["])?;
    stage.container.wait_for(&["frozen 0", "populated 1"])?;
    stage.has_typed("echo 1 >$CG/cgroup.kill")?;
    shell.end(stage.container)?;

    // All of it inside: it is refused before it freezes itself.
    let line = "inside sh -c 'checkpoint $CG | cat >read; echo $? >code' 2>&1";
    let ended = stage.types(line)?.end(stage.container)?;
    says(&ended.said, &["checkpoint is itself in the cgroup"])?;
    stage.container.wait_for(&["frozen 0", "populated 0"])?;
    let line = "inside checkpoint --check $CG";
    refused(&stage.types(line)?.end(stage.container)?, "run it from outside")?;
    stage.container.wait_for(&["frozen 0"])
}
