// SPDX-License-Identifier: GPL-2.0

//! Fact: owner, mode, times and write hint of a pipe are as they were.
//!
//! Could break: they are of an inode that no file system keeps.

use ckpt_support::pipes::{pipe, write};
use ckpt_support::{checkpoint_here, must, same};

fn stat(fd: i32) -> libc::stat {
    // SAFETY: fills one struct, for which zeros are a value.
    unsafe {
        let mut stat = std::mem::zeroed();
        must("fstat", libc::fstat(fd, &mut stat));
        stat
    }
}

/// How long what is written will last.
fn hint(fd: i32) -> i64 {
    const F_GET_RW_HINT: i32 = 1035;
    let mut hint = 7u64;
    // SAFETY: fills one number.
    must("F_GET_RW_HINT", unsafe {
        libc::fcntl(fd, F_GET_RW_HINT, &raw mut hint)
    });
    hint as i64
}

fn seen(fd: i32) -> [i64; 11] {
    let stat = stat(fd);
    [
        hint(fd),
        stat.st_mode.into(),
        stat.st_uid.into(),
        stat.st_gid.into(),
        stat.st_nlink as i64,
        stat.st_size,
        stat.st_blksize,
        stat.st_atime,
        stat.st_atime_nsec,
        stat.st_mtime,
        stat.st_mtime_nsec,
    ]
}

pub fn run() {
    let plain = pipe(0);
    let changed = pipe(0);
    write(changed[1], b"x").expect("write");
    let times = [(11, 22), (33, 44)].map(|(tv_sec, tv_nsec)| libc::timespec { tv_sec, tv_nsec });
    // SAFETY: two timespecs are read.
    unsafe {
        must("fchmod", libc::fchmod(changed[0], 0o2640));
        must("fchown", libc::fchown(changed[0], 1234, 5678));
        must("futimens", libc::futimens(changed[1], times.as_ptr()));
        must("fchmod", libc::fchmod(changed[0], 0o2642));
        const F_SET_RW_HINT: i32 = 1036;
        let long = 4u64;
        must(
            "F_SET_RW_HINT",
            libc::fcntl(changed[0], F_SET_RW_HINT, &raw const long),
        );
    }
    let all = || [plain, changed].concat().iter().map(|&fd| seen(fd)).collect::<Vec<_>>();
    let before = all();
    checkpoint_here();
    same("attributes", &before, &all());
}
