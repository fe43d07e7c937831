// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in splice(2) between two pipes goes on until something is written.
//!
//! Could break: it waits for one pipe and holds on to another.

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{pipe, read, write};
use ckpt_support::signals::handle;
use ckpt_support::{must, ready_inside_until_signal, same, wait_for_go};

static WRITER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn write_some(_: i32) {
    let _ = write(WRITER.load(Ordering::Relaxed), b"at last");
}

pub fn run() {
    let [reader, writer] = pipe(0);
    let [end, to] = pipe(0);
    WRITER.store(writer, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, write_some);
    ready_inside_until_signal(libc::SYS_splice, libc::SIGUSR1);
    let none = std::ptr::null_mut();
    // SAFETY: no offsets are passed.
    let moved = must("splice", unsafe { libc::splice(reader, none, to, none, 100, 0) });
    same("splice", &7, &moved);
    same("content", &Ok(b"at last".to_vec()), &read(end, 100));
    wait_for_go();
}
