// SPDX-License-Identifier: GPL-2.0

//! Fact: a read of a TCP connection with a timeout, frozen and thawed by a checkpoint that is refused,
//! ends when it would have ended anyway.
//!
//! Could break: read is not one of the calls that are about sockets.

use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;

use ckpt_support::{expect_refusal_of_fd, raw, sockets, waits};

pub fn run() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("its address");
    let client = TcpStream::connect(address).expect("a connection");
    sockets::limit(client.as_raw_fd());
    expect_refusal_of_fd("FileKind", listener.as_raw_fd(), "socket");
    let mut byte = 0u8;
    let call = [client.as_raw_fd() as usize, &raw mut byte as usize, 1];
    waits::ends_in_time("read", libc::SYS_read, (-1, libc::EAGAIN), || {
        raw(libc::SYS_read, &call)
    });
}
