// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart is refused by name when a FIFO is missing, is something else, or is open
//! elsewhere, and when a pipe would be larger than the caller may make one; and nothing is put into
//! what belongs to others.

use std::fs::{self, File};
use std::io;

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Step};

/// Gives it up for good, execve included.
fn without_resource_capability() -> io::Result<()> {
    const CAP_SYS_RESOURCE: libc::c_ulong = 24;
    // SAFETY: takes no pointer.
    match unsafe { libc::prctl(libc::PR_CAPBSET_DROP, CAP_SYS_RESOURCE, 0, 0, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_pipes")?;
    let (fifo, aside) = (
        stage.container.dir.join("fifo"),
        stage.container.dir.join("aside"),
    );
    let ended = stage.restart_after(without_resource_capability)?;
    refused(&ended, "pipe-max-size")?;
    ensure(ended.said.contains("pipe:["), &ended.said)?;
    stage.nothing_is_left()?;

    // Somebody has it open already.
    let mut options = File::options();
    let other = options.read(true).write(true).open(&fifo).doing("open")?;
    refused(&stage.restart(&[])?, "in use already")?;
    stage.nothing_is_left()?;
    let mut waiting = 7;
    // SAFETY: fills one number.
    unsafe {
        use std::os::fd::AsRawFd;
        libc::ioctl(other.as_raw_fd(), libc::FIONREAD, &raw mut waiting);
    }
    ensure(waiting == 0, &format!("{waiting} bytes were put into it"))?;
    drop(other);

    fs::rename(&fifo, &aside).doing("rename")?;
    refused(&stage.restart(&[])?, "fifo")?;
    fs::write(&fifo, b"a file").doing("write")?;
    refused(&stage.restart(&[])?, "fifo")?;
    stage.nothing_is_left()?;
    ensure(
        fs::read(&fifo).doing("read")? == b"a file",
        "it was written to",
    )?;
    fs::rename(&aside, &fifo).doing("rename")?;
    stage.image_is_good()
}
