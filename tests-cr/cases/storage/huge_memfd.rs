// SPDX-License-Identifier: GPL-2.0

//! Fact: a memfd of huge pages comes back: name, size, content, holes, what fallocate(2) reserved beyond
//! its end, offsets, and who shares it.
//!
//! Could break: nothing but mmap(2) and fallocate(2) puts anything into it; its end may lie inside of
//! a page only by way of fallocate(2).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;

use ckpt_support::{check, checkpoint_here, link_of, memfd, must, page_size, same, Mapping, HUGE};

const HUGETLB: u32 = libc::MFD_HUGETLB | libc::MFD_HUGE_2MB;

fn allocate(file: &File, mode: i32, from: usize, size: usize) {
    // SAFETY: takes no pointer.
    must("fallocate", unsafe {
        libc::fallocate(file.as_raw_fd(), mode, from as i64, size as i64)
    });
}

pub fn run() {
    let mut file = memfd(c"huge", HUGETLB);
    file.set_len(3 * HUGE as u64).expect("ftruncate");
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::of_file(&file, 3 * HUGE, rights, libc::MAP_SHARED);
    let per_page = HUGE / page_size();
    memory.page(2 * per_page + 7).fill(27);
    allocate(&file, libc::FALLOC_FL_KEEP_SIZE, 4 * HUGE, HUGE);
    let again = File::open(format!("/proc/self/fd/{}", file.as_raw_fd())).expect("open");
    file.seek(SeekFrom::Start(5)).expect("seek");
    let odd = memfd(c"odd", HUGETLB | libc::MFD_NOEXEC_SEAL);
    allocate(&odd, 0, 0, 100);
    let seen = || {
        [&file, &again, &odd].map(|file| {
            let about = file.metadata().expect("fstat");
            let times = (about.mtime(), about.mtime_nsec());
            let link = link_of(file.as_raw_fd());
            (link, about.mode(), about.size(), about.blocks(), times)
        })
    };
    let line = memory.maps_line();
    let before = seen();
    same("blocks", &(2 * HUGE as u64 / 512), &before[0].3);
    checkpoint_here();
    same("what they are", &before, &seen());
    same("the line in maps", &line, &memory.maps_line());
    same("offset", &5, &file.stream_position().expect("seek"));
    check(
        memory.page(2 * per_page + 7)[9] == 27,
        "the content is gone",
    );
    memory.page(1)[2] = 12;
    let mut byte = [0];
    file.seek(SeekFrom::Start(page_size() as u64 + 2))
        .expect("seek");
    file.read_exact(&mut byte).expect("read");
    same("what is put into memory", &12, &byte[0]);
}
