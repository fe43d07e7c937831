// SPDX-License-Identifier: GPL-2.0

//! Fact: what cannot be saved is refused where it is on its way, too: in the queue of which socket.
//!
//! Could break: no table holds it.

use ckpt_support::pipes::close;
use ckpt_support::unix::{pair, send_files};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    let [sender, receiver] = pair(libc::SOCK_STREAM);
    // SAFETY: takes no pointer.
    let other = must("socket", unsafe {
        libc::socket(libc::AF_NETLINK, libc::SOCK_RAW, 0)
    });
    send_files(sender, b"x", &[other]).expect("send");
    close(&[other]);
    expect_refusal_of_fd("FileKind", receiver, "queued");
    checkpoint_here();
}
