// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in read(2) on an empty pipe goes on sleeping until something is written.
//!
//! Could break: the call is between "nothing yet" and "interrupted".

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{pipe, read, write};
use ckpt_support::{must, ready_inside_until_signal, same, wait_for_go};

static WRITER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn write_some(_: i32) {
    let _ = write(WRITER.load(Ordering::Relaxed), b"at last");
}

pub fn run() {
    let [reader, writer] = pipe(0);
    WRITER.store(writer, Ordering::Relaxed);
    // SAFETY: the handler only writes.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = write_some as extern "C" fn(i32) as usize;
        action.sa_flags = libc::SA_RESTART;
        must(
            "sigaction",
            libc::sigaction(libc::SIGUSR1, &action, std::ptr::null_mut()),
        );
    }
    ready_inside_until_signal(libc::SYS_read, libc::SIGUSR1);
    same("read", &Ok(b"at last".to_vec()), &read(reader, 100));
    wait_for_go();
}
