// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that shall never have a name (O_TMPFILE | O_EXCL), and one that has lost it, cannot
//! be given one after the restart either.
//!
//! Could break: a restart that makes every nameless file in the same way.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{check, checkpoint_here, file_with};

pub fn run() {
    let excluded = File::options()
        .read(true)
        .write(true)
        .custom_flags(libc::O_TMPFILE | libc::O_EXCL)
        .open(".")
        .expect("O_TMPFILE");
    let removed = file_with("had-a-name", b"");
    std::fs::remove_file("had-a-name").expect("unlink");
    checkpoint_here();
    for file in [&excluded, &removed] {
        // SAFETY: both are C strings.
        let linked = unsafe {
            libc::linkat(
                file.as_raw_fd(),
                c"".as_ptr(),
                libc::AT_FDCWD,
                c"never".as_ptr(),
                libc::AT_EMPTY_PATH,
            )
        };
        check(linked != 0, "it can be given a name");
    }
}
