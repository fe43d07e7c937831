// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in poll(2) on a pipe goes on until something is written.
//!
//! Could break: poll remembers how to go on by itself.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{events, pipe, write};
use ckpt_support::signals::handle;
use ckpt_support::{errno, ready_inside_until_signal, same, wait_for_go};

static WRITER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn write_some(_: i32) {
    let _ = write(WRITER.load(Ordering::Relaxed), b"at last");
}

pub fn run() {
    let [reader, writer] = pipe(0);
    WRITER.store(writer, Ordering::Relaxed);
    handle(libc::SIGUSR1, 0, write_some);
    let mut one = libc::pollfd {
        fd: reader,
        events: libc::POLLIN,
        revents: 0,
    };
    ready_inside_until_signal(libc::SYS_poll, libc::SIGUSR1);
    let pointer = std::ptr::from_mut(&mut one) as usize;
    let result = ckpt_support::raw(libc::SYS_poll, &[pointer, 1, usize::MAX]);
    // A handler ends it, with or without SA_RESTART.
    same("poll", &(-1, libc::EINTR), &(result, errno()));
    same("then", &libc::POLLIN, &events(reader));
    wait_for_go();
}
