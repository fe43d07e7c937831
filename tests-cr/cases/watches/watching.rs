// SPDX-License-Identifier: GPL-2.0

//! inotify, and what can be read of it.

use std::ffi::CString;
use std::os::fd::RawFd;

use ckpt_support::must;
use ckpt_support::pipes::read;

/// A new instance, which does not wait.
pub fn watcher(flags: i32) -> RawFd {
    // SAFETY: takes no pointer.
    must("inotify_init1", unsafe { libc::inotify_init1(flags) })
}

/// Watches something; its number.
pub fn watch(fd: RawFd, path: &str, mask: u32) -> i32 {
    let path = CString::new(path).expect("a path");
    // SAFETY: the path is a C string.
    must("inotify_add_watch", unsafe {
        libc::inotify_add_watch(fd, path.as_ptr(), mask)
    })
}

/// Ends a watch.
pub fn unwatch(fd: RawFd, number: i32) {
    // SAFETY: takes no pointer.
    must("inotify_rm_watch", unsafe {
        libc::inotify_rm_watch(fd, number)
    });
}

/// An event: watch, mask, cookie, name.
pub type Event = (i32, u32, u32, String);

/// Everything that is to be read.
pub fn events(fd: RawFd) -> Vec<Event> {
    let mut events = Vec::new();
    while let Ok(bytes) = read(fd, 4096) {
        let mut rest = &bytes[..];
        while let Some((fixed, behind)) = rest.split_at_checked(16) {
            let word = |index: usize| {
                let word = fixed[index * 4..][..4].try_into().expect("four bytes");
                u32::from_ne_bytes(word)
            };
            let (name, next) = behind.split_at(word(3) as usize);
            let name = String::from_utf8_lossy(name);
            let name = name.trim_end_matches('\0').to_string();
            events.push((word(0) as i32, word(1), word(2), name));
            rest = next;
        }
        if bytes.is_empty() {
            break;
        }
    }
    events
}

/// An event without a cookie.
pub fn event(number: i32, mask: u32, name: &str) -> Event {
    (number, mask, 0, name.to_string())
}
