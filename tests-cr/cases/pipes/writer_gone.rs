// SPDX-License-Identifier: GPL-2.0

//! Fact: without a writer, what is in the pipe can be read, then comes the end; poll tells a hangup.
//!
//! Could break: who fills the pipe anew has a writer for a while.

use ckpt_support::pipes::{close, events, pipe, read, write};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    let [reader, writer] = pipe(0);
    let [empty, other] = pipe(0);
    write(writer, b"the last words").expect("write");
    close(&[writer, other]);
    checkpoint_here();
    same("poll", &(libc::POLLIN | libc::POLLHUP), &events(reader));
    same("content", &Ok(b"the last words".to_vec()), &read(reader, 100));
    same("poll", &libc::POLLHUP, &events(reader));
    same("the end", &Ok(Vec::new()), &read(reader, 100));
    same("poll", &libc::POLLHUP, &events(empty));
    same("the end", &Ok(Vec::new()), &read(empty, 100));
}
