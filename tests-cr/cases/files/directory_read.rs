// SPDX-License-Identifier: GPL-2.0

//! Fact: of a directory that has been read to its end nothing more is read, though there are new names;
//! from its beginning all of them are.
//!
//! Could break: in some file systems its offset is how many names there were.

use std::os::fd::RawFd;

use ckpt_support::{checkpoint_here, entries, must, same};

/// How many names are left.
fn read(fd: RawFd) -> usize {
    let (mut buffer, mut count) = ([0u8; 4096], 0);
    loop {
        let size = entries(fd, &mut buffer);
        if size == 0 {
            return count;
        }
        let mut at = 0;
        while at < size {
            at += u16::from_le_bytes([buffer[at + 16], buffer[at + 17]]) as usize;
            count += 1;
        }
    }
}

pub fn run() {
    // Every boot has it, with a name or more in it.
    let (own, other) = (ckpt_support::terminals::pair(), ckpt_support::terminals::pair());
    // SAFETY: the path is a C string.
    let fd = must("open", unsafe {
        libc::open(c"/dev/pts".as_ptr(), libc::O_RDONLY | libc::O_DIRECTORY)
    });
    same("names", &true, &(read(fd) >= 5));
    // What is new stands before the others.
    let late = ckpt_support::terminals::pair();
    checkpoint_here();
    let new = [(); 3].map(|()| ckpt_support::terminals::pair());
    same("nothing is left", &0, &read(fd));
    // SAFETY: takes no address.
    must("lseek", unsafe { libc::lseek(fd, 0, libc::SEEK_SET) });
    same("all of them", &true, &(read(fd) >= 9));
    ckpt_support::pipes::close(&[own, other, late, new[0], new[1], new[2]].concat());
}
