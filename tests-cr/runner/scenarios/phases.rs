// SPDX-License-Identifier: GPL-2.0

//! A tool that is caught between any two records of an image: the stream stops there.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::Child;
use std::time::Duration;

use ckpt_image::ImageReader;

use super::stage::Stage;
use crate::tool::Running;
use crate::verdict::{Doing, Outcome, Step};
use crate::wait;

/// Where each record of an image begins, and where the last one ends.
pub fn borders(image: &[u8]) -> Step<Vec<usize>> {
    let broken = |error: ckpt_image::ImageError| Outcome::failed(format!("image {error}"));
    let mut reader = ImageReader::new(image);
    let mut all = Vec::new();
    while let Some(record) = reader.next().map_err(broken)? {
        all.push(record.offset as usize);
    }
    all.push(image.len());
    Ok(all)
}

/// So many of them, evenly; the first and the last are among them.
pub fn some(all: &[usize], most: usize) -> Vec<usize> {
    let last = all.len().saturating_sub(1);
    let most = most.clamp(2, all.len().max(2));
    (0..most)
        .map(|index| all[index * last / (most - 1)])
        .collect()
}

/// A pipe with room for a page: whoever writes is never far ahead of whoever reads.
pub fn narrow_pipe() -> Step<(File, File)> {
    let mut ends = [0; 2];
    // SAFETY: fills two descriptors, which nobody else knows.
    let pipe = unsafe {
        if libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) < 0 {
            return Err(io::Error::last_os_error()).doing("a pipe");
        }
        ends.map(|end| File::from(OwnedFd::from_raw_fd(end)))
    };
    // SAFETY: takes no pointer.
    unsafe { libc::fcntl(pipe[1].as_raw_fd(), libc::F_SETPIPE_SZ, 4096) };
    let [reader, writer] = pipe;
    Ok((reader, writer))
}

/// Reads so many bytes, or up to the end.
pub fn read_some(reader: &mut File, count: usize) -> Step<Vec<u8>> {
    let mut bytes = Vec::new();
    let part = Read::by_ref(reader)
        .take(count as u64)
        .read_to_end(&mut bytes);
    part.doing("reading the image")?;
    Ok(bytes)
}

/// Writes so much; a reader that goes away is no fault of ours.
pub fn write_some(writer: &mut File, bytes: &[u8]) -> Step<()> {
    match writer.write_all(bytes) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.doing("writing the image"),
    }
}

/// How much is in a pipe that nobody has read.
fn waiting(reader: &File) -> i32 {
    let mut count = 0;
    // SAFETY: fills one number.
    unsafe { libc::ioctl(reader.as_raw_fd(), libc::FIONREAD, &raw mut count) };
    count
}

/// Waits until a tool has got stuck: what it reads is used up, or what it writes nobody reads; or
/// until it has ended.
fn wait_until_stuck(pipe: &File, writes: bool, tool: &mut Child) -> Step<()> {
    let (mut seen, mut often) = (-1, 0);
    let stuck = wait::until(wait::LIMIT, || {
        let now = waiting(pipe);
        often = if now == seen { often + 1 } else { 0 };
        seen = now;
        let is_there = (now > 0) == writes && often > 1;
        let ended = matches!(tool.try_wait(), Ok(Some(_)));
        (is_there || ended).then_some(())
    });
    stuck.ok_or_else(|| Outcome::failed("the tool does not get stuck"))?;
    // A moment to do what it has just been given.
    std::thread::sleep(Duration::from_millis(2));
    Ok(())
}

/// A checkpoint that stands still: so many bytes of its image have been read. Who reads the rest lets
/// it go on.
pub fn caught_checkpoint(stage: &Stage, border: usize) -> Step<(Running, File)> {
    let (mut reader, writer) = narrow_pipe()?;
    let mut checkpoint = stage.checkpoint_into(writer, &[])?;
    read_some(&mut reader, border)?;
    wait_until_stuck(&reader, true, &mut checkpoint.child)?;
    Ok((checkpoint, reader))
}

/// A restart that stands still: it has got this much of its image. Who writes the rest lets it go on.
pub fn caught_restart(stage: &Stage, begin: &[u8], options: &[&str]) -> Step<(Running, File)> {
    let (reader, mut writer) = narrow_pipe()?;
    let mut restart = stage.restart_from(reader, options)?;
    write_some(&mut writer, begin)?;
    wait_until_stuck(&writer, false, &mut restart.child)?;
    Ok((restart, writer))
}

/// The end of a scenario that went well, with its counts.
pub fn counted(checkpoints: usize, restarts: usize) -> Outcome {
    Outcome {
        why: format!("{checkpoints} checkpoints, {restarts} restarts"),
        ..Outcome::passed()
    }
}

/// Sends a signal to a tool that has not been waited for.
pub fn send(tool: &Child, signal: i32) {
    // SAFETY: takes no pointer.
    unsafe { libc::kill(tool.id() as i32, signal) };
}
