// SPDX-License-Identifier: GPL-2.0

//! Fact: a task in a landlock domain is refused.
//!
//! Could break: without it the program would be less confined.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // Handles "execute" on files; allows nothing.
    let attributes = [1u64];
    let ruleset = must("landlock_create_ruleset", {
        raw(
            libc::SYS_landlock_create_ruleset,
            &[attributes.as_ptr() as usize, 8, 0],
        )
    });
    must(
        "landlock_restrict_self",
        raw(libc::SYS_landlock_restrict_self, &[ruleset as usize, 0]),
    );
    // SAFETY: ours.
    unsafe { libc::close(ruleset as i32) };
    expect_refusal("TaskFeature", "landlock");
    checkpoint_here();
}
