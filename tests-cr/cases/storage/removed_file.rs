// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that was removed while it is open comes back without a name, with content, owner,
//! mode and times; and a new file with its old name is left alone.
//!
//! Could break: by its old name there is another file.

use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{fchown, MetadataExt, PermissionsExt};

use ckpt_support::{check, checkpoint_here, file_with, link_of, same};

pub fn run() {
    let mut file = file_with("removed", b"content");
    fchown(&file, Some(1000), Some(2000)).expect("fchown");
    file.set_permissions(std::fs::Permissions::from_mode(0o2751))
        .expect("fchmod");
    std::fs::remove_file("removed").expect("unlink");
    drop(file_with("removed", b"another"));
    let seen = |file: &std::fs::File| {
        let about = file.metadata().expect("fstat");
        (
            link_of(file.as_raw_fd()),
            (about.nlink(), about.mode(), about.size()),
            (about.uid(), about.gid(), about.dev()),
            (about.mtime(), about.mtime_nsec()),
        )
    };
    let before = seen(&file);
    checkpoint_here();
    same("what it is", &before, &seen(&file));
    file.write_all(b" and more").expect("write");
    let mut content = String::new();
    file.rewind().expect("seek");
    file.read_to_string(&mut content).expect("read");
    same("content", &"content and more", &content.as_str());
    let another = std::fs::read_to_string("removed").expect("the other file");
    same("the other file", &"another", &another.as_str());
    let names = std::fs::read_dir(".").expect("directory").count();
    check(names < 12, "there are strange files in the directory");
}
