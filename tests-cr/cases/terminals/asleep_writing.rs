// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in write(2) to a terminal whose output is stopped goes on when it is let go.
//!
//! Could break: the call is between "no room yet" and "interrupted".

use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::pipes::{read, write};
use ckpt_support::signals::handle;
use ckpt_support::terminals::{call, pair};
use ckpt_support::{ready_inside_until_signal, same, wait_for_go};

static TERMINAL: AtomicI32 = AtomicI32::new(-1);

extern "C" fn let_go(_: i32) {
    let _ = call(
        TERMINAL.load(Ordering::Relaxed),
        libc::TCXONC,
        libc::TCOON.into(),
    );
}

pub fn run() {
    let [master, slave] = pair();
    TERMINAL.store(slave, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, let_go);
    same("stop", &Ok(()), &call(slave, libc::TCXONC, libc::TCOOFF.into()));
    ready_inside_until_signal(libc::SYS_write, libc::SIGUSR1);
    same("write", &Ok(5), &write(slave, b"there"));
    same("read", &Ok(b"there".to_vec()), &read(master, 100));
    wait_for_go();
}
