// SPDX-License-Identifier: GPL-2.0

//! Fact: a program from a login has a session keyring that is what it was: same number, name, owner
//! and permissions, with the link to its user's keyring, and it takes keys.
//!
//! Could break: it is shared with the login, which may be over.

use ckpt_support::{check, checkpoint_here, same};

use super::keys::{describe, id, key_is_found, links, log_in, SESSION};

pub fn run() {
    log_in(None);
    let before = (id(SESSION), describe(SESSION), links(SESSION));
    same("links", &1, &before.2.len());
    checkpoint_here();
    same("keyring", &before, &(id(SESSION), describe(SESSION), links(SESSION)));
    check(key_is_found(SESSION), "a new key is not found");
}
