// SPDX-License-Identifier: GPL-2.0

//! The freezer of the container, which is put back as it was whatever happens.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{anyhow, Context, Error, Result};
use ckpt_sys::cgroup::{Cgroup, Waited};
use ckpt_sys::signals::{Interrupts, Stops};
use ckpt_sys::voice::{Stopped, Voice};
use ckpt_sys::watcher::Watcher;

use crate::laggards;
use crate::options::FreezeLimit;

/// How it was, and since when it is otherwise.
pub struct Freezer<'a> {
    cgroup: &'a Cgroup,
    voice: &'a Voice,
    was_frozen: bool,
    since: Option<Instant>,
    times: Times,
    watcher: Option<Watcher>,
    stops: Option<Stops>,
}

/// How long the container stood still.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// Until all of it was frozen.
    pub freeze: Duration,
    /// To thaw it.
    pub thaw: Duration,
    /// From being asked to freeze until the freezer was put back, or until the end.
    pub total: Duration,
}

impl<'a> Freezer<'a> {
    /// Remembers how it is. From now on a process watches over us: if we are killed it puts the
    /// freezer back and removes the unfinished image.
    pub fn new(cgroup: &'a Cgroup, temporary: Option<&Path>, voice: &'a Voice) -> Result<Self> {
        let was_frozen = cgroup.freezer()?;
        let path = cgroup.path().to_owned();
        let temporary = temporary.map(Path::to_owned);
        let thaws = !was_frozen;
        let watcher = Watcher::start(move || tidy(&path, thaws, temporary))
            .context("cannot start the process that thaws the container if this one is killed")?;
        Ok(Self {
            cgroup,
            voice,
            was_frozen,
            since: None,
            times: Times::default(),
            watcher: Some(watcher),
            stops: None,
        })
    }

    /// Stopped, we could not put the freezer back: until that is done, nothing that a terminal sends
    /// stops this thread, or those that it makes.
    pub fn hold_stops(&mut self) -> Result<()> {
        if self.stops.is_none() {
            self.stops = Some(Stops::hold().context("cannot hold signals back")?);
        }
        Ok(())
    }

    /// Freezes, and waits until every task is frozen.
    pub fn freeze(&mut self, limit: FreezeLimit, interrupts: &Interrupts) -> Result<()> {
        let start = Instant::now();
        self.since = Some(start);
        if !self.was_frozen {
            self.cgroup.set_freezer(true)?;
        }
        let waited = self
            .cgroup
            .wait(|events| events.frozen, limit.time, Some(interrupts))
            .map_err(|error| match self.cgroup.is_gone() {
                true => anyhow!("the container has ended, and its cgroup was removed"),
                false => error,
            })?;
        self.times.freeze = start.elapsed();
        match waited {
            Waited::Done => Ok(()),
            Waited::Interrupted(interrupt) => Err(Stopped(interrupt.signal).into()),
            Waited::Expired => Err(self.too_late(limit, &laggards::describe(self.cgroup))),
        }
    }

    fn too_late(&self, limit: FreezeLimit, laggards: &str) -> Error {
        let FreezeLimit { time, option } = limit;
        let path = self.cgroup.path().display();
        let left = match self.was_frozen {
            true => "Its freezer stays on, as it was before",
            false => "It is thawed again and goes on",
        };
        anyhow!(
            "{path} is not frozen after {time:?}, because of\n{laggards}\
             {left}; {option} gives it more time"
        )
    }

    /// Puts the freezer back as it was. If somebody else's checkpoint is in the way, whoever watches over
    /// us does that when it is over.
    pub fn put_back(&mut self) -> Result<()> {
        let start = Instant::now();
        let since = self.since.take();
        // Whatever comes of it, there is nothing more to be done here: what was held back may stop us.
        let _stops = self.stops.take();
        if !self.was_frozen {
            let thawed = self.cgroup.set_freezer(false);
            if !self.cgroup.is_gone() {
                thawed.map_err(|error| self.leave_behind(&error))?;
            }
        }
        self.times.thaw = start.elapsed();
        self.times.total = since.map_or(Duration::ZERO, |since| since.elapsed());
        Ok(())
    }

    fn leave_behind(&mut self, error: &Error) -> Error {
        if let Some(watcher) = self.watcher.take() {
            watcher.take_over();
        }
        let path = self.cgroup.path().join("cgroup.freeze");
        let path = path.display();
        anyhow!(
            "the container is still frozen: {error:#}; it is thawed as soon as nothing is in the way, \
             or by: echo 0 > {path}"
        )
    }

    /// Nothing is left to be put back or watched over. Gives how long the container stood still.
    pub fn dismiss(mut self) -> Times {
        if let Some(since) = self.since.take() {
            self.times.total = since.elapsed();
        }
        self.end_watch();
        self.times
    }

    fn end_watch(&mut self) {
        if let Some(watcher) = self.watcher.take() {
            watcher.dismiss();
        }
    }
}

impl Drop for Freezer<'_> {
    fn drop(&mut self) {
        if self.since.is_some() {
            if let Err(error) = self.put_back() {
                self.voice.remark(&format!("{error:#}"));
            }
        }
        self.end_watch();
    }
}

/// What the watcher does. There is nobody that it could tell what fails.
fn tidy(path: &Path, thaws: bool, temporary: Option<PathBuf>) {
    if thaws {
        let _ = Cgroup::open(path).and_then(|cgroup| cgroup.thaw_at_last());
    }
    if let Some(temporary) = temporary {
        let _ = fs::remove_file(temporary);
    }
}
