// SPDX-License-Identifier: GPL-2.0

//! Fact: the mapping of a memfd whose descriptor is closed comes back, and so does what lies behind
//! its end.
//!
//! Could break: only the area leads to the inode.

use std::os::unix::fs::FileExt;

use ckpt_support::{check, checkpoint_here, memfd, page_size, same, Mapping};

pub fn run() {
    let file = memfd(c"outlived", 0);
    file.set_len(4 * page_size() as u64).expect("ftruncate");
    file.write_all_at(b"behind", 3 * page_size() as u64)
        .expect("write");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 2 * page_size(), rights, libc::MAP_SHARED);
    drop(file);
    memory.page(0)[..4].copy_from_slice(b"seen");
    let line = memory.maps_line();
    checkpoint_here();
    same("its line in maps", &line, &memory.maps_line());
    check(&memory.page(0)[..4] == b"seen", "the content is gone");
    let range = memory.map_file();
    let again = std::fs::File::options()
        .read(true)
        .open(range)
        .expect("/proc/self/map_files");
    let mut behind = [0; 6];
    again
        .read_exact_at(&mut behind, 3 * page_size() as u64)
        .expect("read");
    check(&behind == b"behind", "what was not mapped is gone");
}
