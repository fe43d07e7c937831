// SPDX-License-Identifier: GPL-2.0

//! Fact: a receive on a socket with a timeout, frozen and thawed or restarted, ends
//! when it would have ended anyway.
//!
//! Could break: its timeout is the socket's, which begins anew in each call, and left alone the call
//! fails with EINTR.

use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use ckpt_support::{raw, sockets, waits};

pub fn run() {
    let (end, _other) = UnixStream::pair().expect("a pair");
    sockets::limit_local(end.as_raw_fd());
    let mut byte = 0u8;
    let call = [end.as_raw_fd() as usize, &raw mut byte as usize, 1, 0, 0, 0];
    waits::ends_in_time("recv", libc::SYS_recvfrom, (-1, libc::EAGAIN), || {
        raw(libc::SYS_recvfrom, &call)
    });
}
