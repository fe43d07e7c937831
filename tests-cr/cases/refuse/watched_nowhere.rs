// SPDX-License-Identifier: GPL-2.0

//! Fact: a watch on something that has no path, and that nobody has open, is refused by its number.
//!
//! Could break: the watch is gone, or is one on something else.

use ckpt_support::pipes::{close, pipe};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    let [reader, writer] = pipe(0);
    let path = std::ffi::CString::new(format!("/proc/self/fd/{reader}")).expect("a path");
    // SAFETY: the path is a C string.
    let fd = unsafe {
        let fd = must("inotify_init1", libc::inotify_init1(0));
        must(
            "inotify_add_watch",
            libc::inotify_add_watch(fd, path.as_ptr(), libc::IN_OPEN),
        );
        fd
    };
    close(&[reader, writer]);
    expect_refusal_of_fd("WatchedUnreachable", fd, "inotify");
    checkpoint_here();
}
