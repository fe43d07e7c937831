// SPDX-License-Identifier: GPL-2.0

//! Fact: a process with a second thread is refused.
//!
//! Could break: only the first one would come back.

use std::time::Duration;

use ckpt_support::{checkpoint_here, expect_refusal};

pub fn run() {
    std::thread::spawn(|| std::thread::sleep(Duration::from_secs(1000)));
    expect_refusal("TaskThreads", "thread");
    checkpoint_here();
}
