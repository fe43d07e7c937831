// SPDX-License-Identifier: GPL-2.0

//! checkpoint(2), with somebody beside it who takes in its log and interrupts it in time.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{anyhow, Context, Result};
use ckpt_format::calls::{CheckpointStats, LogRecord};
use ckpt_format::reason::Reason;
use ckpt_image::log::parse_log;
use ckpt_sys::attendant::{self, Attendant, Outcome, Stop};
use ckpt_sys::calls::{self, Outside, Target};
use ckpt_sys::cgroup::Cgroup;
use ckpt_sys::command::Command;
use ckpt_sys::signals::Interrupts;
use ckpt_sys::voice::Figure::{Bytes, Count, Time};
use ckpt_sys::voice::{Refused, Stopped, Voice};
use zerocopy::little_endian::U64;

use crate::container;
use crate::freezer::{Freezer, Times};
use crate::names::Names;
use crate::options::Options;
use crate::sink::{self, Sink};

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
        let outcome = self.attempt(sink.descriptor(), freezer, goes_on)?;
        let failure = match outcome.value? {
            Ok(stats) => {
                self.voice.log(&parse_log(&outcome.log).unwrap_or_default());
                return Ok(stats);
            }
            Err(failure) => failure,
        };
        let (signal, limit) = (self.interrupts.take(), self.options.max_frozen);
        match (outcome.stop, signal, limit) {
            (Some(Stop::Heeded(_)), Some(interrupt), _) => Err(Stopped(interrupt.signal).into()),
            (Some(Stop::Deadline), _, Some(limit)) => Err(anyhow!(
                "the container would stand still for longer than {limit:?} (--max-frozen): \
                 it is as it was, and the image is not complete"
            )),
            _ => {
                let (error, log) = match failure {
                    Failure::Refused(error) => (error, outcome.log),
                    Failure::RefusedAtLast(error, log) => (error, log),
                    Failure::Other(error) => return Err(error),
                };
                Err(Refused::new("checkpoint(2)", error, &log)
                    .leaving("nothing was saved; the container is as it was")
                    .into())
            }
        }
    }

    /// Freezes the container, looks for obstacles, and tells all of them.
    pub fn check(&self, freezer: &mut Freezer<'_>) -> Result<ExitCode> {
        let outcome = self.attempt(None, freezer, true)?;
        match (outcome.value?, self.interrupts.take()) {
            (Err(_), Some(interrupt)) => Err(Stopped(interrupt.signal).into()),
            (Err(Failure::Other(error)), None) => Err(error),
            (Err(Failure::Refused(error) | Failure::RefusedAtLast(error, _)), None) => {
                Err(Refused::new("checkpoint(2)", error, &outcome.log).into())
            }
            (Ok(_), _) => match self.voice.log(&parse_log(&outcome.log).unwrap_or_default()) {
                0 => {
                    self.voice.remark("nothing stands in the way");
                    Ok(ExitCode::SUCCESS)
                }
                _ => Ok(ExitCode::FAILURE),
            },
        }
    }

    /// Makes the call, and once more whenever what stood in its way may be out of it. Nothing of an image
    /// has been written then.
    fn attempt(
        &self,
        image: Option<BorrowedFd<'_>>,
        freezer: &mut Freezer<'_>,
        goes_on: bool,
    ) -> Result<Called> {
        let mut names = Names::default();
        if self.options.sync {
            self.sync_ahead()?;
        }
        let start = Instant::now();
        loop {
            let outcome = self.call(image, freezer, goes_on)?;
            let is_refused = matches!(outcome.value, Ok(Err(Failure::Refused(_))));
            if outcome.stop.is_some() || !is_refused {
                return Ok(outcome);
            }
            let log = parse_log(&outcome.log).unwrap_or_default();
            let is_early =
                is_not_frozen(&log) && start.elapsed() < self.options.freeze_limit().time;
            if !is_early && !names.look_for(&log, self.interrupts, self.voice)? {
                return Ok(outcome);
            }
        }
    }

    /// Nothing stands still yet: this may take as long as the disk takes, and counts against no limit.
    fn sync_ahead(&self) -> Result<()> {
        let attendant = Attendant {
            what: "sync",
            ..Attendant::default()
        };
        let outcome = attendant.attend(|_| container::sync(self.cgroup, self.interrupts))?;
        outcome.value
    }

    /// All that can be done before the container stands still or after it goes on is done there.
    fn call(
        &self,
        image: Option<BorrowedFd<'_>>,
        freezer: &mut Freezer<'_>,
        goes_on: bool,
    ) -> Result<Called> {
        let most = self.options.max_frozen;
        let attendant = Attendant {
            heed: vec![(self.interrupts.as_fd(), Duration::ZERO)],
            deadline: most.and_then(|most| Instant::now().checked_add(most)),
            what: "checkpoint",
        };
        let sync = self.options.sync;
        let hand_in = self.options.hand_in.numbers();
        let outside = Outside {
            hand_in,
            reconnect: self.options.reconnect,
            relay: !hand_in.is_empty(),
        };
        let target = image.map(|image| Target { image, sync });
        freezer.hold_stops()?;
        Ok(attendant.attend(|log| {
            freezer.freeze(self.options.freeze_limit(), self.interrupts)?;
            let mut command = None;
            let result = calls::checkpoint(self.cgroup.as_fd(), target, outside, log)
                .map_err(Failure::Refused)
                .and_then(|(stats, end)| {
                    self.run_command(&mut command)?;
                    let Some(image) = image else {
                        return Ok(stats);
                    };
                    if self.options.kill {
                        // So that little is left to do between this look and the end.
                        sink::sync_so_far(image)?;
                        self.look_again(&stats, outside)?;
                    }
                    sink::write(image, &end)?;
                    Ok(stats)
                });
            if goes_on || result.is_err() {
                freezer.put_back()?;
            }
            // A command that runs on has to end, but the container need not wait for that.
            drop(command);
            Ok(result)
        })?)
    }

    /// What comes between the stream and its end.
    fn run_command(&self, command: &mut Option<Command>) -> Result<(), Failure> {
        let Some(script) = &self.options.while_frozen else {
            return Ok(());
        };
        let cgroup = self.cgroup.path().as_os_str();
        let command = Command::start(script, &[("CHECKPOINT_CGROUP", cgroup)])
            .map(|started| command.insert(started))
            .context("cannot start the command of --while-frozen")?;
        match command.wait().context("--while-frozen")? {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(anyhow!(
                "the command of --while-frozen failed ({status}): nothing was saved; \
                 the container is as it was"
            )
            .into()),
            None => Err(anyhow!("the command of --while-frozen was interrupted").into()),
        }
    }

    /// What has reached the container since it was looked at is not in the image, and would be lost with
    /// it.
    fn look_again(&self, before: &CheckpointStats, outside: Outside<'_>) -> Result<(), Failure> {
        let look = |log: BorrowedFd<'_>| calls::checkpoint(self.cgroup.as_fd(), None, outside, log);
        let (now, said) = attendant::logged(look).context("cannot look at it once more")?;
        let (now, _) = now.map_err(|error| Failure::RefusedAtLast(error, said))?;
        let kinds = [
            (
                before.members,
                now.members,
                "a process of it has run, ended, come or gone",
            ),
            (before.signals, now.signals, "a signal was sent to it"),
            (before.messages, now.messages, "a message was sent to it"),
            (
                before.typed,
                now.typed,
                "something was typed at its terminal",
            ),
        ];
        match kinds.iter().find(|(before, now, _)| before != now) {
            Some((.., what)) => Err(anyhow!(
                "{what} while the image was written, and would be lost with --kill: nothing was \
                 saved; the container is as it was; try again"
            )
            .into()),
            None => Ok(()),
        }
    }
}

