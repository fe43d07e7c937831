// SPDX-License-Identifier: GPL-2.0

//! Fact: a container can be saved and restarted again and again, each image made from the one before: it
//! stays what it is, its image does not grow, and the kernel keeps nothing of those that have gone.
//!
//! Runs alone: it counts what the whole machine has.

use std::fs;

use super::counts::{self, Counts};
use super::stage::{ensure, fine, Stage};
use super::stats::Stats;
use crate::verdict::{Outcome, Step};
use crate::wait;

/// Until then what the kernel makes once, and keeps, is there.
pub const SETTLED: usize = 3;

/// rt_sigtimedwait.
const WAITS_FOR_US: &str = "128";

pub fn run(stage: &Stage) -> Step<()> {
    play(stage, 10)
}

pub fn play(stage: &Stage, generations: usize) -> Step<()> {
    let mut child = stage.start("generations")?;
    let mut images = Vec::new();
    let mut settled = Counts::new();
    for generation in 1..=generations {
        asleep(stage)?;
        images.push(save(stage)?);
        if generation == 1 {
            wait::for_child(&mut child, wait::LIMIT);
        }
        stage.container.end()?;
        if generation == SETTLED {
            settled = counts::take()?;
        }
        if generation == generations {
            counts::must_not_have_grown(&settled, generations)?;
        }
        fine(&stage.restart(&["--detach"])?)?;
        signal(asleep(stage)?, libc::SIGUSR1);
        says(stage, &format!("generation {generation}"))?;
        if generation % 100 == 0 {
            crate::say(&format!("tools/generations: {generation} of {generations}"));
        }
    }
    let (second, last) = (&images[1], &images[generations - 1]);
    // A page more of a stack that was used divides a run, or joins two.
    let is_like = |second: u64, last: u64| second.abs_diff(last) <= second / 50;
    ensure(
        is_like(second.records, last.records) && is_like(second.bytes, last.bytes),
        &format!("the second image and the last differ: {second:?}, {last:?}"),
    )?;
    signal(asleep(stage)?, libc::SIGUSR2);
    says(stage, "passed")?;
    stage.nothing_is_left()
}

#[derive(Debug)]
struct Image {
    records: u64,
    bytes: u64,
}

fn save(stage: &Stage) -> Step<Image> {
    let image = stage.container.image();
    let _ = fs::remove_file(&image);
    let options = ["--kill", "--stats", "--json", "-o"].map(AsRef::as_ref);
    let stats = Stats::of(&stage.checkpoint(&[&options[..], &[image.as_os_str()]].concat())?)?;
    Ok(Image {
        records: stats.number("records")?,
        bytes: stats.number("bytes")?,
    })
}

/// Waits until all tasks sleep in the calls that they are always found in; gives the one that waits for
/// our signals.
fn asleep(stage: &Stage) -> Step<i32> {
    let found = wait::until(wait::LIMIT, || {
        let threads = fs::read_to_string(stage.cgroup().join("cgroup.threads")).ok()?;
        let calls: Option<Vec<String>> = threads
            .lines()
            .map(|thread| {
                let call = fs::read_to_string(format!("/proc/{thread}/syscall")).ok()?;
                (call.split(' ').count() > 2).then_some(call)
            })
            .collect();
        let place = calls?.iter().position(|call| call.split(' ').next() == Some(WAITS_FOR_US))?;
        threads.lines().nth(place)?.parse().ok()
    });
    found.ok_or_else(|| {
        let known = crate::hang::what_is_known(stage.container);
        Outcome::failed(format!("it does not wait\n{}{known}", stage.container.complaints()))
    })
}

fn signal(pid: i32, signal: i32) {
    // SAFETY: takes no pointer.
    unsafe { libc::kill(pid, signal) };
}

/// Waits until it says this, and nothing was wrong.
fn says(stage: &Stage, what: &str) -> Step<()> {
    let output = || stage.container.output();
    let said = wait::until(wait::LIMIT, || {
        let is_said = output().lines().any(|line| line == what);
        (is_said || output().lines().any(|line| line == "failed")).then_some(())
    });
    let is_fine = said.is_some() && !output().contains("differs") && !output().contains("failed");
    ensure(
        is_fine,
        &format!("it does not say '{what}'\n{}", stage.container.complaints()),
    )
}
