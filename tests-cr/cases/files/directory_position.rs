// SPDX-License-Identifier: GPL-2.0

//! Fact: reading a directory goes on where it was: the rest of the names, each once.
//!
//! Could break: the offset of a directory is a cookie of the file system, not a count.

use std::collections::BTreeSet;

use ckpt_support::{checkpoint_here, entries, must, same};

/// Some names, at least one, or none at the end.
fn read_some(fd: i32, size: usize) -> Vec<String> {
    let mut buffer = vec![0u8; size];
    let count = entries(fd, &mut buffer);
    let (mut names, mut at) = (Vec::new(), 0);
    while at < count {
        // struct linux_dirent64: the length at 16, the name at 19.
        let length = u16::from_le_bytes([buffer[at + 16], buffer[at + 17]]) as usize;
        let name = &buffer[at + 19..at + length];
        let end = name
            .iter()
            .position(|&byte| byte == 0)
            .unwrap_or(name.len());
        names.push(String::from_utf8_lossy(&name[..end]).into_owned());
        at += length;
    }
    names
}

pub fn run() {
    std::fs::create_dir_all("dir").expect("mkdir");
    let mut expected: BTreeSet<String> = [".".into(), "..".into()].into();
    for index in 0..100 {
        let name = format!("name-{index}");
        std::fs::write(format!("dir/{name}"), b"").expect("write");
        expected.insert(name);
    }
    // SAFETY: the path is a C string.
    let fd = must("open", unsafe {
        libc::open(c"dir".as_ptr(), libc::O_RDONLY)
    });
    let mut seen = read_some(fd, 1000);
    checkpoint_here();
    loop {
        let more = read_some(fd, 1000);
        if more.is_empty() {
            break;
        }
        seen.extend(more);
    }
    same("number of names", &expected.len(), &seen.len());
    same("names", &expected, &seen.into_iter().collect());
}
