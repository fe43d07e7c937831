// SPDX-License-Identifier: GPL-2.0

//! Fact: a FIFO on tmpfs comes back by its name, also when the machine was off in between.
//!
//! Could break: after a reboot it is not there.

use std::ffi::CString;
use std::os::unix::fs::MetadataExt;

use ckpt_support::pipes::{are_one, mkfifo, open, read, write};
use ckpt_support::{check, checkpoint_here, same};

pub fn run() {
    let name = format!("/dev/shm/fifo-{}", std::process::id());
    let path = CString::new(name.clone()).expect("a path");
    mkfifo(&path, 0o620);
    let both = open(&path, libc::O_RDWR);
    let reader = open(&path, libc::O_RDONLY);
    write(both, b"on the way").expect("write");
    let mode = std::fs::metadata(&name).expect("stat").mode();
    checkpoint_here();
    same("mode", &mode, &std::fs::metadata(&name).expect("stat").mode());
    let late = open(&path, libc::O_RDWR);
    check(are_one(both, late), "its name leads to another");
    same("content", &Ok(b"on the way".to_vec()), &read(reader, 100));
    std::fs::remove_file(&name).expect("unlink");
}
