// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that outlived its login, whose end revoked the session keyring, comes back so.
//!
//! Could break: nothing can be done with a revoked keyring, not even looking at it.

use ckpt_support::{checkpoint_here, must, raw, same};

use super::keys::{describe, log_in, SESSION};

pub fn run() {
    const REVOKE: usize = 3;
    log_in(None);
    let call = [REVOKE, SESSION as isize as usize];
    must("revoke", raw(libc::SYS_keyctl, &call));
    let before = describe(SESSION);
    same("before", &format!("error {}", libc::EKEYREVOKED), &before);
    checkpoint_here();
    same("keyring", &before, &describe(SESSION));
}
