// SPDX-License-Identifier: GPL-2.0

//! Fact: a session whose controlling terminal has its other side outside is refused.
//!
//! Could break: signals from the terminal, and hanging up, go by it.

use ckpt_support::pipes::close;
use ckpt_support::terminals::pair;
use ckpt_support::{checkpoint_here, expect_refusal, must, outsider};

pub fn run() {
    let [master, slave] = pair();
    // SAFETY: takes no pointer.
    must("TIOCSCTTY", unsafe {
        libc::ioctl(slave, libc::TIOCSCTTY, 0)
    });
    let pid = outsider(&[master]);
    close(&[master, slave]);
    expect_refusal("TaskTerminal", "terminal");
    checkpoint_here();
    // The other side goes with its last holder.
    // SAFETY: no handler.
    unsafe { libc::signal(libc::SIGHUP, libc::SIG_IGN) };
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
