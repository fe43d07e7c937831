// SPDX-License-Identifier: GPL-2.0

//! Fact: a pipe that the kernel writes notifications into is refused, at both of its ends.
//!
//! Could break: it looks like any other pipe.

use ckpt_support::pipes::pipe;
use ckpt_support::{checkpoint_here, expect_refusal_of_fd};

/// O_NOTIFICATION_PIPE.
const NOTIFICATIONS: i32 = libc::O_EXCL;

pub fn run() {
    let ends = pipe(NOTIFICATIONS);
    for end in ends {
        expect_refusal_of_fd("FileKind", end, "notifications");
    }
    checkpoint_here();
}
