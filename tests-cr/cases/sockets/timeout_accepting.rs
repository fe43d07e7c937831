// SPDX-License-Identifier: GPL-2.0

//! Fact: the same of a local listener, by accept4.
//!
//! Could break: connections to it are packets, and waited for as such.

use std::os::fd::AsRawFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

use ckpt_support::{raw, sockets, waits};

pub fn run() {
    let name = format!("accept-local-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(name).expect("a name");
    let listener = UnixListener::bind_addr(&address).expect("a listener");
    sockets::limit_local(listener.as_raw_fd());
    let call = [
        listener.as_raw_fd() as usize,
        0,
        0,
        libc::SOCK_CLOEXEC as usize,
    ];
    waits::ends_in_time("accept4", libc::SYS_accept4, (-1, libc::EAGAIN), || {
        raw(libc::SYS_accept4, &call)
    });
}
