// SPDX-License-Identifier: GPL-2.0

//! checkpoint(2), with somebody beside it who takes in its log and interrupts it in time.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::ExitCode;
use std::time::{Duration, Instant};

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

/// What is to be saved, how, and who is to hear of it.
pub struct Checkpoint<'a> {
    /// The container.
    pub cgroup: &'a Cgroup,
    /// What was asked for.
    pub options: &'a Options,
    /// What may come between.
    pub interrupts: &'a Interrupts,
    /// How to speak.
    pub voice: &'a Voice,
}

impl Checkpoint<'_> {
    /// Freezes the container, writes the image, and lets the container go on if it shall.
    pub fn save(&self, sink: &Sink, freezer: &mut Freezer<'_>) -> Result<CheckpointStats> {
        let goes_on = !self.options.kill && !self.options.leave_frozen;
        let outcome = self.call(sink.descriptor(), freezer, goes_on)?;
        let error = match outcome.value? {
            Ok(stats) => {
                self.voice.log(&parse_log(&outcome.log).unwrap_or_default());
                return Ok(stats);
            }
            Err(error) => error,
        };
        let (signal, limit) = (self.interrupts.take(), self.options.max_frozen);
        match (outcome.stop, signal, limit) {
            (Some(Stop::Heeded(_)), Some(interrupt), _) => Err(Stopped(interrupt.signal).into()),
            (Some(Stop::Deadline), _, Some(limit)) => Err(anyhow!(
                "the container would stand still for longer than {limit:?} (--max-frozen): \
                 it goes on, and the image is not complete"
            )),
            _ => Err(Refused::new("checkpoint(2)", error, &outcome.log)
                .leaving("nothing was saved; the container is as it was")
                .into()),
        }
    }

    /// Freezes the container, looks for obstacles, and tells all of them.
    pub fn check(&self, freezer: &mut Freezer<'_>) -> Result<ExitCode> {
        let outcome = self.call(None, freezer, true)?;
        match (outcome.value?, self.interrupts.take()) {
            (Err(_), Some(interrupt)) => Err(Stopped(interrupt.signal).into()),
            (Err(error), None) => Err(Refused::new("checkpoint(2)", error, &outcome.log).into()),
            (Ok(_), _) => match self.voice.log(&parse_log(&outcome.log).unwrap_or_default()) {
                0 => {
                    self.voice.remark("nothing stands in the way");
                    Ok(ExitCode::SUCCESS)
                }
                _ => Ok(ExitCode::FAILURE),
            },
        }
    }

    /// All that can be done before the container stands still or after it goes on is done there.
    fn call(
        &self,
        image: Option<BorrowedFd<'_>>,
        freezer: &mut Freezer<'_>,
        goes_on: bool,
    ) -> Result<Outcome<Result<io::Result<CheckpointStats>>>> {
        let most = self.options.max_frozen;
        let attendant = Attendant {
            heed: vec![(self.interrupts.as_fd(), Duration::ZERO)],
            deadline: most.and_then(|most| Instant::now().checked_add(most)),
            what: "checkpoint",
        };
        Ok(attendant.attend(|log| {
            freezer.freeze(self.options.freeze_limit(), self.interrupts)?;
            let result = calls::checkpoint(self.cgroup.as_fd(), image, log);
            if goes_on || result.is_err() {
                freezer.put_back()?;
            }
            Ok(result)
        })?)
    }
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
