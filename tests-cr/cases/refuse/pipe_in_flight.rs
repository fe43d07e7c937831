// SPDX-License-Identifier: GPL-2.0

//! Fact: a pipe of which an end is in no descriptor table, but in flight in a socket, is refused.
//!
//! Could break: without that end it would have come to its end.

use ckpt_support::pipes::{close, pipe};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, may_also_refuse, must};

/// Sends a descriptor to whoever reads from the other end.
fn send(socket: i32, fd: i32) {
    let mut control = [0u64; 3];
    let mut byte = *b"x";
    let mut data = libc::iovec {
        iov_base: byte.as_mut_ptr().cast(),
        iov_len: 1,
    };
    // SAFETY: there is room for one header and one number, and everything outlives the call.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = &mut data;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = libc::CMSG_SPACE(4) as usize;
        let header = libc::CMSG_FIRSTHDR(&message);
        (*header).cmsg_level = libc::SOL_SOCKET;
        (*header).cmsg_type = libc::SCM_RIGHTS;
        (*header).cmsg_len = libc::CMSG_LEN(4) as usize;
        libc::CMSG_DATA(header).cast::<i32>().write_unaligned(fd);
        must("sendmsg", libc::sendmsg(socket, &message, 0));
    }
}

pub fn run() {
    let [reader, writer] = pipe(0);
    let mut pair = [0; 2];
    // SAFETY: two numbers, as wanted.
    must("socketpair", unsafe {
        libc::socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0, pair.as_mut_ptr())
    });
    send(pair[0], writer);
    close(&[writer]);
    expect_refusal_of_fd("PipeHeld", reader, "pipe:[");
    may_also_refuse("FileKind");
    checkpoint_here();
}
