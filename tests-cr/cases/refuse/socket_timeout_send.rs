// SPDX-License-Identifier: GPL-2.0

//! Fact: a send on a full socket with a timeout, frozen and thawed by a checkpoint that is refused, ends
//! when it would have ended anyway.
//!
//! Could break: as a receive, with the other option.

use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use ckpt_support::{expect_refusal_of_fd, raw, sockets, waits};

pub fn run() {
    let (end, other) = UnixStream::pair().expect("a pair");
    sockets::limit(end.as_raw_fd());
    expect_refusal_of_fd("FileKind", other.as_raw_fd(), "socket");
    sockets::fill(end.as_raw_fd());
    let bytes = [0u8; 4096];
    let call = [
        end.as_raw_fd() as usize,
        bytes.as_ptr() as usize,
        bytes.len(),
        libc::MSG_NOSIGNAL as usize,
    ];
    waits::ends_in_time("send", libc::SYS_sendto, (-1, libc::EAGAIN), || {
        raw(libc::SYS_sendto, &call)
    });
}
