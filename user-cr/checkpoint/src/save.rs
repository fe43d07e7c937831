// SPDX-License-Identifier: GPL-2.0

//! checkpoint(2), with somebody beside it who takes in its log and interrupts it in time.

use std::os::fd::{AsFd, BorrowedFd};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{anyhow, Result};
use ckpt_format::calls::CheckpointStats;
use ckpt_image::log::parse_log;
use ckpt_sys::attendant::{Attendant, Outcome, Stop};
use ckpt_sys::calls;
use ckpt_sys::cgroup::Cgroup;
use ckpt_sys::signals::Interrupts;
use ckpt_sys::voice::Figure::{Bytes, Count, Time};
use ckpt_sys::voice::{Refused, Stopped, Voice};
use zerocopy::little_endian::U64;

use crate::freezer::{Freezer, Times};
use crate::options::Options;
use crate::sink::Sink;

/// Writes the image.
pub fn save(
    cgroup: &Cgroup,
    sink: &Sink,
    freezer: &Freezer<'_>,
    options: &Options,
    interrupts: &Interrupts,
    voice: &Voice,
) -> Result<CheckpointStats> {
    let outcome = call(cgroup, sink.descriptor(), freezer, options, interrupts)?;
    let error = match outcome.value {
        Ok(stats) => {
            voice.log(&parse_log(&outcome.log).unwrap_or_default());
            return Ok(stats);
        }
        Err(error) => error,
    };
    match (outcome.stop, options.max_frozen, interrupts.take()) {
        (Some(Stop::Heeded(_)), _, Some(interrupt)) => Err(Stopped(interrupt.signal).into()),
        (Some(Stop::Deadline), Some(limit), _) => Err(anyhow!(
            "the container would stand still for longer than {limit:?} (--max-frozen): \
             it goes on, and the image is not complete"
        )),
        _ => Err(Refused::new("checkpoint(2)", error, &outcome.log)
            .leaving("nothing was saved; the container goes on")
            .into()),
    }
}

/// Looks for obstacles, and tells all of them.
pub fn check(
    cgroup: &Cgroup,
    freezer: &Freezer<'_>,
    options: &Options,
    interrupts: &Interrupts,
    voice: &Voice,
) -> Result<ExitCode> {
    let outcome = call(cgroup, None, freezer, options, interrupts)?;
    match (outcome.value, interrupts.take()) {
        (Err(_), Some(interrupt)) => Err(Stopped(interrupt.signal).into()),
        (Err(error), None) => Err(Refused::new("checkpoint(2)", error, &outcome.log).into()),
        (Ok(_), _) => match voice.log(&parse_log(&outcome.log).unwrap_or_default()) {
            0 => {
                voice.remark("nothing stands in the way");
                Ok(ExitCode::SUCCESS)
            }
            _ => Ok(ExitCode::FAILURE),
        },
    }
}

fn call(
    cgroup: &Cgroup,
    image: Option<BorrowedFd<'_>>,
    freezer: &Freezer<'_>,
    options: &Options,
    interrupts: &Interrupts,
) -> Result<Outcome<std::io::Result<CheckpointStats>>> {
    let attendant = Attendant {
        heed: vec![(interrupts.as_fd(), Duration::ZERO)],
        deadline: options
            .max_frozen
            .and_then(|limit| freezer.since().checked_add(limit)),
        what: "checkpoint",
    };
    Ok(attendant.attend(|log| calls::checkpoint(cgroup.as_fd(), image, log))?)
}

/// Says what was measured.
pub fn tell(stats: &CheckpointStats, frozen: Times, voice: &Voice) {
    let time = |ns: U64| Time(Duration::from_nanos(ns.get()));
    voice.stats(&[
        ("frozen_ns", Time(frozen.total)),
        ("freeze_ns", Time(frozen.freeze)),
        ("pin_ns", time(stats.pin_ns)),
        ("capture_ns", time(stats.capture_ns)),
        ("stream_ns", time(stats.stream_ns)),
        ("tasks", Count(stats.tasks.get())),
        ("records", Count(stats.records.get())),
        ("bytes", Bytes(stats.bytes.get())),
        ("pages", Count(stats.pages.get())),
        ("zero_pages", Count(stats.zero_pages.get())),
        ("capture_bytes", Bytes(stats.capture_bytes.get())),
    ]);
}