/// Is that all? It was frozen when we looked: a task in it that had been killed has begun to die since.
fn is_not_frozen(log: &[LogRecord]) -> bool {
    let mut obstacles = log.iter().filter(|record| record.errno.get() != 0);
    let is_that = |record: &LogRecord| record.reason.get() == Reason::NotFrozen as u32;
    obstacles.next().is_some_and(is_that) && obstacles.all(is_that)
}

/// What a call gave: figures, or why there is no image, or why there was no call.
type Called = Outcome<Result<Result<CheckpointStats, Failure>>>;

/// Why there is no image.
enum Failure {
    /// The kernel says why, on the log. Nothing was written.
    Refused(io::Error),
    /// The same when it was looked at once more, with that log: the image is there, without its end.
    RefusedAtLast(io::Error, Vec<u8>),
    /// It was not the kernel.
    Other(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// Says what was measured.
pub fn tell(stats: &CheckpointStats, frozen: Times, sync: Duration, voice: &Voice) {
    let time = |ns: U64| Time(Duration::from_nanos(ns.get()));
    voice.stats(&[
        ("frozen_ns", Time(frozen.total)),
        ("freeze_ns", Time(frozen.freeze)),
        ("pin_ns", time(stats.pin_ns)),
        ("capture_ns", time(stats.capture_ns)),
        ("stream_ns", time(stats.stream_ns)),
        ("files_ns", time(stats.sync_ns)),
        ("thaw_ns", Time(frozen.thaw)),
        ("sync_ns", Time(sync)),
        ("tasks", Count(stats.tasks.get())),
        ("records", Count(stats.records.get())),
        ("bytes", Bytes(stats.bytes.get())),
        ("pages", Count(stats.pages.get())),
        ("zero_pages", Count(stats.zero_pages.get())),
        ("inherited_pages", Count(stats.inherited_pages.get())),
        ("capture_bytes", Bytes(stats.capture_bytes.get())),
    ]);
}
