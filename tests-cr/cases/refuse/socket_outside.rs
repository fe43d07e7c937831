// SPDX-License-Identifier: GPL-2.0

//! Fact: a unix socket whose other end is outside is refused, by the name of who has that.
//!
//! Could break: the other end is no descriptor of anybody inside.

use ckpt_support::pipes::close;
use ckpt_support::unix::pair;
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, outsider};

pub fn run() {
    let [ours, theirs] = pair(libc::SOCK_STREAM);
    outsider(&[theirs]);
    close(&[theirs]);
    expect_refusal_of_fd("SocketOutside", ours, "other-end");
    checkpoint_here();
}
