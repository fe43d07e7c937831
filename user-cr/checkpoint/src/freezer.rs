// SPDX-License-Identifier: GPL-2.0

//! The freezer of the container, which is put back as it was whatever happens.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{anyhow, Context, Result};
use ckpt_sys::cgroup::{Cgroup, Waited};
use ckpt_sys::signals::Interrupts;
use ckpt_sys::voice::{Stopped, Voice};
use ckpt_sys::watcher::Watcher;

use crate::laggards;

/// How it was, and since when it is otherwise.
pub struct Freezer<'a> {
    cgroup: &'a Cgroup,
    voice: &'a Voice,
    was_frozen: bool,
    since: Option<Instant>,
    took: Duration,
    watcher: Option<Watcher>,
}

/// How long the container stood still.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Until all of it was frozen.
    pub freeze: Duration,
    /// From there on, if it has been thawed again.
    pub total: Duration,
}

impl<'a> Freezer<'a> {
    /// Remembers how it is. From now on a process watches over us: if we are killed it puts the
    /// freezer back and removes the unfinished image.
    pub fn new(cgroup: &'a Cgroup, temporary: Option<&Path>, voice: &'a Voice) -> Result<Self> {
        let was_frozen = cgroup.freezer()?;
        let path = cgroup.path().to_owned();
        let temporary = temporary.map(Path::to_owned);
        let watcher = Watcher::start(move || tidy(&path, was_frozen, temporary))
            .context("cannot start the process that thaws the container if this one is killed")?;
        Ok(Self {
            cgroup,
            voice,
            was_frozen,
            since: None,
            took: Duration::ZERO,
            watcher: Some(watcher),
        })
    }

    /// Freezes, and waits until every task is frozen.
    pub fn freeze(&mut self, limit: Duration, interrupts: &Interrupts) -> Result<()> {
        let start = Instant::now();
        self.since = Some(start);
        self.cgroup.set_freezer(true)?;
        let waited = self
            .cgroup
            .wait(|events| events.frozen, limit, Some(interrupts))?;
        self.took = start.elapsed();
        match waited {
            Waited::Done => Ok(()),
            Waited::Interrupted(interrupt) => Err(Stopped(interrupt.signal).into()),
            Waited::Expired => Err(anyhow!(
                "{} is not frozen after {limit:?}, because of\n{}It was thawed again and goes on; \
                 --freeze-timeout gives it more time",
                self.cgroup.path().display(),
                laggards::describe(self.cgroup),
            )),
        }
    }

    /// When the container was asked to stand still.
    pub fn since(&self) -> Instant {
        self.since.unwrap_or_else(Instant::now)
    }

    /// Puts the freezer back, or leaves the container frozen.
    pub fn end(&mut self, leave_frozen: bool) -> Result<Times> {
        let since = self.since();
        if !leave_frozen {
            self.put_back()?;
        }
        self.since = None;
        Ok(Times {
            freeze: self.took,
            total: since.elapsed(),
        })
    }

    /// Nothing is left to be watched over.
    pub fn dismiss(mut self) {
        self.end_watch();
    }

    fn put_back(&self) -> Result<()> {
        self.cgroup.set_freezer(self.was_frozen).with_context(|| {
            let path = self.cgroup.path().join("cgroup.freeze");
            format!(
                "the container is still frozen; thaw it with: echo 0 > {}",
                path.display()
            )
        })
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
fn tidy(path: &Path, was_frozen: bool, temporary: Option<PathBuf>) {
    let _ = Cgroup::open(path).and_then(|cgroup| cgroup.set_freezer(was_frozen));
    if let Some(temporary) = temporary {
        let _ = fs::remove_file(temporary);
    }
}
