// SPDX-License-Identifier: GPL-2.0

//! Fact: devices that hold no state come back whatever their node is called and however they were
//! opened, O_ASYNC included, and work.
//!
//! Could break: known by name; flags that only fcntl can set.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{check, checkpoint_here, must, same};

fn flags(fd: RawFd) -> i32 {
    // SAFETY: takes no pointer.
    must("F_GETFL", unsafe { libc::fcntl(fd, libc::F_GETFL) })
}

pub fn run() {
    // SAFETY: C strings.
    unsafe {
        let mode = libc::S_IFCHR | 0o600;
        must("mknod", libc::mknod(c"zeros".as_ptr(), mode, libc::makedev(1, 5)));
    }
    let open = |name: &str, flags: i32| {
        let mut options = File::options();
        options.read(true).write(true).custom_flags(flags);
        options.open(name).expect(name)
    };
    let mut zeros = open("zeros", libc::O_NONBLOCK);
    let mut full = open("/dev/full", libc::O_APPEND | libc::O_SYNC);
    let mut random = open("/dev/random", 0);
    let others: Vec<File> = ["/dev/hwrng", "/dev/kvm", "/dev/loop-control", "/dev/autofs"]
        .into_iter()
        .filter_map(|name| File::open(name).ok())
        .collect();
    // SAFETY: take no pointer.
    unsafe {
        let fd = random.as_raw_fd();
        must("F_SETOWN", libc::fcntl(fd, libc::F_SETOWN, libc::getpid()));
        let set = flags(fd) | libc::O_ASYNC | libc::O_NONBLOCK;
        must("F_SETFL", libc::fcntl(fd, libc::F_SETFL, set));
    }
    let all = [zeros.as_raw_fd(), full.as_raw_fd(), random.as_raw_fd()];
    let before = all.map(flags);
    check(before[2] & libc::O_ASYNC != 0, "O_ASYNC was not taken");

    checkpoint_here();

    same("flags", &before, &all.map(flags));
    let mut bytes = [7u8; 32];
    zeros.read_exact(&mut bytes).expect("read");
    same("zeros", &[0; 32], &bytes);
    random.read_exact(&mut bytes).expect("read");
    check(bytes != [0; 32], "random bytes are zero");
    let error = full.write(b"x").expect_err("/dev/full took something");
    same("/dev/full", &Some(libc::ENOSPC), &error.raw_os_error());
    for other in &others {
        flags(other.as_raw_fd());
    }
    // O_ASYNC is taken back by who gave it: then the device knows the file.
    // SAFETY: takes no pointer.
    must("F_SETFL", unsafe {
        libc::fcntl(random.as_raw_fd(), libc::F_SETFL, before[2] & !libc::O_ASYNC)
    });
    same("cleared", &(before[2] & !libc::O_ASYNC), &flags(random.as_raw_fd()));
}
