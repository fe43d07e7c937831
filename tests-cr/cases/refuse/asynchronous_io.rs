// SPDX-License-Identifier: GPL-2.0

//! Fact: a context for asynchronous I/O is refused.
//!
//! Could break: its ring is memory that the kernel writes to.

use ckpt_support::checkpoint_here;

use super::asynchronous::context;

pub fn run() {
    context();
    checkpoint_here();
}
