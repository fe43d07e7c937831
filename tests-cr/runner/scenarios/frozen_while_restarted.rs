// SPDX-License-Identifier: GPL-2.0

//! Fact: who freezes a container while it is being restarted, or saves it, finds it frozen when it is
//! there.

use std::fs;

use super::phases::{borders, caught_restart, some, write_some};
use super::stage::{ensure, fine, Stage};
use crate::tool::{self, Running};
use crate::verdict::{Doing, Outcome, Step};

/// Places at which it happens.
const PLACES: usize = 4;

pub fn run(stage: &Stage) -> Step<()> {
    through(stage, "sleeper")?;
    stage.reset()?;
    stage.container.make_cgroup()?;
    through(stage, "with_made")
}

fn through(stage: &Stage, sample: &str) -> Step<()> {
    stage.saved(sample)?;
    let image = stage.image()?;
    let all = some(&borders(&image)?, PLACES + 1);
    for border in &all[1..all.len() - 1] {
        frozen(stage, &image, *border)?;
        saved(stage, &image, *border)?;
    }
    // The last one is an image of what was frozen as soon as it was there.
    stage.image_is_good()
}

fn frozen(stage: &Stage, image: &[u8], border: usize) -> Step<()> {
    let meanwhile = || {
        let freezer = stage.cgroup().join("cgroup.freeze");
        fs::write(freezer, "1").doing("cgroup.freeze")
    };
    let (restart, ()) = restarted(stage, image, border, meanwhile)?;
    stage.container.wait_for(&["frozen 1", "populated 1"])?;
    let freezer = fs::read_to_string(stage.cgroup().join("cgroup.freeze"));
    let freezer = freezer.doing("cgroup.freeze")?;
    ensure(freezer.trim() == "1", "cgroup.freeze does not say so")?;
    stage.container.kill();
    restart.end(stage.container)?;
    stage.nothing_is_left()
}

fn saved(stage: &Stage, image: &[u8], border: usize) -> Step<()> {
    let meanwhile = || {
        let log = stage.log("checkpoint");
        let options = ["--kill", "--freeze-timeout", "5m", "-o"];
        let mut command = tool::command("checkpoint", &options, &log)?;
        command.arg(stage.container.image()).arg(stage.cgroup());
        let checkpoint = tool::start(command, &log)?;
        let freezer = stage.cgroup().join("cgroup.freeze");
        let is_asked = || fs::read_to_string(&freezer).is_ok_and(|text| text.trim() == "1");
        crate::wait::until(crate::wait::LIMIT, || is_asked().then_some(()))
            .ok_or_else(|| Outcome::failed("checkpoint does not freeze it"))?;
        Ok(checkpoint)
    };
    let (restart, checkpoint) = restarted(stage, image, border, meanwhile)?;
    fine(&checkpoint.end(stage.container)?)?;
    restart.end(stage.container)?;
    stage.nothing_is_left()
}

/// A restart, while which something happens that it waits for with the rest of its image.
fn restarted<T>(
    stage: &Stage,
    image: &[u8],
    border: usize,
    meanwhile: impl FnOnce() -> Step<T>,
) -> Step<(Running, T)> {
    let (restart, mut writer) = caught_restart(stage, &image[..border], &[])?;
    let result = meanwhile()?;
    write_some(&mut writer, &image[border..])?;
    Ok((restart, result))
}
