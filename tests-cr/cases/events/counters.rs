// SPDX-License-Identifier: GPL-2.0

//! Fact: eventfds have counted what they had: none, some, all but too many; by ones or all at once; and
//! they are shared as they were, and as ready.
//!
//! Could break: what a counter holds is in the kernel only.

use std::os::fd::RawFd;

use ckpt_support::pipes::{events, flags, read, set_flags, write};
use ckpt_support::{are_one_open_file, checkpoint_here, must, same};

const FULL: u64 = u64::MAX - 1;

fn counter(start: u32, flags: i32) -> RawFd {
    // SAFETY: takes no pointer.
    must("eventfd", unsafe { libc::eventfd(start, flags) })
}

fn add(fd: RawFd, value: u64) -> Result<usize, i32> {
    write(fd, &value.to_ne_bytes())
}

fn take(fd: RawFd) -> Result<u64, i32> {
    let bytes = read(fd, 8)?;
    Ok(u64::from_ne_bytes(bytes.try_into().expect("eight bytes")))
}

pub fn run() {
    let none = counter(0, libc::EFD_NONBLOCK);
    let some = counter(3, libc::EFD_NONBLOCK);
    let ones = counter(2, libc::EFD_NONBLOCK | libc::EFD_SEMAPHORE);
    let full = counter(5, libc::EFD_NONBLOCK);
    same("add", &Ok(8), &add(full, FULL - 5));
    let waits = counter(1, libc::EFD_CLOEXEC);
    set_flags(waits, libc::O_APPEND | libc::O_NOATIME);
    // SAFETY: takes no pointer.
    let again = must("dup", unsafe { libc::dup(some) });
    let before = [none, some, ones, full, waits].map(flags);

    checkpoint_here();

    same("flags", &before, &[none, some, ones, full, waits].map(flags));
    // SAFETY: takes no pointer.
    let closes = unsafe { libc::fcntl(waits, libc::F_GETFD) };
    same("close on exec", &libc::FD_CLOEXEC, &closes);
    same("one file", &true, &are_one_open_file(some, again));
    same("two files", &false, &are_one_open_file(none, some));
    let (reads, writes) = (libc::POLLIN, libc::POLLOUT);
    same("none is ready", &writes, &events(none));
    same("some is ready", &(reads | writes), &events(some));
    same("full is ready", &reads, &events(full));

    same("none", &Err(libc::EAGAIN), &take(none));
    same("room in none", &Ok(8), &add(none, FULL));
    same("some", &Ok(3), &take(again));
    same("nothing any more", &Err(libc::EAGAIN), &take(some));
    same("the first", &Ok(1), &take(ones));
    same("the second", &Ok(1), &take(ones));
    same("no third", &Err(libc::EAGAIN), &take(ones));
    same("no room", &Err(libc::EAGAIN), &add(full, 1));
    same("all", &Ok(FULL), &take(full));
    same("waits", &Ok(1), &take(waits));
}
