// SPDX-License-Identifier: GPL-2.0

//! Fact: who outside has a file of the container open is found although a restart has brought him back too,
//! on a machine that was started after him: his start lies before all time, or in the future by the image.

use std::fs;

use ckpt_format::Kind::Usage;

use super::stage::{ensure, Stage};
use crate::edit::Change::{Both, Set};
use crate::edit::{edited, field};
use crate::modes;
use crate::verdict::{Doing, Outcome, Step};

const STARTS: [u64; 2] = [1 << 63, i64::MAX as u64];

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("tree")?;
    let image = stage.image()?;
    for start in STARTS {
        let fields = ["start_boottime_ns", "start_monotonic_ns"];
        let starts = fields.map(|name| Set(field(name), start));
        let altered = edited(&image, Usage, |_| true, Both(Box::leak(Box::new(starts))));
        let altered = altered.ok_or_else(|| Outcome::failed("no task has started"))?;
        fs::write(stage.container.image(), altered).doing("the image")?;
        let said = with_one_outside(stage)?;
        ensure(said.contains("is also open in"), &said)?;
    }
    fs::write(stage.container.image(), image).doing("the image")?;
    stage.image_is_good()
}

/// What is said of the container when its first process has been moved out of it.
fn with_one_outside(stage: &Stage) -> Step<String> {
    let restart = modes::restart_frozen(stage.container)?;
    let outside = stage.cgroup().with_extension("outside");
    fs::create_dir_all(&outside).doing("a cgroup")?;
    fs::write(outside.join("cgroup.freeze"), "1").doing("cgroup.freeze")?;
    let pids = stage.container.pids();
    let first = pids.first().ok_or_else(|| Outcome::failed("nothing was restarted"))?;
    fs::write(outside.join("cgroup.procs"), first.to_string()).doing("the move")?;
    let ended = stage.checkpoint(&["--check"])?;
    fs::write(outside.join("cgroup.kill"), "1").doing("cgroup.kill")?;
    stage.container.end()?;
    let _ = restart.end(stage.container)?;
    let _ = fs::remove_dir(&outside);
    Ok(ended.said)
}
