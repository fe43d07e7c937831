// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint during which somebody outside attaches shared memory of the container for a moment, and
//! writes to it, fails, and says why; the program goes on.

use std::io;
use std::ptr::null;
use std::thread;

use super::phases::{caught_checkpoint, read_some};
use super::stage::{refused, Stage};
use crate::verdict::{Doing, Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("with_segment")?;
    let id = segment_of(child.id() as i32).doing("its segment")?;
    let (checkpoint, mut reader) = caught_checkpoint(stage, 5000)?;
    write_into(id).doing("attaching")?;
    let rest = thread::spawn(move || read_some(&mut reader, usize::MAX).map(drop));
    let ended = checkpoint.end(stage.container);
    rest.join()
        .map_err(|_| Outcome::failed("the reader died"))??;
    refused(&ended?, "changed while")?;
    stage.goes_on(&mut child)
}

/// The segment that a process has made.
fn segment_of(pid: i32) -> io::Result<i32> {
    /// As IPC_STAT, by place.
    const SHM_STAT: libc::c_int = 13;
    /// More than there are places.
    const PLACES: i32 = 32768;

    for place in 0..PLACES {
        // SAFETY: zeros are a value; the kernel fills it.
        let (id, state) = unsafe {
            let mut state: libc::shmid_ds = std::mem::zeroed();
            (libc::shmctl(place, SHM_STAT, &raw mut state), state)
        };
        if id >= 0 && state.shm_cpid == pid {
            return Ok(id);
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

/// Changes the end of a page, and has nothing of it afterwards.
fn write_into(id: i32) -> io::Result<()> {
    // SAFETY: the kernel chooses the address; a page has this many bytes.
    unsafe {
        let address = libc::shmat(id, null(), 0);
        if address as isize == -1 {
            return Err(io::Error::last_os_error());
        }
        address.cast::<u8>().add(4000).write_volatile(8);
        libc::shmdt(address);
    }
    Ok(())
}
