// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in open(2) of a FIFO goes on sleeping until somebody opens the other end.
//!
//! Could break: the FIFO has an end meanwhile that is no open file yet.

use ckpt_support::pipes::{mkfifo, open, read, write};
use ckpt_support::signals::handle;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

extern "C" fn open_other(_: i32) {
    let writer = open(c"fifo", libc::O_RDWR);
    let _ = write(writer, b"hello");
}

pub fn run() {
    mkfifo(c"fifo", 0o600);
    handle(libc::SIGUSR1, libc::SA_RESTART, open_other);
    ready_inside_until_signal(libc::SYS_openat, libc::SIGUSR1);
    let reader = open(c"fifo", libc::O_RDONLY);
    same("content", &Ok(b"hello".to_vec()), &read(reader, 100));
    wait_for_go();
}
