// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file on tmpfs, which is how shm_open(3) memory is used, comes back: content, holes,
//! both mappings of it.
//!
//! Could break: shmem, but with a path.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};

use ckpt_support::{check, checkpoint_here, link_of, page_size, same, stretches, Mapping};

pub fn run() {
    let path = format!("/dev/shm/removed-{}", std::process::id());
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .expect("/dev/shm");
    file.set_len(100 * page_size() as u64).expect("ftruncate");
    file.write_all_at(b"deep", 77 * page_size() as u64)
        .expect("write");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let one = Mapping::of_file(&file, 100 * page_size(), rights, libc::MAP_SHARED);
    std::fs::remove_file(&path).expect("unlink");
    let two = Mapping::of_file(&file, 100 * page_size(), libc::PROT_READ, libc::MAP_SHARED);
    let seen = || {
        let about = file.metadata().expect("fstat");
        (
            link_of(file.as_raw_fd()),
            (about.nlink(), about.size(), about.blocks()),
            stretches(&file),
        )
    };
    let before = seen();
    checkpoint_here();
    same("what it is", &before, &seen());
    check(&one.page(77)[..4] == b"deep", "the content is gone");
    one.page(3)[0] = 3;
    check(two.page(3)[0] == 3, "the mappings are apart");
    check(!std::path::Path::new(&path).exists(), "it has a name again");
}
