// SPDX-License-Identifier: GPL-2.0

//! `checkpoint`: saves a running container to an image. A library so that its manual page can be
//! made of its options.

#![forbid(unsafe_code)]

mod container;
mod duration;
mod freezer;
mod hand_in;
mod hierarchies;
mod laggards;
mod limits;
mod names;
pub mod options;
mod save;
mod sink;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{bail, Result};
use ckpt_sys::calls;
use ckpt_sys::signals::{ignore, reset, Interrupts};
use ckpt_sys::voice::Voice;
use clap::Parser;
use nix::sys::signal::Signal::{SIGCHLD, SIGHUP, SIGINT, SIGTERM, SIGXFSZ};

use freezer::Freezer;
use options::Options;
use save::Checkpoint;
use sink::Sink;

/// The program.
pub fn main() -> ExitCode {
    let options = Options::parse();
    let voice = Voice::new("checkpoint", options.json);
    match checkpoint(&options, &voice) {
        Ok(code) => code,
        Err(error) => voice.fail(&error),
    }
}

fn checkpoint(options: &Options, voice: &Voice) -> Result<ExitCode> {
    if !calls::are_there() {
        bail!(calls::NOT_THERE);
    }
    let cgroup = container::open(&options.cgroup)?;
    let remarks = [limits::remark(cgroup.path()), hierarchies::remark(&cgroup)];
    for remark in remarks.into_iter().flatten() {
        voice.remark(&remark);
    }
    let sink = Sink::open(options)?;
    reset(SIGCHLD)?;
    // That the image became too large is an error of writing it, and told as such.
    ignore(SIGXFSZ)?;
    let interrupts = Interrupts::hold(&[SIGINT, SIGTERM, SIGHUP])?;
    if let Some(remark) = sink.close_to_others()? {
        voice.remark(remark);
    }
    let mut freezer = Freezer::new(&cgroup, sink.temporary(), voice)?;
    let mut sink = sink.begin()?;

    let checkpoint = Checkpoint {
        cgroup: &cgroup,
        options,
        interrupts: &interrupts,
        voice,
    };
    if options.check {
        return checkpoint.check(&mut freezer);
    }
    let stats = checkpoint.save(&sink, &mut freezer)?;
    // What does not go on must be safe on the disk before it is killed.
    let start = Instant::now();
    sink.complete()?;
    let sync = start.elapsed();
    if options.kill {
        container::kill(&cgroup, &interrupts)?;
        freezer.put_back()?;
    }
    let frozen = freezer.dismiss();
    if options.stats {
        save::tell(&stats, frozen, sync, voice);
    }
    Ok(ExitCode::SUCCESS)
}
