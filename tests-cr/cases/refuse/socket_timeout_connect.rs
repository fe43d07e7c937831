// SPDX-License-Identifier: GPL-2.0

//! Fact: a connect to a TCP listener that does not answer, with a timeout, frozen and thawed by a
//! checkpoint that is refused, ends when it would have ended anyway, and as it would have ended.
//!
//! Could break: the second connect finds the first one at work, and says so (EALREADY).

use ckpt_support::{expect_refusal_of_fd, must, raw, sockets, waits};

fn socket() -> i32 {
    // SAFETY: takes no pointer.
    must("socket", unsafe {
        libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0)
    })
}

pub fn run() {
    let listener = socket();
    let mut address = libc::sockaddr_in {
        sin_family: libc::AF_INET as u16,
        sin_port: 0,
        sin_addr: libc::in_addr {
            s_addr: u32::from_ne_bytes([127, 0, 0, 1]),
        },
        sin_zero: [0; 8],
    };
    let mut size = size_of_val(&address) as u32;
    // SAFETY: reads and writes one address.
    unsafe {
        must(
            "bind",
            libc::bind(listener, (&raw const address).cast(), size),
        );
        must("listen", libc::listen(listener, 0));
        must(
            "getsockname",
            libc::getsockname(listener, (&raw mut address).cast(), &mut size),
        );
    }
    let call = |socket: i32| {
        let call = [socket as usize, &raw const address as usize, size as usize];
        raw(libc::SYS_connect, &call)
    };
    // There is room for one that nobody accepts.
    let first = socket();
    must("connect", call(first));
    expect_refusal_of_fd("FileKind", listener, "socket");
    expect_refusal_of_fd("FileKind", first, "socket");
    let second = socket();
    sockets::limit(second);
    waits::ends_in_time(
        "connect",
        libc::SYS_connect,
        (-1, libc::EINPROGRESS),
        || call(second),
    );
}
