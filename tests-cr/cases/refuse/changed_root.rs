// SPDX-License-Identifier: GPL-2.0

//! Fact: a root directory of its own (chroot) is refused.
//!
//! Could break: every path would lead elsewhere.

use ckpt_support::{expect_refusal, must, ready, GoFlag};

pub fn run() {
    // Its path leads nowhere from the new root.
    let go = GoFlag::map();
    std::fs::create_dir_all("root").expect("mkdir");
    // SAFETY: a C string.
    must("chroot", unsafe { libc::chroot(c"root".as_ptr()) });
    expect_refusal("TaskFeature", "chroot");
    ready();
    while !go.is_set() {
        std::thread::yield_now();
    }
}
