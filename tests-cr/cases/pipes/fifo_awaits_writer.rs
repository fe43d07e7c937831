// SPDX-License-Identifier: GPL-2.0

//! Fact: who has opened a FIFO for reading, without waiting, sees no hangup before there was a
//! writer, and sees one when he has left.
//!
//! Could break: whoever opens it again needs a writer for a moment.

use ckpt_support::pipes::{close, events, mkfifo, open, read, write};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    mkfifo(c"never", 0o600);
    let never = open(c"never", libc::O_RDONLY | libc::O_NONBLOCK);
    mkfifo(c"left", 0o600);
    let left = open(c"left", libc::O_RDONLY | libc::O_NONBLOCK);
    close(&[open(c"left", libc::O_WRONLY)]);
    let late = open(c"left", libc::O_RDONLY | libc::O_NONBLOCK);
    let all = || [never, left, late].map(events);
    let before = all();
    same("before", &[0, libc::POLLHUP, 0], &before);

    checkpoint_here();

    same("poll", &before, &all());
    same("the end", &Ok(Vec::new()), &read(never, 9));
    let writer = open(c"never", libc::O_WRONLY);
    write(writer, b"x").expect("write");
    same("poll", &libc::POLLIN, &events(never));
    close(&[writer]);
    same("poll", &(libc::POLLIN | libc::POLLHUP), &events(never));
    same("content", &Ok(b"x".to_vec()), &read(never, 9));
    same("poll", &libc::POLLHUP, &events(never));
}
