// SPDX-License-Identifier: GPL-2.0

//! Fact: whoever is killed at whatever moment of a restart in which processes share their signal actions,
//! a task with many threads, the one that it shares them with, or the tool: nothing is left, or all of it
//! stands there.

use std::time::{Duration, Instant};

use ckpt_fuzz::Random;

use super::stage::{ensure, fine, kill, refused, Stage};
use crate::verdict::{Outcome, Step};
use crate::{modes, wait};

const SEED: u64 = 9;
const OPTIONS: [&str; 2] = ["--detach", "--frozen"];

pub fn run(stage: &Stage) -> Step<()> {
    play(stage, 10)
}

/// At so many moments.
pub fn play(stage: &Stage, rounds: usize) -> Step<()> {
    stage.saved("shared_actions")?;
    let begin = Instant::now();
    fine(&stage.restart(&OPTIONS)?)?;
    let duration = begin.elapsed();
    let living = stage.container.pids().len();
    stage.container.end()?;
    let mut random = Random::new(SEED);
    let mut failed = 0;
    for _ in 0..rounds {
        let delay = duration.as_micros() as usize * 11 / 10;
        let delay = Duration::from_micros(random.below(delay) as u64);
        let victim = random.below(living + 1);
        if !stands_after(stage, delay, victim, living)? {
            failed += 1;
        }
        stage.container.end()?;
        stage.nothing_is_left()?;
    }
    stage.image_is_good()?;
    let why = format!("{failed} of {rounds} restarts failed");
    ensure(failed > 0, &why)?;
    Err(Outcome {
        why,
        ..Outcome::passed()
    })
}

/// Kills the tool, or one of the processes, after a while.
fn stands_after(stage: &Stage, delay: Duration, victim: usize, living: usize) -> Step<bool> {
    let restart = modes::restart(stage.container, &OPTIONS)?;
    std::thread::sleep(delay);
    if victim == living {
        kill(restart.child);
        let is_gone = || !stage.cgroup().exists() && stage.container.relatives().is_empty();
        let stands = || stage.container.pids().len() == living && stage.container.holds("frozen 1");
        let over = wait::until(wait::LIMIT, || match (is_gone(), stands()) {
            (false, false) => None,
            (_, stands) => Some(stands),
        });
        return over.ok_or_else(|| {
            let known = crate::hang::what_is_known(stage.container);
            let relatives = stage.container.relatives();
            Outcome::failed(format!(
                "a part of it is left: killed after {delay:?}; {relatives:?}\n{known}"
            ))
        });
    }
    if let Some(pid) = stage.container.pids().get(victim) {
        // SAFETY: takes no pointer.
        unsafe { libc::kill(*pid, libc::SIGKILL) };
    }
    let ended = restart.end(stage.container)?;
    if ended.status.success() {
        return Ok(true);
    }
    refused(&ended, "")?;
    stage.nothing_is_left()?;
    Ok(false)
}
