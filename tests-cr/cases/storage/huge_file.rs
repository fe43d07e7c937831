// SPDX-License-Identifier: GPL-2.0

//! Fact: a file on hugetlbfs comes back by its name with its content, also when the machine was off in
//! between; so does what a private mapping of it has of its own.
//!
//! Could break: after a reboot it is not there; it takes room for a private mapping, too.

use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};

use ckpt_support::{check, checkpoint_here, page_size, same, Mapping, HUGE};

pub fn run() {
    let path = format!("/dev/hugepages/fact-{}", std::process::id());
    let file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .expect("/dev/hugepages");
    file.set_len(3 * HUGE as u64).expect("ftruncate");
    file.set_permissions(std::fs::Permissions::from_mode(0o604))
        .expect("fchmod");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 3 * HUGE, rights, libc::MAP_SHARED);
    let own = Mapping::of_file(&file, HUGE, rights, libc::MAP_PRIVATE);
    let per_page = HUGE / page_size();
    memory.page(2)[..6].copy_from_slice(b"by map");
    memory.page(2 * per_page)[..3].copy_from_slice(b"end");
    own.page(4)[..3].copy_from_slice(b"own");
    own.protect(0, per_page, libc::PROT_READ);
    let seen = |about: std::fs::Metadata| {
        let times = (about.mtime(), about.mtime_nsec());
        (about.size(), about.mode(), about.blocks(), times)
    };
    let before = seen(file.metadata().expect("fstat"));
    let marks = || [&memory, &own].map(|part| (part.signs(), part.maps_line()));
    let lines = marks();
    checkpoint_here();
    same(
        "what it is",
        &before,
        &seen(file.metadata().expect("fstat")),
    );
    same(
        "by its name",
        &before,
        &seen(std::fs::metadata(&path).expect("stat")),
    );
    same("in maps and smaps", &lines, &marks());
    check(&memory.page(2)[..6] == b"by map", "the content is gone");
    check(
        &own.page(2)[..6] == b"by map",
        "the private mapping lacks it",
    );
    check(&own.page(4)[..3] == b"own", "the private content is gone");
    check(memory.page(4)[0] == 0, "the private content is everybody's");
    let mut bytes = [0; 3];
    File::open(&path)
        .expect("by its name")
        .read_exact_at(&mut bytes, 2 * HUGE as u64)
        .expect("read");
    check(&bytes == b"end", "the end is gone");
    std::fs::remove_file(&path).expect("unlink");
}
