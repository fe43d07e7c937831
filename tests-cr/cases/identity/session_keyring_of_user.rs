// SPDX-License-Identifier: GPL-2.0

//! Fact: a named session keyring that an ordinary user owns, with permissions and an expiry of its
//! own, comes back.
//!
//! Could break: whoever restarts is another user.

use ckpt_support::{checkpoint_here, must, raw, same};

use super::keys::{become_user, describe, id, links, log_in, SESSION};

pub fn run() {
    const SETPERM: usize = 5;
    const SET_TIMEOUT: usize = 15;
    become_user(1000);
    log_in(Some(c"ckpt-login"));
    let session = SESSION as isize as usize;
    let call = [SETPERM, session, 0x3f3f_0b00];
    must("setperm", raw(libc::SYS_keyctl, &call));
    let call = [SET_TIMEOUT, session, 100_000];
    must("timeout", raw(libc::SYS_keyctl, &call));
    let before = (id(SESSION), describe(SESSION), links(SESSION));
    checkpoint_here();
    same("keyring", &before, &(id(SESSION), describe(SESSION), links(SESSION)));
    let keys = std::fs::read_to_string("/proc/keys").expect("/proc/keys");
    let line = keys.lines().find(|line| line.contains("ckpt-login"));
    let expiry = line.and_then(|line| line.split_whitespace().nth(3));
    same("expires in", &Some("1d"), &expiry);
}
