// SPDX-License-Identifier: GPL-2.0

//! At a terminal the container is let go by us, not by the kernel: it may write to the same one, and the
//! line that says how long it takes has to be gone by then.

use std::io::{self, IsTerminal};
use std::path::Path;

use anyhow::{Context, Result};
use ckpt_sys::cgroup::Cgroup;
use ckpt_sys::watcher::Watcher;

use crate::options::Options;

/// A container that comes to stand still for a moment; if we are killed then, it goes on all the same.
pub struct Held(Option<Watcher>);

impl Held {
    /// If there is somebody to be told how long it takes.
    pub fn at_terminal(cgroup: &Cgroup, options: &Options) -> Result<Option<Self>> {
        if options.frozen || options.verify || !io::stderr().is_terminal() {
            return Ok(None);
        }
        let path = cgroup.path().to_owned();
        let watcher = Watcher::start(move || thaw(&path))
            .context("cannot start the process that thaws the container if this one is killed")?;
        Ok(Some(Self(Some(watcher))))
    }

    /// Lets it go on.
    pub fn let_go(self, cgroup: &Cgroup) -> Result<()> {
        cgroup.thaw_at_last()
    }
}

/// Nothing is left to watch over.
impl Drop for Held {
    fn drop(&mut self) {
        if let Some(watcher) = self.0.take() {
            watcher.dismiss();
        }
    }
}

fn thaw(path: &Path) {
    // If the container has ended its cgroup may be gone as well.
    let _ = Cgroup::open(path).and_then(|cgroup| cgroup.thaw_at_last());
}
