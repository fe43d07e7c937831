// SPDX-License-Identifier: GPL-2.0

//! Fact: a working directory that was removed is refused.
//!
//! Could break: it is no descriptor.

use ckpt_support::{checkpoint_here, expect_refusal};

pub fn run() {
    std::fs::create_dir_all("removed").expect("mkdir");
    std::env::set_current_dir("removed").expect("chdir");
    std::fs::remove_dir("../removed").expect("rmdir");
    expect_refusal("FileRemoved", "removed");
    checkpoint_here();
}
