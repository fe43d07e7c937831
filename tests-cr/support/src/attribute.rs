// SPDX-License-Identifier: GPL-2.0

//! Extended attributes and flags of inodes, through a descriptor.

use std::ffi::CStr;
use std::fs::File;
use std::os::fd::AsRawFd;

use crate::sys::must;

/// FS_IMMUTABLE_FL, FS_APPEND_FL, FS_NODUMP_FL, FS_NOATIME_FL.
pub const FLAGS: [i32; 4] = [0x10, 0x20, 0x40, 0x80];

/// Sets an extended attribute.
#[track_caller]
pub fn set_attribute(file: &File, name: &CStr, value: &[u8]) {
    // SAFETY: the name is a C string, and the value has its length.
    must("fsetxattr", unsafe {
        let (value, size) = (value.as_ptr().cast(), value.len());
        libc::fsetxattr(file.as_raw_fd(), name.as_ptr(), value, size, 0)
    });
}

/// Names and values of all extended attributes, in order.
pub fn attributes(file: &File) -> Vec<(String, Vec<u8>)> {
    let fd = file.as_raw_fd();
    let mut names = vec![0; 65_536];
    // SAFETY: there is room for as much as is asked for.
    let size = must("flistxattr", unsafe {
        libc::flistxattr(fd, names.as_mut_ptr().cast(), names.len())
    });
    let names = &names[..size as usize];
    let mut all: Vec<_> = names
        .split_inclusive(|byte| *byte == 0)
        .map(|name| {
            let name = CStr::from_bytes_with_nul(name).expect("a name");
            let mut value = vec![0; 65_536];
            // SAFETY: there is room for as much as is asked for.
            let size = must("fgetxattr", unsafe {
                libc::fgetxattr(fd, name.as_ptr(), value.as_mut_ptr().cast(), value.len())
            });
            value.truncate(size as usize);
            (name.to_string_lossy().into_owned(), value)
        })
        .collect();
    all.sort();
    all
}

/// What lsattr(1) shows.
pub fn inode_flags(file: &File) -> i32 {
    let mut flags = 0;
    // SAFETY: writes one number.
    must("FS_IOC_GETFLAGS", unsafe {
        libc::ioctl(file.as_raw_fd(), libc::FS_IOC_GETFLAGS, &raw mut flags)
    });
    flags
}

/// What chattr(1) does, with these flags besides those that are there.
#[track_caller]
pub fn set_inode_flags(file: &File, flags: i32) {
    let all = inode_flags(file) | flags;
    // SAFETY: reads one number.
    must("FS_IOC_SETFLAGS", unsafe {
        libc::ioctl(file.as_raw_fd(), libc::FS_IOC_SETFLAGS, &raw const all)
    });
}

/// A list of rights for setxattr(2): the owner, user 1234, the group, the mask, others.
pub fn rights_of_another(others: u16) -> Vec<u8> {
    const UNDEFINED: u32 = u32::MAX;
    let entries = [
        (0x01u16, 6u16, UNDEFINED),
        (0x02, 5, 1234),
        (0x04, 4, UNDEFINED),
        (0x10, 5, UNDEFINED),
        (0x20, others, UNDEFINED),
    ];
    let mut bytes = 2u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(rights.to_le_bytes());
        bytes.extend(id.to_le_bytes());
    }
    bytes
}
