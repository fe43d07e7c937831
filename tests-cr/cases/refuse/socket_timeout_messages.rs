// SPDX-License-Identifier: GPL-2.0

//! Fact: recvmmsg that has one datagram and waits for the next, with a timeout of the socket, ends with
//! that one when it is frozen and thawed by a checkpoint that is refused; the socket has no error then.
//!
//! Could break: recvmmsg keeps what it cannot return as an error for the next call.

use std::net::UdpSocket;
use std::os::fd::AsRawFd;

use ckpt_support::{errno, raw, ready_inside_once, same, sockets, wait_for_go, was_checkpointed};

pub fn run() {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("its address");
    sockets::limit(socket.as_raw_fd());
    socket.send_to(b"x", address).expect("sent");
    let mut bytes = [0u8; 2];
    let mut parts = [libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: 2,
    }];
    // SAFETY: any bytes are messages.
    let mut messages: [libc::mmsghdr; 2] = unsafe { std::mem::zeroed() };
    for message in &mut messages {
        message.msg_hdr.msg_iov = parts.as_mut_ptr();
        message.msg_hdr.msg_iovlen = 1;
    }
    let number = socket.as_raw_fd() as usize;
    let call = |flags: i32| {
        let call = [number, &raw const messages as usize, 2, flags as usize, 0];
        raw(libc::SYS_recvmmsg, &call)
    };
    ready_inside_once(libc::SYS_recvmmsg);
    same("recvmmsg", &1, &call(0));
    wait_for_go();
    if was_checkpointed() {
        let result = call(libc::MSG_DONTWAIT);
        same("the next", &(-1, libc::EAGAIN), &(result, errno()));
    }
}
