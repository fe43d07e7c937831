// SPDX-License-Identifier: GPL-2.0

//! Fact: a memfd, a file on tmpfs and a removed directory have their extended attributes and flags again,
//! and lists of rights.
//!
//! Could break: each of them is made in another way, and a directory is never written to.

use std::fs::File;
use std::os::unix::fs::MetadataExt;

use ckpt_support::attribute::{
    attributes, inode_flags, rights_of_another, set_attribute, set_inode_flags, FLAGS,
};
use ckpt_support::{checkpoint_here, memfd, same};

pub fn run() {
    let nameless = memfd(c"extended", 0);
    let path = format!("/dev/shm/extended-{}", std::process::id());
    let named = File::create_new(&path).expect("/dev/shm");
    std::fs::create_dir_all("extended").expect("mkdir");
    let directory = File::open("extended").expect("open");
    let rights = rights_of_another(4);
    for file in [&nameless, &named, &directory] {
        set_attribute(file, c"user.origin", b"here");
        set_attribute(file, c"trusted.secret", b"trust");
        set_attribute(file, c"system.posix_acl_access", &rights);
    }
    set_attribute(&directory, c"system.posix_acl_default", &rights);
    std::fs::remove_dir("extended").expect("rmdir");
    let [immutable, _, no_dump, no_atime] = FLAGS;
    set_inode_flags(&nameless, immutable | no_dump);
    set_inode_flags(&named, no_atime);
    set_inode_flags(&directory, no_dump);
    let seen = || {
        [&nameless, &named, &directory].map(|file| {
            let about = file.metadata().expect("fstat");
            (attributes(file), inode_flags(file), about.mode())
        })
    };
    let before = seen();
    checkpoint_here();
    same("what they have", &before, &seen());
    std::fs::remove_file(&path).expect("unlink");
}
