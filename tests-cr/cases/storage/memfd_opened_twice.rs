// SPDX-License-Identifier: GPL-2.0

//! Fact: a memfd opened again through /proc is one inode with two offsets and two sets of flags.
//!
//! Could break: one inode for each open file, or one open file for both.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};

use ckpt_support::{check, checkpoint_here, memfd, same};

pub fn run() {
    let mut first = memfd(c"twice", 0);
    first.write_all(b"0123456789").expect("write");
    let path = format!("/proc/self/fd/{}", first.as_raw_fd());
    let mut reader = File::open(&path).expect("read only");
    let mut writer = File::options()
        .write(true)
        .custom_flags(libc::O_APPEND)
        .open(&path)
        .expect("append");
    reader.seek(SeekFrom::Start(4)).expect("seek");
    let inodes = || [&first, &reader, &writer].map(|file| file.metadata().expect("fstat").ino());
    let flags = || {
        [&first, &reader, &writer].map(|file| {
            // SAFETY: takes no pointer.
            unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETFL) }
        })
    };
    let before = flags();
    checkpoint_here();
    same("flags", &before, &flags());
    let now = inodes();
    check(now.iter().all(|ino| *ino == now[0]), "there are several inodes");
    same("offset", &4, &reader.stream_position().expect("seek"));
    same("offset", &10, &first.stream_position().expect("seek"));
    check(reader.write(b"x").is_err(), "the reader can write");
    writer.write_all(b"end").expect("append");
    let mut end = [0; 3];
    reader.read_exact_at(&mut end, 10).expect("read");
    check(&end == b"end", "what was appended is not seen");
}
