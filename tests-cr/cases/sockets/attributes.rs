// SPDX-License-Identifier: GPL-2.0

//! Fact: an open socket has its extended attributes again; and so has the inode of its name, with its list
//! of rights, though that is made anew.
//!
//! Could break: without its list of rights the mask of an inode becomes what its group may do.

use std::ffi::CStr;
use std::fs::File;
use std::os::fd::FromRawFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};

use ckpt_support::attribute::{attributes, rights_of_another, set_attribute};
use ckpt_support::unix::{bind, socket};
use ckpt_support::{checkpoint_here, must, same};

fn get(path: &CStr, name: &CStr) -> Vec<u8> {
    let mut value = vec![0; 4096];
    // SAFETY: there is room for as much as is asked for.
    let size = must("getxattr", unsafe {
        libc::getxattr(path.as_ptr(), name.as_ptr(), value.as_mut_ptr().cast(), value.len())
    });
    value.truncate(size as usize);
    value
}

fn set(path: &CStr, name: &CStr, value: &[u8]) {
    // SAFETY: two names, and a value with its length.
    must("setxattr", unsafe {
        let (from, size) = (value.as_ptr().cast(), value.len());
        libc::setxattr(path.as_ptr(), name.as_ptr(), from, size, 0)
    });
}

pub fn run() {
    // On a file system that a reboot takes away.
    let path = format!("/dev/shm/socket-{}", std::process::id());
    let c_path = std::ffi::CString::new(path.clone()).expect("a path");
    let own = socket(libc::SOCK_STREAM);
    bind(own, path.as_bytes()).expect("bind");
    // SAFETY: nobody else closes it.
    let own = unsafe { File::from_raw_fd(own) };
    set_attribute(&own, c"user.origin", b"here");
    set(&c_path, c"trusted.secret", b"trust");
    set(&c_path, c"user.note", b"x");
    set(&c_path, c"system.posix_acl_access", &rights_of_another(0));
    let seen = || {
        let about = std::fs::symlink_metadata(&path).expect("stat");
        let names = [c"trusted.secret", c"user.note", c"system.posix_acl_access"];
        (
            attributes(&own),
            about.file_type().is_socket(),
            about.permissions().mode(),
            names.map(|name| get(&c_path, name)),
        )
    };
    let before = seen();
    checkpoint_here();
    same("what they have", &before, &seen());
    std::fs::remove_file(&path).expect("remove");
}
