// SPDX-License-Identifier: GPL-2.0

//! Fact: a file with advice about how it is read (posix_fadvise) and a hint about what is written
//! (F_SET_RW_HINT) is saved; the hint is told again, after a reboot too, of a directory as well.
//!
//! Could break: advice sets bits of the open file that no flag shows; the hint is forgotten with
//! the inode.

use std::io::{Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, file_with, must, same};

const F_GET_RW_HINT: i32 = 1035;
const F_SET_RW_HINT: i32 = 1036;
const LONG: u64 = 4;

pub fn run() {
    let mut files = ["random", "sequential", "once", "both"].map(|name| {
        let mut file = file_with(name, b"content");
        file.seek(SeekFrom::Start(3)).expect("seek");
        file
    });
    let advice: [&[i32]; 4] = [
        &[libc::POSIX_FADV_RANDOM],
        &[libc::POSIX_FADV_SEQUENTIAL],
        &[libc::POSIX_FADV_NOREUSE],
        &[libc::POSIX_FADV_SEQUENTIAL, libc::POSIX_FADV_RANDOM, libc::POSIX_FADV_NOREUSE],
    ];
    for (file, advice) in files.iter().zip(advice) {
        for what in advice {
            // SAFETY: takes no pointer.
            let result = unsafe { libc::posix_fadvise(file.as_raw_fd(), 0, 0, *what) };
            same("posix_fadvise", &0, &result);
        }
    }
    std::fs::create_dir("hinted").expect("mkdir");
    let directory = std::fs::File::open("hinted").expect("open");
    let mut hint = LONG;
    for file in [&files[0], &directory] {
        // SAFETY: reads one number.
        must("F_SET_RW_HINT", unsafe {
            libc::fcntl(file.as_raw_fd(), F_SET_RW_HINT, &raw const hint)
        });
    }

    checkpoint_here();

    for file in &mut files {
        let mut rest = String::new();
        file.read_to_string(&mut rest).expect("read");
        same("the rest", &"tent".to_owned(), &rest);
    }
    for (file, wanted) in [&directory].into_iter().chain(&files).zip([LONG, LONG, 0]) {
        // SAFETY: fills one number.
        must("F_GET_RW_HINT", unsafe {
            libc::fcntl(file.as_raw_fd(), F_GET_RW_HINT, &raw mut hint)
        });
        same("hint", &wanted, &hint);
    }
}
