// SPDX-License-Identifier: GPL-2.0

//! Locking, and what can be seen of it.

use std::ffi::CString;
use std::os::fd::RawFd;

use ckpt_support::{errno, must};

/// Opens a file of this name, which is made if it is not there.
pub fn open(name: &str, flags: i32) -> RawFd {
    let name = CString::new(name).expect("a name");
    // SAFETY: the path is a C string.
    must("open", unsafe {
        libc::open(name.as_ptr(), flags | libc::O_CREAT, 0o600)
    })
}

/// flock(2), without waiting: is it granted?
pub fn flock(fd: RawFd, how: i32) -> bool {
    // SAFETY: takes no pointer.
    unsafe { libc::flock(fd, how | libc::LOCK_NB) == 0 }
}

/// A lock of `size` bytes from `start` on; zero: of all that follows.
pub fn range(kind: i32, start: i64, size: i64) -> libc::flock {
    libc::flock {
        l_type: kind as i16,
        l_whence: libc::SEEK_SET as i16,
        l_start: start,
        l_len: size,
        l_pid: 0,
    }
}

/// fcntl(2) with a lock: zero, or the error.
pub fn fcntl(fd: RawFd, command: i32, mut lock: libc::flock) -> i32 {
    // SAFETY: a lock to be read.
    match unsafe { libc::fcntl(fd, command, &mut lock) } {
        0 => 0,
        _ => errno(),
    }
}

/// Who stands against a lock first: type, start, size, and number of its taker.
pub fn against(fd: RawFd, command: i32, mut lock: libc::flock) -> (i32, i64, i64, i32) {
    // SAFETY: a lock to be read and filled.
    must("F_GETLK", unsafe { libc::fcntl(fd, command, &mut lock) });
    (lock.l_type.into(), lock.l_start, lock.l_len, lock.l_pid)
}

/// What /proc says of the locks of a descriptor, but for the inode.
pub fn shown(fd: RawFd) -> Vec<String> {
    let text = std::fs::read_to_string(format!("/proc/self/fdinfo/{fd}")).expect("fdinfo");
    let lines = text.lines().filter(|line| line.starts_with("lock:"));
    let words = lines.map(|line| {
        line.split_whitespace()
            .filter(|word| word.matches(':').count() < 2)
    });
    words
        .map(|words| words.collect::<Vec<_>>().join(" "))
        .collect()
}

/// Waits until a relative sleeps in a system call.
pub fn wait_until_inside(pid: i32, number: i64) {
    let path = format!("/proc/{pid}/syscall");
    let wanted = format!("{number} ");
    while !std::fs::read_to_string(&path).is_ok_and(|text| text.starts_with(&wanted)) {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}
