// SPDX-License-Identifier: GPL-2.0

//! Files without a name, and what can be seen of an inode.

use std::ffi::CStr;
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd};

use crate::sys::{must, proc_self, raw};

/// A memfd.
pub fn memfd(name: &CStr, flags: u32) -> File {
    // SAFETY: the name is a C string.
    let fd = must("memfd_create", unsafe {
        libc::memfd_create(name.as_ptr(), flags)
    });
    // SAFETY: a new descriptor, and nobody else's.
    unsafe { File::from_raw_fd(fd) }
}

/// Where there is data in a file: first byte and first byte after it.
pub fn stretches(file: &File) -> Vec<(i64, i64)> {
    let fd = file.as_raw_fd();
    // SAFETY: takes no pointer.
    let seek = |at, how| unsafe { libc::lseek(fd, at, how) };
    let before = seek(0, libc::SEEK_CUR);
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let start = seek(at, libc::SEEK_DATA);
        if start < 0 {
            seek(before, libc::SEEK_SET);
            return found;
        }
        at = seek(start, libc::SEEK_HOLE);
        found.push((start, at));
    }
}

/// What /proc says a descriptor is; of a nameless file its inode number is left out.
pub fn link_of(fd: i32) -> String {
    let link = std::fs::read_link(format!("/proc/self/fd/{fd}")).expect("a link");
    let link = link.to_string_lossy().into_owned();
    match link.rsplit_once("/#") {
        Some((directory, _)) => format!("{directory}/#"),
        None => link,
    }
}

/// Pages of shared memory that are there, in this process.
pub fn resident_shared() -> u64 {
    let statm = String::from_utf8(proc_self("statm")).expect("text");
    let third = statm.split_whitespace().nth(2);
    third.and_then(|word| word.parse().ok()).expect("a number")
}

/// Are two descriptors of the caller one open file?
pub fn are_one_open_file(one: i32, other: i32) -> bool {
    const KCMP_FILE: usize = 0;
    let own = std::process::id() as usize;
    let arguments = [own, own, KCMP_FILE, one as usize, other as usize];
    raw(libc::SYS_kcmp, &arguments) == 0
}
