// SPDX-License-Identifier: GPL-2.0

//! Fact: checkpoint(2) that is to write the end of the image itself does not when a program of the container
//! was killed meanwhile: whoever has read the stream has no image.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::thread;

use ckpt_format::calls::{CheckpointArgs, SYSCALL_CHECKPOINT};
use zerocopy::FromZeros;

use super::phases::{borders, narrow_pipe, read_some};
use super::stage::{ensure, kill, Stage};
use crate::verdict::{Doing, Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let child = stage.start("large")?;
    stage.container.freeze()?;
    let cgroup = File::open(stage.cgroup()).doing("the cgroup")?;
    let (mut reader, writer) = narrow_pipe()?;
    let call = thread::spawn(move || checkpoint(&cgroup, writer));
    let mut stream = read_some(&mut reader, 5000)?;
    kill(child);
    stream.append(&mut read_some(&mut reader, usize::MAX)?);
    let errno = call
        .join()
        .map_err(|_| Outcome::failed("the caller died"))?;
    ensure(errno == libc::EAGAIN, &format!("errno {errno}"))?;
    ensure(stream.len() >= 5000, "nothing was written")?;
    ensure(borders(&stream).is_err(), "the image has an end")?;
    stage.container.end()
}

/// Writes an image to its end, and closes it; gives the number of an error.
fn checkpoint(cgroup: &File, image: File) -> i32 {
    let mut arguments = CheckpointArgs::new_zeroed();
    arguments.cgroup_fd = cgroup.as_raw_fd().into();
    arguments.image_fd = image.as_raw_fd().into();
    arguments.log_fd = (-1).into();
    // SAFETY: the kernel reads the arguments, which have this size, and no address is in them.
    let result = unsafe {
        libc::syscall(
            SYSCALL_CHECKPOINT.into(),
            &raw const arguments,
            size_of_val(&arguments),
        )
    };
    match result {
        0 => 0,
        _ => io::Error::last_os_error().raw_os_error().unwrap_or(-1),
    }
}
