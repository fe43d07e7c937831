// SPDX-License-Identifier: GPL-2.0

//! Fact: a unix socket with a filter is refused.
//!
//! Could break: it would let everything through.

use ckpt_support::unix::{pair, set_option};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd};

pub fn run() {
    let [filtered, _other] = pair(libc::SOCK_DGRAM);
    let mut all = libc::sock_filter {
        code: 6,
        jt: 0,
        jf: 0,
        k: u32::MAX,
    };
    let program = libc::sock_fprog {
        len: 1,
        filter: &mut all,
    };
    set_option(filtered, libc::SO_ATTACH_FILTER, program).expect("a filter");
    expect_refusal_of_fd("SocketState", filtered, "filter");
    checkpoint_here();
}
