// SPDX-License-Identifier: GPL-2.0

//! An IPC namespace of the container's own.

use std::fs::File;
use std::io;

use anyhow::{anyhow, Context, Result};
use nix::errno::Errno;
use nix::sched::{setns, unshare, CloneFlags};

/// The IPC namespace that we were in, while we are in the container's.
pub struct Home(File);

impl Home {
    /// Makes a new one, which the children that we make from now on are in, and so are we.
    pub fn leave() -> Result<Self> {
        let home = File::open("/proc/self/ns/ipc").context("/proc/self/ns/ipc")?;
        unshare(CloneFlags::CLONE_NEWIPC).map_err(|error| match error {
            Errno::EPERM => {
                anyhow!("a new IPC namespace needs CAP_SYS_ADMIN: run restart as root")
            }
            error => anyhow!("cannot make an IPC namespace: {error}"),
        })?;
        Ok(Self(home))
    }

    /// Nobody but the container stays in its namespace.
    pub fn come_back(&self) -> io::Result<()> {
        Ok(setns(&self.0, CloneFlags::CLONE_NEWIPC)?)
    }
}
