// SPDX-License-Identifier: GPL-2.0

//! Fact: a session whose controlling terminal is no pseudo terminal is refused.
//!
//! Could break: signals from the terminal, and hanging up, go by it.

use ckpt_support::pipes::open;
use ckpt_support::terminals::QUIETLY;
use ckpt_support::{checkpoint_here, expect_refusal, expect_refusal_of_fd, must};

pub fn run() {
    // A serial line without hardware.
    let line = open(c"/dev/ttyS3", QUIETLY | libc::O_NONBLOCK);
    // SAFETY: takes no pointer.
    must("TIOCSCTTY", unsafe {
        libc::ioctl(line, libc::TIOCSCTTY, 0)
    });
    expect_refusal("TaskTerminal", "terminal");
    expect_refusal_of_fd("FileKind", line, "ttyS3");
    checkpoint_here();
}
