// SPDX-License-Identifier: GPL-2.0

//! Fact: whatever arguments both system calls get, from root, from an operator with CAP_CHECKPOINT_RESTORE
//! and from a user: nothing hangs, nothing is left, and an ordinary restart works afterwards. (What the
//! kernel reports fails every test.)

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::hostile::Ground;
use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Outcome, Step};
use crate::{say, wait};

pub fn run(stage: &Stage) -> Step<()> {
    storm(stage, 3, 1)
}

/// So many seconds for each caller.
pub fn storm(stage: &Stage, seconds: u64, seed: u64) -> Step<()> {
    stage.saved("sleeper")?;
    let ground = Ground::prepare(stage)?;
    // Something to save, beside it.
    let frozen = stage.cgroup().with_extension("frozen");
    fs::create_dir(&frozen).doing("a cgroup")?;
    let mut sleeper = Command::new("sleep").arg("100000").spawn().doing("sleep")?;
    fs::write(frozen.join("cgroup.procs"), sleeper.id().to_string()).doing("cgroup.procs")?;
    fs::write(frozen.join("cgroup.freeze"), "1").doing("cgroup.freeze")?;
    let mut outcome = Ok(());
    for caller in ["root", "operator", "user"] {
        outcome = one(stage, &ground, (caller, seconds, seed), &frozen);
        if outcome.is_err() {
            break;
        }
    }
    fs::write(frozen.join("cgroup.kill"), "1").doing("cgroup.kill")?;
    let _ = sleeper.wait();
    let gone = wait::until(wait::LIMIT, || fs::remove_dir(&frozen).ok());
    outcome?;
    ensure(gone.is_some(), "what was saved is still held")?;
    ground.clear()?;
    drop(ground);
    stage.container.end()?;
    stage.image_is_good()
}

fn one(
    stage: &Stage,
    ground: &Ground,
    (caller, seconds, seed): (&str, u64, u64),
    frozen: &std::path::Path,
) -> Step<()> {
    let log = stage.log("storm");
    let out = File::create(&log).doing("the log")?;
    let err = out.try_clone().doing("the log")?;
    let mut child = Command::new(std::env::current_exe().doing("our own path")?)
        .args(["storm", caller, &seconds.to_string(), &seed.to_string()])
        .args([&ground.from, &ground.inside])
        .arg(frozen)
        .arg(stage.container.image())
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .spawn()
        .doing("the caller")?;
    let patience = Duration::from_secs(seconds) + wait::LIMIT;
    let status = wait::for_child(&mut child, patience);
    let said = fs::read_to_string(&log).unwrap_or_default();
    say(&format!("{caller}: {}", said.trim()));
    let status = status.ok_or_else(|| {
        let known = crate::hang::what_is_known(stage.container);
        let _ = child.kill();
        Outcome::failed(format!("{caller}: hangs, seed {seed}\n{said}{known}"))
    })?;
    ensure(status.success(), &format!("{caller}: ended with {status}, seed {seed}\n{said}"))?;
    ground.clear()
}
