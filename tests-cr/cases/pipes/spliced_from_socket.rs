// SPDX-License-Identifier: GPL-2.0

//! Fact: buffers longer than a page, as sockets leave them, are one buffer each.
//!
//! Could break: cut into pages they would take room that they did not take.

use ckpt_support::pipes::{close, drain, fill_up, pattern, pipe, waiting};
use ckpt_support::{checkpoint_here, must, same};

fn from_socket() -> [i32; 2] {
    let [reader, writer] = pipe(0);
    let mut pair = [0; 2];
    let bytes = pattern(30_000, 11);
    let none = std::ptr::null_mut();
    // SAFETY: two numbers, and a slice that is read.
    unsafe {
        must(
            "socketpair",
            libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0, pair.as_mut_ptr()),
        );
        let sent = libc::write(pair[1], bytes.as_ptr().cast(), bytes.len());
        same("sent", &30_000, &sent);
        let moved = libc::splice(pair[0], none, writer, none, bytes.len(), 0);
        same("spliced", &30_000, &moved);
    }
    close(&pair);
    [reader, writer]
}

pub fn run() {
    let [reader, writer] = from_socket();
    let fresh = || {
        let [reader, writer] = from_socket();
        let count = fill_up(writer);
        let seen = (count, waiting(reader), drain(reader, 50_000));
        close(&[reader, writer]);
        seen
    };
    let expected = fresh();
    checkpoint_here();
    let count = fill_up(writer);
    let found = (count, waiting(reader), drain(reader, 50_000));
    same("the old one", &expected, &found);
}
