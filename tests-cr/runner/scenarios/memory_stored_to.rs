// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart is refused when a file on tmpfs that was mapped has other content by now, although size
//! and modification time are what they were: be it in a page, in zeros, in a hole, or in its last byte.
//!
//! Could break: a store to shared memory leaves no trace but itself.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::ptr::null_mut;

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Step};

/// As the sample `with_shared_file` makes it.
const PAGE: usize = 4096;
const SIZE: usize = 5 * PAGE + 7;
const IN: [(&str, usize); 4] = [
    ("the page that it stored to", 0),
    ("zeros", PAGE + 1),
    ("a hole", 4 * PAGE - 1),
    ("the last byte", SIZE - 1),
];

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("with_shared_file")?;
    let path = format!("/dev/shm/shared-{}", child.id());
    let result = play(stage, &mut child, Path::new(&path));
    let _ = fs::remove_file(path);
    result
}

fn play(stage: &Stage, child: &mut std::process::Child, path: &Path) -> Step<()> {
    crate::modes::checkpoint(stage.container, &[])?;
    let time = || fs::metadata(path).and_then(|about| about.modified());
    let before = time().doing("its time")?;
    let out = File::options().write(true).open(stage.container.dir.join("out"));
    let out = out.doing("out")?;
    let said = out.metadata().doing("out")?;
    stage.goes_on(child)?;
    stage.container.end()?;
    // What it has said since is not what this is about.
    out.set_len(said.len())
        .and_then(|()| out.set_modified(said.modified()?))
        .doing("out")?;
    is_refused(stage, "the container itself has stored to it")?;
    let undo = |at| exchange(path, at).doing("mapping it");
    undo(IN[0].1)?;
    for (what, at) in IN {
        undo(at)?;
        is_refused(stage, what)?;
        undo(at)?;
    }
    ensure(time().doing("its time")? == before, "its time has changed")?;
    stage.reset()?;
    stage.image_is_good()
}

fn is_refused(stage: &Stage, what: &str) -> Step<()> {
    let ended = stage.restart(&[])?;
    refused(&ended, "its content differs").map_err(|mut outcome| {
        outcome.why.insert_str(0, &format!("{what}: "));
        outcome
    })?;
    stage.nothing_is_left()
}

/// Stores to a byte what makes it another one, or what it was. Not the first access to that page,
/// which would count as a modification of the file.
fn exchange(path: &Path, at: usize) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    let file = File::options().read(true).write(true).open(path)?;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: the kernel chooses the address; the file has this many bytes.
    unsafe {
        let memory = libc::mmap(null_mut(), SIZE, rights, libc::MAP_SHARED, file.as_raw_fd(), 0);
        if memory == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let byte = memory.cast::<u8>().add(at);
        byte.write_volatile(byte.read_volatile() ^ 1);
        libc::munmap(memory, SIZE);
    }
    Ok(())
}
