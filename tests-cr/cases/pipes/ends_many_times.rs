// SPDX-License-Identifier: GPL-2.0

//! Fact: an end that several descriptors have is one open file; ends that were opened again are
//! files of their own, of the same pipe; two pipes stay two.
//!
//! Could break: which descriptors are one file, and which files one pipe, are two questions.

use ckpt_support::pipes::{
    again, are_one, close, events, flags, pipe, read, set_flags, waiting, write,
};
use ckpt_support::{check, checkpoint_here, must, same};

pub fn run() {
    let [reader, writer] = pipe(0);
    let [other_reader, other_writer] = pipe(0);
    // SAFETY: takes no pointer.
    let copy = must("dup", unsafe { libc::dup(writer) });
    // SAFETY: takes no pointer.
    let far = must("dup2", unsafe { libc::dup2(reader, 77) });
    let both = again(reader, libc::O_RDWR);
    let [only, gone] = pipe(0);
    let left = again(only, libc::O_WRONLY);
    let held = again(left, libc::O_RDONLY);
    close(&[only, gone]);
    write(writer, b"one").expect("write");
    write(other_writer, b"two").expect("write");
    write(left, b"three").expect("write");

    checkpoint_here();

    for fd in [writer, copy, far, both] {
        check(are_one(reader, fd), "an end of another pipe");
    }
    check(!are_one(reader, other_reader), "two pipes are one");
    check(are_one(left, held), "what was opened again is another pipe");
    set_flags(copy, libc::O_NONBLOCK);
    let is_nonblocking = |fd| flags(fd) & libc::O_NONBLOCK != 0;
    same(
        "which are one file",
        &[true, true, false, false],
        &[writer, copy, reader, both].map(is_nonblocking),
    );
    same("one", &Ok(b"one".to_vec()), &read(both, 100));
    write(both, b"more").expect("write");
    same("more", &Ok(b"more".to_vec()), &read(far, 100));
    same("two", &3, &waiting(other_reader));
    same("three", &Ok(b"three".to_vec()), &read(held, 100));
    // Every writer counts, and none more than once.
    close(&[writer, copy]);
    same("poll", &0, &events(reader));
    close(&[both]);
    same("poll", &libc::POLLHUP, &events(reader));
    close(&[left]);
    same("poll", &libc::POLLHUP, &events(held));
}
