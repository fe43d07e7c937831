// SPDX-License-Identifier: GPL-2.0

//! Fact: a FIFO that was removed goes on, with its content, mode and owner, and has no name.
//!
//! Could break: nothing leads to it but the descriptors.

use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;

use ckpt_support::pipes::{are_one, close, events, mkfifo, open, read, write};
use ckpt_support::{check, checkpoint_here, link_of, must, same};

pub fn run() {
    mkfifo(c"fifo", 0o600);
    let both = open(c"fifo", libc::O_RDWR);
    let reader = open(c"fifo", libc::O_RDONLY | libc::O_NONBLOCK);
    let found = open(c"fifo", libc::O_PATH);
    write(both, b"what is left").expect("write");
    // SAFETY: the paths are C strings.
    unsafe {
        must("fchmod", libc::fchmod(both, 0o4755));
        must("fchown", libc::fchown(both, 99, 98));
        must("unlink", libc::unlink(c"fifo".as_ptr()));
    }
    // Its name is another's by now.
    mkfifo(c"fifo", 0o600);
    // SAFETY: ours, and closed when dropped.
    let found = std::fs::File::from(unsafe { OwnedFd::from_raw_fd(found) });
    let seen = || {
        let about = found.metadata().expect("fstat");
        (about.mode(), about.uid(), about.gid(), about.nlink(), about.mtime())
    };
    let before = (seen(), link_of(both), link_of(reader));

    checkpoint_here();

    same("what it is", &before, &(seen(), link_of(both), link_of(reader)));
    check(are_one(both, reader), "not one pipe");
    same("content", &Ok(b"what is left".to_vec()), &read(reader, 100));
    close(&[both]);
    same("poll", &libc::POLLHUP, &events(reader));
    let other = open(c"fifo", libc::O_RDWR);
    check(!are_one(other, reader), "its name leads to it");
    write(other, b"x").expect("write");
}
