// SPDX-License-Identifier: GPL-2.0

//! Fact: a file on tmpfs comes back by its name with its content, also when the machine was off in
//! between; so does POSIX shared memory.
//!
//! Could break: after a reboot it is not there.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};

use ckpt_support::{check, checkpoint_here, page_size, same, Mapping};

pub fn run() {
    let path = format!("/dev/shm/fact-{}", std::process::id());
    let mut file = File::options()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)
        .expect("/dev/shm");
    file.set_len(9 * page_size() as u64 + 5).expect("ftruncate");
    file.write_all(b"by write").expect("write");
    file.set_permissions(std::fs::Permissions::from_mode(0o604))
        .expect("fchmod");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 9 * page_size(), rights, libc::MAP_SHARED);
    memory.page(5)[..6].copy_from_slice(b"by map");
    file.seek(SeekFrom::Start(3)).expect("seek");
    let seen = |about: std::fs::Metadata| {
        let times = (about.mtime(), about.mtime_nsec());
        (about.size(), about.mode(), about.blocks(), times)
    };
    let before = seen(file.metadata().expect("fstat"));
    let line = memory.maps_line();
    checkpoint_here();
    same("what it is", &before, &seen(file.metadata().expect("fstat")));
    same("by its name", &before, &seen(std::fs::metadata(&path).expect("stat")));
    same("its line in maps", &line, &memory.maps_line());
    same("offset", &3, &file.stream_position().expect("seek"));
    check(&memory.page(5)[..6] == b"by map", "the content is gone");
    let named = File::open(&path).expect("by its name");
    named.read_exact_at(&mut [0; 8], 0).expect("read");
    memory.page(6)[0] = 1;
    let mut byte = [0];
    named
        .read_exact_at(&mut byte, 6 * page_size() as u64)
        .expect("read");
    same("what is put into memory", &1, &byte[0]);
    std::fs::remove_file(&path).expect("unlink");
}
