// SPDX-License-Identifier: GPL-2.0

//! Fact: an ordinary user who has opened a file without a name (O_TMPFILE) can give it one after the
//! restart.
//!
//! Could break: without a capability, linkat asks whether the file was opened with the very credentials
//! that the caller has.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

use ckpt_support::{checkpoint_here, errno, must, same};

pub fn run() {
    std::fs::set_permissions(".", PermissionsExt::from_mode(0o777)).expect("chmod");
    let _ = std::fs::remove_file("named");
    let open = || {
        File::options()
            .read(true)
            .write(true)
            .custom_flags(libc::O_TMPFILE)
            .open(".")
            .expect("O_TMPFILE")
    };
    let of_root = open();
    // SAFETY: the list is empty; the others take no pointer.
    unsafe {
        must("setgroups", libc::setgroups(0, std::ptr::null()));
        must("setresgid", libc::setresgid(1000, 1000, 1000));
        must("setresuid", libc::setresuid(1000, 1000, 1000));
        let dumpable = libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0);
        must("PR_SET_DUMPABLE", dumpable);
    }
    let own = open();
    checkpoint_here();
    // SAFETY: both are C strings.
    let link = |file: &File| unsafe {
        libc::linkat(
            file.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            c"named".as_ptr(),
            libc::AT_EMPTY_PATH,
        )
    };
    same("root's", &(-1, libc::ENOENT), &(link(&of_root), errno()));
    must("linkat", link(&own));
}
