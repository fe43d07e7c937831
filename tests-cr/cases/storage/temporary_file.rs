// SPDX-License-Identifier: GPL-2.0

//! Fact: a file without a name (O_TMPFILE) can be given one after the restart.
//!
//! Could break: a removed file cannot; this one never had a name.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

use ckpt_support::{check, checkpoint_here, must, same};

pub fn run() {
    let mut file = File::options()
        .read(true)
        .write(true)
        .mode(0o640)
        .custom_flags(libc::O_TMPFILE)
        .open(".")
        .expect("O_TMPFILE");
    file.write_all(b"before").expect("write");
    // SAFETY: takes no pointer.
    let flags = |file: &File| unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETFL) };
    let before = flags(&file);
    let _ = std::fs::remove_file("named");
    checkpoint_here();
    same("flags", &before, &flags(&file));
    same("links", &0, &file.metadata().expect("fstat").nlink());
    file.write_all(b" after").expect("write");
    // SAFETY: both are C strings.
    must("linkat", unsafe {
        libc::linkat(
            file.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            c"named".as_ptr(),
            libc::AT_EMPTY_PATH,
        )
    });
    let content = std::fs::read("named").expect("named");
    check(content == b"before after", "the content is another");
    same(
        "mode",
        &0o100_640,
        &std::fs::metadata("named").expect("stat").mode(),
    );
}
