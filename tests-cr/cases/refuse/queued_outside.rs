// SPDX-License-Identifier: GPL-2.0

//! Fact: an open file that is also on its way to a task outside is refused, by that task.
//!
//! Could break: no table holds it there, and the offset would be shared no more.

use std::os::fd::AsRawFd;

use ckpt_support::pipes::{close, pipe};
use ckpt_support::unix::{pair, send_files};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, file_with, outsider};

pub fn run() {
    let file = file_with("shared", b"content");
    let [reader, _writer] = pipe(0);
    let (stream, datagrams) = (pair(libc::SOCK_STREAM), pair(libc::SOCK_DGRAM));
    send_files(stream[0], b"x", &[reader, file.as_raw_fd()]).expect("send");
    send_files(datagrams[0], b"x", &[file.as_raw_fd()]).expect("send");
    outsider(&[stream[1], datagrams[1]]);
    close(&[stream[0], stream[1], datagrams[0], datagrams[1]]);
    expect_refusal_of_fd("FileInFlight", file.as_raw_fd(), "other-end");
    expect_refusal_of_fd("FileInFlight", reader, "other-end");
    checkpoint_here();
}
