// SPDX-License-Identifier: GPL-2.0

//! Fact: a session with a controlling terminal is refused.
//!
//! Could break: signals from the terminal, and hanging up, go by it.

use ckpt_support::{checkpoint_here, expect_refusal, expect_refusal_of_fd, must};

pub fn run() {
    // SAFETY: the path is a C string; the others take no pointer.
    let master = unsafe {
        let flags = libc::O_RDWR | libc::O_NOCTTY;
        let master = must("open", libc::open(c"/dev/ptmx".as_ptr(), flags));
        must("unlockpt", libc::unlockpt(master));
        let slave = must("TIOCGPTPEER", libc::ioctl(master, libc::TIOCGPTPEER, flags));
        must("TIOCSCTTY", libc::ioctl(slave, libc::TIOCSCTTY, 0));
        libc::close(slave);
        master
    };
    expect_refusal("TaskTerminal", "terminal");
    expect_refusal_of_fd("FileKind", master, "");
    checkpoint_here();
}
