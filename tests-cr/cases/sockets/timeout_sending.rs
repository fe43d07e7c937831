// SPDX-License-Identifier: GPL-2.0

//! Fact: a send on a full socket with a timeout, frozen and thawed or restarted, ends
//! when it would have ended anyway.
//!
//! Could break: as a receive, with the other option.

use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use ckpt_support::{raw, sockets, waits};

pub fn run() {
    let (end, _other) = UnixStream::pair().expect("a pair");
    sockets::limit_local(end.as_raw_fd());
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
