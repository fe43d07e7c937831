// SPDX-License-Identifier: GPL-2.0

//! Fact: a write to a full TCP connection with a timeout, frozen and thawed by a checkpoint that is
//! refused, ends when it would have ended anyway.
//!
//! Could break: write is not one of the calls that are about sockets.

use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd;

use ckpt_support::{expect_refusal_of_fd, raw, sockets, waits};

pub fn run() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = listener.local_addr().expect("its address");
    let client = TcpStream::connect(address).expect("a connection");
    sockets::limit(client.as_raw_fd());
    expect_refusal_of_fd("FileKind", listener.as_raw_fd(), "socket");
    sockets::fill(client.as_raw_fd());
    // What was sent arrives, and may make room once more.
    std::thread::sleep(std::time::Duration::from_millis(500));
    sockets::fill(client.as_raw_fd());
    let bytes = [0u8; 4096];
    let call = [
        client.as_raw_fd() as usize,
        bytes.as_ptr() as usize,
        bytes.len(),
    ];
    waits::ends_in_time("write", libc::SYS_write, (-1, libc::EAGAIN), || {
        raw(libc::SYS_write, &call)
    });
}
