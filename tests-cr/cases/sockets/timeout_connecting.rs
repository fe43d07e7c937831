// SPDX-License-Identifier: GPL-2.0

//! Fact: the same of a local listener that has no room.
//!
//! Could break: this one begins at the beginning each time.

use std::mem::offset_of;

use ckpt_support::{must, raw, sockets, waits};

fn socket() -> i32 {
    // SAFETY: takes no pointer.
    must("socket", unsafe {
        libc::socket(libc::AF_UNIX, libc::SOCK_STREAM, 0)
    })
}

pub fn run() {
    let listener = socket();
    // SAFETY: any bytes are an address.
    let mut address: libc::sockaddr_un = unsafe { std::mem::zeroed() };
    address.sun_family = libc::AF_UNIX as u16;
    let name = format!("connect-local-{}", std::process::id());
    for (to, from) in address.sun_path.iter_mut().skip(1).zip(name.bytes()) {
        *to = from as libc::c_char;
    }
    let size = offset_of!(libc::sockaddr_un, sun_path) + 1 + name.len();
    // SAFETY: reads one address.
    unsafe {
        let bound = libc::bind(listener, (&raw const address).cast(), size as u32);
        must("bind", bound);
        must("listen", libc::listen(listener, 0));
    }
    let call = |socket: i32| {
        let call = [socket as usize, &raw const address as usize, size];
        raw(libc::SYS_connect, &call)
    };
    // There is room for one that nobody accepts.
    let first = socket();
    must("connect", call(first));
    let second = socket();
    sockets::limit_local(second);
    waits::ends_in_time("connect", libc::SYS_connect, (-1, libc::EAGAIN), || {
        call(second)
    });
}
