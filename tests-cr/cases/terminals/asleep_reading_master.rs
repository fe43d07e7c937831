// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in read(2) on the master of a pair goes on sleeping until something comes from the other
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
    OTHER.store(slave, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, write_some);
    ready_inside_until_signal(libc::SYS_read, libc::SIGUSR1);
    // The end of the line comes by itself, maybe later.
    let mut all = Vec::new();
    while !all.ends_with(b"\n") {
        match read(master, 100) {
            Ok(bytes) => all.extend(bytes),
            error => return same("read", &Ok(Vec::new()), &error),
        }
    }
    same("what was read", &b"at last\r\n".to_vec(), &all);
    wait_for_go();
}
