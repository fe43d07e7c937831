// SPDX-License-Identifier: GPL-2.0

//! Sockets whose calls end by themselves. A checkpoint refuses all but unix sockets.

use crate::refuse::expect_refusal_of_fd;
use crate::sys::must;
use crate::waits;

/// From now on, calls on this socket wait for `waits::span()`, and a checkpoint refuses it.
pub fn limit(socket: i32) {
    expect_refusal_of_fd("FileKind", socket, "socket");
    limit_to(socket, waits::seconds());
}

/// From now on, calls on this unix socket wait for `waits::span()`.
pub fn limit_local(socket: i32) {
    limit_to(socket, waits::seconds());
}

/// From now on, calls on this socket wait for so many seconds.
pub fn limit_to(socket: i32, seconds: i64) {
    let time = libc::timeval {
        tv_sec: seconds,
        // The kernel counts in jiffies, and rounds the last one away.
        tv_usec: 50_000,
    };
    for option in [libc::SO_RCVTIMEO, libc::SO_SNDTIMEO] {
        // SAFETY: reads one timeval.
        must("setsockopt", unsafe {
            libc::setsockopt(
                socket,
                libc::SOL_SOCKET,
                option,
                (&raw const time).cast(),
                size_of_val(&time) as u32,
            )
        });
    }
}

/// Sends until there is no more room.
pub fn fill(socket: i32) {
    let bytes = [0u8; 4096];
    let send = || {
        // SAFETY: reads these bytes.
        unsafe {
            libc::send(
                socket,
                bytes.as_ptr().cast(),
                bytes.len(),
                libc::MSG_DONTWAIT,
            )
        }
    };
    while send() > 0 {}
}
