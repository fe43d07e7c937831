// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file has the flags of chattr(1) again, those too with which nothing can be done to it
//! any more.
//!
//! Could break: an immutable file cannot be filled, given an owner or a time.

use std::fs::File;
use std::os::unix::fs::{fchown, FileExt, MetadataExt};

use ckpt_support::attribute::{inode_flags, set_attribute, set_inode_flags, FLAGS};
use ckpt_support::{check, checkpoint_here, file_with, page_size, same, Mapping};

pub fn run() {
    let file = file_with("flags", &vec![b'f'; 2 * page_size()]);
    let mut logs = File::options();
    let log = logs
        .append(true)
        .read(true)
        .create(true)
        .open("flags.log")
        .expect("open");
    log.write_all_at(b"one", 0).expect("write");
    fchown(&file, Some(5), Some(6)).expect("fchown");
    set_attribute(&file, c"user.origin", b"here");
    std::fs::remove_file("flags").expect("unlink");
    std::fs::remove_file("flags.log").expect("unlink");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 2 * page_size(), rights, libc::MAP_SHARED);
    let [immutable, append, no_dump, no_atime] = FLAGS;
    set_inode_flags(&file, immutable | no_dump | no_atime);
    set_inode_flags(&log, append);
    let seen = || {
        [&file, &log].map(|file| {
            let about = file.metadata().expect("fstat");
            let times = (about.mtime(), about.mtime_nsec());
            (inode_flags(file), about.uid(), about.size(), times)
        })
    };
    let before = seen();
    checkpoint_here();
    same("what they are", &before, &seen());
    check(
        fchown(&file, Some(0), None).is_err(),
        "its owner can change",
    );
    check(file.set_len(0).is_err(), "its size can change");
    check(
        log.set_len(0).is_err(),
        "what is only appended to can shrink",
    );
    log.write_all_at(b", two", 3).expect("append");
    check(memory.page(1)[0] == b'f', "the content is gone");
}
