// SPDX-License-Identifier: GPL-2.0

//! Fact: a file on tmpfs that is open by two names comes back by both, also when the machine was off in
//! between: it is one file, and each open file is called what it was.
//!
//! Could break: after a reboot only one name is made, and nobody misses the other.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};

use ckpt_support::{checkpoint_here, file_with, link_of, same};

pub fn run() {
    let path = |what: &str| format!("/dev/shm/{what}-{}", std::process::id());
    let names = ["one", "two", "three"].map(path);
    let one = file_with(&names[0], b"of all");
    for other in &names[1..] {
        std::fs::hard_link(&names[0], other).expect("link");
    }
    let [two, three] = [1, 2].map(|index| File::open(&names[index]).expect("open"));
    let all = [&one, &two, &three];
    let seen = || all.map(|file| (link_of(file.as_raw_fd()), file.metadata().expect("fstat").nlink()));
    let before = seen();
    checkpoint_here();
    same("names", &before, &seen());
    one.write_all_at(b"On", 0).expect("write");
    let inode = one.metadata().expect("fstat").ino();
    for name in &names {
        let named = File::open(name).expect("by its name");
        let mut bytes = [0; 6];
        named.read_exact_at(&mut bytes, 0).expect("read");
        same("content", b"On all", &bytes);
        same("inode", &inode, &named.metadata().expect("fstat").ino());
        std::fs::remove_file(name).expect("unlink");
    }
}
