// SPDX-License-Identifier: GPL-2.0

//! The end: restart ends as the root of the container does.

use std::os::fd::AsFd;
use std::process::ExitCode;

use anyhow::{Context, Result};
use ckpt_sys::signals::{die_by, Interrupt, Interrupts};
use nix::libc::{WEXITSTATUS, WIFSIGNALED, WTERMSIG};
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::unistd::{getpgid, Pid};

use crate::tree::Tree;

/// How restart ends.
pub enum Ending {
    /// Nothing to wait for.
    Fine,
    /// As the root did: what wait(2) said.
    Like(i32),
}

impl Ending {
    /// Ends so.
    pub fn take(self) -> ExitCode {
        match self {
            Self::Fine => ExitCode::SUCCESS,
            Self::Like(status) if WIFSIGNALED(status) => die_by(WTERMSIG(status)),
            Self::Like(status) => ExitCode::from(WEXITSTATUS(status) as u8),
        }
    }
}

/// Waits until the root has ended, and passes signals on to it.
pub fn wait(tree: &mut Tree, interrupts: &Interrupts) -> Result<Ending> {
    loop {
        let mut fds = [
            PollFd::new(tree.end(), PollFlags::POLLIN),
            PollFd::new(interrupts.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut fds, PollTimeout::NONE) {
            Ok(_) | Err(nix::Error::EINTR) => {}
            Err(error) => return Err(error).context("poll"),
        }
        let has_ended = fds[0].any().unwrap_or(false);
        pass_on(tree, interrupts);
        if has_ended {
            return Ok(Ending::Like(tree.status()?));
        }
    }
}

/// Passes signals on to the root.
pub fn pass_on(tree: &Tree, interrupts: &Interrupts) {
    while let Some(interrupt) = interrupts.take() {
        if !has_it_already(tree.root(), interrupt) {
            tree.signal(interrupt.signal as i32);
        }
    }
}

/// A key at the terminal reaches the whole group; if the root is in ours, it got it too.
fn has_it_already(root: Pid, interrupt: Interrupt) -> bool {
    interrupt.from_terminal && getpgid(Some(root)) == getpgid(None)
}
