// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file that has no extended attributes has none afterwards, though its directory gives
//! some to every new file.
//!
//! Could break: it is made in that directory again.

use std::os::unix::fs::MetadataExt;

use ckpt_support::attribute::{attributes, rights_of_another, set_attribute};
use ckpt_support::{checkpoint_here, file_with, same};

pub fn run() {
    let _ = std::fs::remove_dir_all("giving");
    std::fs::create_dir("giving").expect("mkdir");
    let file = file_with("giving/file", b"plain");
    let directory = std::fs::File::open("giving").expect("open");
    let rights = rights_of_another(4);
    set_attribute(&directory, c"system.posix_acl_default", &rights);
    std::fs::remove_file("giving/file").expect("unlink");
    let seen = || (attributes(&file), file.metadata().expect("fstat").mode());
    let before = seen();
    checkpoint_here();
    same("what it has", &before, &seen());
}
