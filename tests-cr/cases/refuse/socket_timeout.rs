// SPDX-License-Identifier: GPL-2.0

//! Fact: a receive on a socket with a timeout fails with EINTR when it is frozen and thawed, as it does
//! after any signal. It is on the list of calls that do.
//!
//! Could break: the list would be wrong.

use ckpt_support::{
    errno, expect_refusal_of_fd, must, raw, ready_inside_once, same, wait_for_go, was_checkpointed,
};

pub fn run() {
    let mut ends = [0i32; 2];
    let time = libc::timeval {
        tv_sec: 10,
        tv_usec: 0,
    };
    // SAFETY: two descriptors are written, one timeval is read.
    unsafe {
        let pair = libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0, ends.as_mut_ptr());
        must("socketpair", pair);
        let set = libc::setsockopt(
            ends[0],
            libc::SOL_SOCKET,
            libc::SO_RCVTIMEO,
            (&raw const time).cast(),
            size_of_val(&time) as u32,
        );
        must("SO_RCVTIMEO", set);
    }
    for end in ends {
        expect_refusal_of_fd("FileKind", end, "socket");
    }
    ready_inside_once(libc::SYS_recvfrom);
    let mut byte = 0u8;
    let call = [ends[0] as usize, &raw mut byte as usize, 1, 0, 0, 0];
    let result = raw(libc::SYS_recvfrom, &call);
    let expected = if was_checkpointed() {
        libc::EINTR
    } else {
        libc::EAGAIN
    };
    same("recv", &(-1, expected), &(result, errno()));
    wait_for_go();
}
