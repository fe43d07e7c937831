// SPDX-License-Identifier: GPL-2.0

//! Fact: the umask is the same, and applies.
//!
//! Could break: it hides in the same struct as the directories and is easily forgotten.

use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

use ckpt_support::{checkpoint_here, same};

pub fn run() {
    // SAFETY: takes no pointer.
    unsafe { libc::umask(0o137) };
    checkpoint_here();
    let _ = std::fs::remove_file("new");
    let file = std::fs::File::options()
        .write(true)
        .create_new(true)
        .mode(0o777)
        .open("new");
    let mode = file
        .expect("new")
        .metadata()
        .expect("stat")
        .permissions()
        .mode();
    same("mode of a new file", &0o640, &(mode & 0o777));
    // SAFETY: as above.
    same("umask", &0o137, &unsafe { libc::umask(0) });
}
