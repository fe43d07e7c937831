// SPDX-License-Identifier: GPL-2.0

//! The mode `faulted`: each allocation and each user copy that a checkpoint or a restart of a program makes
//! fails once. Then it fails, with a sentence, and the container is as it was, or nothing is there; or it
//! succeeds, and is as good as any.
//!
//! What the kernel reports meanwhile fails the test. Each point takes a whole checkpoint or restart: what
//! the time is too short for is left out evenly, and said.

pub mod alone;
mod bare;
mod call;
mod checkpoint;
mod images;
mod nth;
mod restart;
mod sweep;
pub mod together;
mod watched;

use std::time::{Duration, Instant};

use crate::container::Container;
use crate::plan::Job;
use crate::snapshot::Snapshot;
use crate::verdict::Step;
use crate::{modes, wait, Places};

use restart::Saved;
use sweep::Sweep;

/// There is more to try than of altered images.
const LONGER: u32 = 5;

/// The calls are tried whole if that can be; each tool around them has this part of the time.
const TOOL: u32 = 20;

/// With so much time for a fact, or more, every point of the calls has to be tried; with less it is a sample.
const FOR_ALL: Duration = Duration::from_secs(1200);

/// What remains of the time for a fact. A sweep that has come to its end leaves its share to those after it.
pub struct Remaining {
    end: Instant,
    tool: Duration,
}

impl Remaining {
    fn new(whole: Duration) -> Self {
        Self {
            end: Instant::now() + whole,
            tool: whole / TOOL,
        }
    }

    /// One part of so many, for a system call.
    fn share(&self, parts: u32) -> Duration {
        self.left().saturating_sub(self.tool) / parts
    }

    /// For a tool.
    fn tool(&self) -> Duration {
        self.tool.min(self.left())
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

pub fn faulted(container: &Container, job: &Job, places: &Places) -> Step<()> {
    let with_copies = nth::prepare()?;
    let remaining = Remaining::new(places.altered * LONGER);
    let mut sweeps = checkpoints(container, job, places, &remaining)?;
    let fresh = Container::new(&places.work, &job.label())?;
    let fresh = Container {
        wait: container.wait,
        ..fresh
    };
    sweeps.extend(restarts(&fresh, job, places, &remaining)?);
    let remark = match with_copies {
        true => "",
        false => "; this kernel fails no user copies",
    };
    let whole = places.altered * LONGER >= FOR_ALL;
    Err(sweep::verdict(&sweeps, whole, remark))
}

/// After all of them the program checks itself, unless it looks at a clock.
fn checkpoints(
    container: &Container,
    job: &Job,
    places: &Places,
    remaining: &Remaining,
) -> Step<Vec<Sweep>> {
    let (mut child, ready) = modes::started(container, job, places)?;
    let before = modes::frozen_snapshot(container, &ready, true)?;
    let (call, reference) = call::sweep(container, job, remaining.share(4))?;
    let tool = checkpoint::sweep(container, job, Some(&reference), remaining.tool())?;
    before.must_equal(&Snapshot::take(container, true)?, ready.may_fire)?;
    // Who measures how long a call took has been in it for as long as all of this did.
    let mut sweeps = vec![call, tool];
    if !ready.ends {
        container.thaw()?;
        sweeps.push(checkpoint::sweep(container, job, None, remaining.tool())?);
        modes::release(container, &ready)?;
        modes::end_of_program(container, &mut child)?;
    }
    container.end()?;
    wait::for_child(&mut child, wait::LIMIT);
    Ok(sweeps)
}

/// The last one goes on, and checks itself.
fn restarts(
    container: &Container,
    job: &Job,
    places: &Places,
    remaining: &Remaining,
) -> Step<Vec<Sweep>> {
    let (mut child, ready) = modes::started(container, job, places)?;
    let before = modes::frozen_snapshot(container, &ready, true)?;
    modes::kill_and_checkpoint(container, &mut child)?;
    container.end()?;
    let saved = Saved::new(container, job, &before, ready.may_fire)?;
    let sweeps = saved.sweep(remaining)?;
    saved.mounts_are_gone()?;
    saved.is_good(&ready)?;
    Ok(sweeps)
}
