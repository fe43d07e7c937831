// SPDX-License-Identifier: GPL-2.0

//! fanotify, and what can be read of it.

use std::ffi::CString;
use std::fs;
use std::os::fd::RawFd;

use ckpt_support::must;
use ckpt_support::pipes::read;

pub const FAN_MARK_IGNORE: u32 = 0x400;
pub const FAN_MARK_EVICTABLE: u32 = 0x200;
pub const FAN_RENAME: u64 = 0x1000_0000;

/// A new group, which does not wait.
pub fn group(flags: u32, event_flags: i32) -> RawFd {
    // SAFETY: takes no pointer.
    must("fanotify_init", unsafe {
        libc::fanotify_init(flags | libc::FAN_NONBLOCK, event_flags as u32)
    })
}

/// Changes a mark.
pub fn mark(fd: RawFd, flags: u32, mask: u64, path: &str) {
    let path = CString::new(path).expect("a path");
    // SAFETY: the path is a C string.
    must("fanotify_mark", unsafe {
        libc::fanotify_mark(fd, flags, mask, libc::AT_FDCWD, path.as_ptr())
    });
}

/// Marks an inode.
pub fn add(fd: RawFd, mask: u64, path: &str) {
    mark(fd, libc::FAN_MARK_ADD, mask, path);
}

/// An event: mask, whose, the file that it opens, and all that follows the fixed part.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub mask: u64,
    pub pid: i32,
    pub fd: RawFd,
    pub rest: Vec<u8>,
}

/// Everything that is to be read.
pub fn told(fd: RawFd) -> Vec<Told> {
    const FIXED: usize = 24;
    let mut all = Vec::new();
    while let Ok(bytes) = read(fd, 16384) {
        let mut bytes = &bytes[..];
        while bytes.len() >= FIXED {
            let word = |at: usize| u32::from_ne_bytes(bytes[at..][..4].try_into().expect("four"));
            let length = word(0) as usize;
            all.push(Told {
                mask: u64::from(word(8)) | u64::from(word(12)) << 32,
                fd: word(16) as i32,
                pid: word(20) as i32,
                rest: bytes[FIXED..length].to_vec(),
            });
            bytes = &bytes[length..];
        }
        if bytes.is_empty() && all.is_empty() {
            break;
        }
    }
    all
}

/// Likewise: masks and the names of what they open, which is closed.
pub fn opened(fd: RawFd) -> Vec<(u64, i32, String)> {
    let name = |told: &Told| match told.fd {
        fd if fd < 0 => String::new(),
        fd => {
            let name = fs::read_link(format!("/proc/self/fd/{fd}")).expect("a link");
            // SAFETY: it was opened for us.
            unsafe { libc::close(fd) };
            let name = name.display().to_string();
            name.rsplit('/').next().unwrap_or_default().to_string()
        }
    };
    let all = told(fd);
    all.iter()
        .map(|told| (told.mask, told.pid, name(told)))
        .collect()
}

/// What /proc says of it, without what a mount namespace or a device is called.
pub fn shown(fd: RawFd) -> String {
    let text = fs::read_to_string(format!("/proc/self/fdinfo/{fd}")).expect("fdinfo");
    let lines = text
        .lines()
        .filter(|line| line.starts_with("fanotify") || line.starts_with("flags"));
    let mut shown = String::new();
    for line in lines {
        for word in line
            .split_whitespace()
            .filter(|word| !word.starts_with("mnt_id") && !word.starts_with("sdev"))
        {
            shown += word;
            shown.push(' ');
        }
        shown.push('\n');
    }
    shown
}
