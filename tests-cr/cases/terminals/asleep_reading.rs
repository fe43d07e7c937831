// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in read(2) on a terminal goes on sleeping until something comes from the other
//! side.
//!
//! Could break: the call is between "nothing yet" and "interrupted".

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{read, write};
use ckpt_support::signals::handle;
use ckpt_support::terminals::pair;
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

static OTHER: AtomicI32 = AtomicI32::new(-1);

extern "C" fn write_some(_: i32) {
    let _ = write(OTHER.load(Ordering::Relaxed), b"at last\n");
}

pub fn run() {
    let [master, slave] = pair();
    OTHER.store(master, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, write_some);
    ready_inside_until_signal(libc::SYS_read, libc::SIGUSR1);
    same("read", &Ok(b"at last\n".to_vec()), &read(slave, 100));
    wait_for_go();
}
