// SPDX-License-Identifier: GPL-2.0

//! Fact: a FIFO of which only the end for writing is left, or only that for reading, with something
//! in it, is as it was.
//!
//! Could break: opening only one end waits, or fails (ENXIO).

use ckpt_support::pipes::{close, events, mkfifo, open, read, waiting, write};
use ckpt_support::signals::{note_signal, signal_seen};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    note_signal(libc::SIGPIPE);
    mkfifo(c"writing", 0o600);
    let partner = open(c"writing", libc::O_RDWR);
    let writer = open(c"writing", libc::O_WRONLY);
    write(writer, b"unread").expect("write");
    close(&[partner]);
    mkfifo(c"reading", 0o600);
    let partner = open(c"reading", libc::O_RDWR);
    let reader = open(c"reading", libc::O_RDONLY);
    write(partner, b"left behind").expect("write");
    close(&[partner]);

    checkpoint_here();

    same("poll", &(libc::POLLOUT | libc::POLLERR), &events(writer));
    same("bytes in it", &6, &waiting(writer));
    same("write", &Err(libc::EPIPE), &write(writer, b"x"));
    same("signal", &libc::SIGPIPE, &signal_seen());
    let late = open(c"writing", libc::O_RDONLY);
    same("unread", &Ok(b"unread".to_vec()), &read(late, 100));
    same("poll", &(libc::POLLIN | libc::POLLHUP), &events(reader));
    same("left behind", &Ok(b"left behind".to_vec()), &read(reader, 100));
    same("the end", &Ok(Vec::new()), &read(reader, 100));
}
