// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint that is killed, or asked to stop, between any two records of its image leaves the
//! container running; a restart, also one whose image stops there, leaves nothing.

use std::os::unix::process::ExitStatusExt;

use super::phases::{borders, caught_checkpoint, caught_restart, counted, send, some};
use super::stage::{ensure, kill, refused, Stage};
use crate::modes;
use crate::tool::Running;
use crate::verdict::Step;

/// How a tool may be made to end.
const SIGNALS: [i32; 3] = [libc::SIGKILL, libc::SIGINT, libc::SIGTERM];

pub fn run(stage: &Stage) -> Step<()> {
    play(stage, 3)
}

/// At so many places.
pub fn play(stage: &Stage, most: usize) -> Step<()> {
    let checkpoints = checkpoints(stage, most)?;
    stage.reset()?;
    let restarts = restarts(stage, most)?;
    Err(counted(checkpoints, restarts))
}

fn checkpoints(stage: &Stage, most: usize) -> Step<usize> {
    let mut child = stage.start("tree")?;
    modes::checkpoint(stage.container, &[])?;
    let all = borders(&stage.image()?)?;
    let mut count = 0;
    for border in some(&all, most) {
        for signal in SIGNALS {
            let (checkpoint, _reader) = caught_checkpoint(stage, border)?;
            end(stage, checkpoint, signal, border)?;
            stage.container.wait_for(&["frozen 0", "populated 1"])?;
            count += 1;
        }
    }
    stage.goes_on(&mut child)?;
    Ok(count)
}

fn restarts(stage: &Stage, most: usize) -> Step<usize> {
    stage.saved("tree")?;
    let image = stage.image()?;
    let mut all = borders(&image)?;
    // A whole image would run.
    all.pop();
    all.push(image.len() - 1);
    let mut count = 0;
    for border in some(&all, most) {
        for signal in [0].into_iter().chain(SIGNALS) {
            let (restart, writer) = caught_restart(stage, &image[..border], &[])?;
            if signal == 0 {
                drop(writer);
                refused(&restart.end(stage.container)?, "")?;
            } else {
                end(stage, restart, signal, border)?;
            }
            stage.nothing_is_left()?;
            count += 1;
        }
    }
    stage.image_is_good()?;
    Ok(count)
}

/// Ends a tool that has not come to its own end.
fn end(stage: &Stage, tool: Running, signal: i32, border: usize) -> Step<()> {
    if signal == libc::SIGKILL {
        kill(tool.child);
        return Ok(());
    }
    send(&tool.child, signal);
    let ended = tool.end(stage.container)?;
    let why = format!("stopped at {border}: {}\n{}", ended.status, ended.said);
    let is_fine = ended.status.success() || ended.status.signal() == Some(signal);
    ensure(is_fine, &why)
}
