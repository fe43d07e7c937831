// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that has no session keyring has not got the restarter's: it falls back to that of
//! its user.
//!
//! Could break: a restarted task begins with all that the tool has.

use ckpt_support::{check, checkpoint_here, must, raw};

use super::keys::{describe, SESSION};

pub fn run() {
    // Looking at it would give the program one.
    checkpoint_here();
    const GET_KEYRING_ID: usize = 0;
    let call = [GET_KEYRING_ID, SESSION as isize as usize, 0];
    must("id", raw(libc::SYS_keyctl, &call));
    let found = describe(SESSION);
    check(found.ends_with(";_uid_ses.0"), &found);
}
