// SPDX-License-Identifier: GPL-2.0

//! Fact: a session keyring with a key in it is refused.
//!
//! Could break: keys are secrets that the kernel keeps.

use ckpt_support::{checkpoint_here, expect_refusal, must, raw};

pub fn run() {
    // KEYCTL_JOIN_SESSION_KEYRING, nameless; then a key in KEY_SPEC_SESSION_KEYRING.
    must("keyctl", raw(libc::SYS_keyctl, &[1, 0]));
    let (kind, name, keyring) = (c"user".as_ptr(), c"ckpt".as_ptr(), -3isize as usize);
    let call = [kind as usize, name as usize, name as usize, 4, keyring];
    must("add_key", raw(libc::SYS_add_key, &call));
    expect_refusal("TaskKeyring", "session");
    checkpoint_here();
}
