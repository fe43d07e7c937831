// SPDX-License-Identifier: GPL-2.0

//! Fact: a directory that was removed while it is open comes back as one, with owner and mode, and so
//! does the file that was in it.
//!
//! Could break: neither has a directory left to be in.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};

use ckpt_support::{check, checkpoint_here, file_with, link_of, same};

pub fn run() {
    let _ = std::fs::remove_dir_all("gone");
    std::fs::create_dir_all("gone/deep").expect("mkdir");
    let inside = file_with("gone/deep/file", b"inside");
    let directory = File::open("gone/deep").expect("open");
    directory
        .set_permissions(std::fs::Permissions::from_mode(0o1730))
        .expect("fchmod");
    std::os::unix::fs::fchown(&directory, Some(5), Some(6)).expect("fchown");
    std::fs::remove_dir_all("gone").expect("rm -r");
    let seen = || {
        let about = directory.metadata().expect("fstat");
        (
            link_of(directory.as_raw_fd()),
            link_of(inside.as_raw_fd()),
            (about.mode(), about.uid(), about.gid()),
            (about.mtime(), about.mtime_nsec()),
        )
    };
    let before = seen();
    checkpoint_here();
    same("what they are", &before, &seen());
    check(!std::path::Path::new("gone").exists(), "it has a name again");
    let mut content = [0; 6];
    inside.read_exact_at(&mut content, 0).expect("read");
    check(&content == b"inside", "the content is gone");
    // SAFETY: the path is a C string.
    let made = unsafe {
        let mode = 0o600;
        libc::openat(directory.as_raw_fd(), c"new".as_ptr(), libc::O_CREAT, mode)
    };
    check(made == -1, "files can be made in a removed directory");
}
