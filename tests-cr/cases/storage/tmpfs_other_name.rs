// SPDX-License-Identifier: GPL-2.0

//! Fact: a file on tmpfs that was made without a name, or lost the one it was opened by, and got another,
//! comes back by that one with all that it was, also when the machine was off in between.
//!
//! Could break: after a reboot it is not there, or it is two.

use std::fs::{File, Metadata, Permissions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt, PermissionsExt};

use ckpt_support::{checkpoint_here, file_with, link_of, same};

fn about(file: &File) -> (u64, u32, u64, i64, i64) {
    let about: Metadata = file.metadata().expect("fstat");
    let times = (about.mtime(), about.mtime_nsec());
    (about.size(), about.mode(), about.nlink(), times.0, times.1)
}

pub fn run() {
    let path = |what: &str| format!("/dev/shm/{what}-{}", std::process::id());
    let linked = path("linked");
    let nameless = File::options()
        .read(true)
        .write(true)
        .custom_flags(libc::O_TMPFILE)
        .open("/dev/shm")
        .expect("O_TMPFILE");
    nameless.write_all_at(b"nameless", 5000).expect("write");
    let from = std::ffi::CString::new(format!("/proc/self/fd/{}", nameless.as_raw_fd()));
    let (from, to) = (from.expect("text"), std::ffi::CString::new(&*linked).expect("text"));
    // SAFETY: both are C strings.
    ckpt_support::must("linkat", unsafe {
        let here = libc::AT_FDCWD;
        libc::linkat(here, from.as_ptr(), here, to.as_ptr(), libc::AT_SYMLINK_FOLLOW)
    });
    let (first, second) = (path("first"), path("second"));
    let by_second = {
        drop(file_with(&first, b"moved"));
        std::fs::hard_link(&first, &second).expect("link");
        File::open(&second).expect("open")
    };
    let options = || File::options().read(true).write(true).open(&first).expect("open");
    let (moved, again) = (options(), options());
    moved.set_permissions(Permissions::from_mode(0o604)).expect("fchmod");
    std::fs::remove_file(&first).expect("unlink");
    let all = [&nameless, &moved, &again, &by_second];
    let seen = || all.map(|file| (about(file), link_of(file.as_raw_fd())));
    let before = seen();
    checkpoint_here();
    same("what they are", &before, &seen());
    for (file, name, offset) in [(&nameless, &linked, 5000), (&moved, &second, 0)] {
        let named = File::open(name).expect("by its name");
        let (one, other) = (file.metadata().expect("fstat"), named.metadata().expect("fstat"));
        same("inode", &one.ino(), &other.ino());
        file.write_all_at(b"N", offset).expect("write");
        let mut bytes = [0; 5];
        named.read_exact_at(&mut bytes, offset).expect("read");
        let is = if offset == 0 { b"Noved" } else { b"Namel" };
        same("by its name", is, &bytes);
        std::fs::remove_file(name).expect("unlink");
    }
    for file in [&again, &by_second] {
        let mut bytes = [0; 5];
        file.read_exact_at(&mut bytes, 0).expect("read");
        same("through the others", b"Noved", &bytes);
    }
}
