// SPDX-License-Identifier: GPL-2.0

//! Fact: a FIFO that has lost the name that it was opened by is found by another one.
//!
//! Could break: its path reads "(deleted)", but it is not gone.

use ckpt_support::pipes::{are_one, mkfifo, open, read, write};
use ckpt_support::{check, checkpoint_here, link_of, must, same};

pub fn run() {
    mkfifo(c"first", 0o600);
    let both = open(c"first", libc::O_RDWR);
    let _ = std::fs::remove_file("second");
    // SAFETY: the paths are C strings.
    unsafe {
        must("link", libc::link(c"first".as_ptr(), c"second".as_ptr()));
        must("unlink", libc::unlink(c"first".as_ptr()));
    }
    // A name that the kernel knows of.
    std::fs::metadata("second").expect("stat");
    write(both, b"content").expect("write");
    let link = link_of(both);
    checkpoint_here();
    same("link", &link, &link_of(both));
    let other = open(c"second", libc::O_RDWR);
    check(are_one(both, other), "its other name leads elsewhere");
    same("content", &Ok(b"content".to_vec()), &read(other, 100));
}
