// SPDX-License-Identifier: GPL-2.0

//! Fact: a removed file on hugetlbfs comes back, and is as long as it was, though what maps it is longer.
//!
//! Could break: mapping it for writing makes it longer.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

use ckpt_support::{check, checkpoint_here, link_of, page_size, same, Mapping, HUGE};

pub fn run() {
    let path = format!("/dev/hugepages/removed-{}", std::process::id());
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .expect("/dev/hugepages");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 3 * HUGE, rights, libc::MAP_SHARED);
    memory.page(1)[0] = 1;
    memory.page(2 * HUGE / page_size())[0] = 2;
    file.set_len(HUGE as u64).expect("ftruncate");
    std::fs::remove_file(&path).expect("unlink");
    let seen = || {
        let about = file.metadata().expect("fstat");
        (
            link_of(file.as_raw_fd()),
            (about.nlink(), about.size(), about.blocks()),
            memory.maps_line(),
        )
    };
    let before = seen();
    checkpoint_here();
    same("what it is", &before, &seen());
    check(memory.page(1)[0] == 1, "the content is gone");
    let again = Mapping::of_file(&file, HUGE, libc::PROT_READ, libc::MAP_SHARED);
    memory.page(5)[0] = 5;
    check(again.page(5)[0] == 5, "the mappings are apart");
    check(!std::path::Path::new(&path).exists(), "it has a name again");
    file.set_len(3 * HUGE as u64).expect("ftruncate");
    check(
        memory.page(2 * HUGE / page_size())[0] == 0,
        "what was cut off is back",
    );
}
