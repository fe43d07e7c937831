// SPDX-License-Identifier: GPL-2.0

//! Fact: an accept with a timeout, frozen and thawed by a checkpoint that is refused, ends when it would
//! have ended anyway.
//!
//! Could break: it waits for a connection, not for data.

use std::net::TcpListener;
use std::os::fd::AsRawFd;

use ckpt_support::{raw, sockets, waits};

pub fn run() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    sockets::limit(listener.as_raw_fd());
    let call = [listener.as_raw_fd() as usize, 0, 0];
    waits::ends_in_time("accept", libc::SYS_accept, (-1, libc::EAGAIN), || {
        raw(libc::SYS_accept, &call)
    });
}
