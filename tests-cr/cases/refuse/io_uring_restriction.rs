// SPDX-License-Identifier: GPL-2.0

//! Fact: a task that has restricted the io_urings that it will make is refused.
//!
//! Could break: there is no ring yet to be seen; and without the restriction it could do more.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

const IORING_REGISTER_RESTRICTIONS: usize = 11;

pub fn run() {
    // A struct io_uring_task_restriction without exceptions: nothing is allowed.
    let restriction = [0u8; 16];
    let no_ring = usize::MAX;
    let call = [
        no_ring,
        IORING_REGISTER_RESTRICTIONS,
        restriction.as_ptr() as usize,
        1,
    ];
    must("io_uring_register", raw(libc::SYS_io_uring_register, &call));
    expect_refusal("TaskFeature", "io_uring");
    checkpoint_here();
}
