// SPDX-License-Identifier: GPL-2.0

//! Fact: without a reader, writing fails and sends SIGPIPE, and poll tells an error.
//!
//! Could break: who makes the pipe anew has a reader for a while.

use ckpt_support::pipes::{close, events, pipe, waiting, write};
use ckpt_support::signals::{note_signal, signal_seen};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    note_signal(libc::SIGPIPE);
    let [reader, writer] = pipe(0);
    write(writer, b"for nobody").expect("write");
    close(&[reader]);
    checkpoint_here();
    same("no signal yet", &0, &signal_seen());
    same("bytes in it", &10, &waiting(writer));
    same("poll", &(libc::POLLOUT | libc::POLLERR), &events(writer));
    same("write", &Err(libc::EPIPE), &write(writer, b"x"));
    same("signal", &libc::SIGPIPE, &signal_seen());
}
