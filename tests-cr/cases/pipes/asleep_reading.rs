// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in read(2) on an empty pipe goes on sleeping until something is written.
//!
//! Could break: the call is between "nothing yet" and "interrupted".

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{pipe, read, write};
use ckpt_support::signals::handle;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

static WRITER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn write_some(_: i32) {
    let _ = write(WRITER.load(Ordering::Relaxed), b"at last");
}

pub fn run() {
    let [reader, writer] = pipe(0);
    WRITER.store(writer, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, write_some);
    ready_inside_until_signal(libc::SYS_read, libc::SIGUSR1);
    same("read", &Ok(b"at last".to_vec()), &read(reader, 100));
    wait_for_go();
}
