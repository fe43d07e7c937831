// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint during which somebody begins to trace a program of the container fails, and says why;
//! the program goes on.

use std::io;
use std::ptr::null_mut;
use std::thread;

use super::phases::{caught_checkpoint, read_some};
use super::stage::{refused, Stage};
use crate::verdict::{Doing, Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let (checkpoint, mut reader) = caught_checkpoint(stage, 5000)?;
    let pid = child.id() as i32;
    stop(pid).doing("attaching")?;
    let rest = thread::spawn(move || read_some(&mut reader, usize::MAX).map(drop));
    let ended = checkpoint.end(stage.container);
    trace(libc::PTRACE_DETACH, pid).doing("PTRACE_DETACH")?;
    rest.join()
        .map_err(|_| Outcome::failed("the reader died"))??;
    refused(&ended?, "traced")?;
    stage.goes_on(&mut child)
}

/// Traces a program, and stops it where it is frozen.
fn stop(pid: i32) -> io::Result<()> {
    trace(libc::PTRACE_SEIZE, pid)?;
    trace(libc::PTRACE_INTERRUPT, pid)?;
    let mut status = 0;
    // SAFETY: fills one number.
    let stopped = unsafe { libc::waitpid(pid, &raw mut status, libc::__WALL) };
    match stopped == pid && libc::WIFSTOPPED(status) {
        true => Ok(()),
        false => Err(io::Error::other(format!("waitpid: {stopped}, status {status}"))),
    }
}

fn trace(request: libc::c_uint, pid: i32) -> io::Result<()> {
    // SAFETY: none of these requests takes an address.
    let done = unsafe {
        libc::ptrace(
            request,
            pid,
            null_mut::<libc::c_void>(),
            null_mut::<libc::c_void>(),
        )
    };
    match done {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
