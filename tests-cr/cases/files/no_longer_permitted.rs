// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that the program could not open any more is still open after a restart.
//!
//! Could break: if files are opened with the program's rights instead of the restarter's, or after
//! the rights were given up.

use std::io::{Read, Seek, Write};
use std::os::unix::fs::PermissionsExt;

use ckpt_support::{check, checkpoint_here, file_with, must, same};

pub fn run() {
    let mut file = file_with("secret", b"secret");
    let nobody = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions("secret", nobody).expect("chmod");
    // SAFETY: takes no pointer.
    unsafe {
        must("setresgid", libc::setresgid(1000, 1000, 1000));
        must("setresuid", libc::setresuid(1000, 1000, 1000));
    }
    check(
        std::fs::File::open("secret").is_err(),
        "the file can be opened",
    );
    checkpoint_here();
    check(
        std::fs::File::open("secret").is_err(),
        "the file can be opened",
    );
    file.write_all(b" word").expect("write");
    file.rewind().expect("seek");
    let mut content = String::new();
    file.read_to_string(&mut content).expect("read");
    same("content", &"secret word", &content.as_str());
}
