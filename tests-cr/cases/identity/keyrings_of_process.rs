// SPDX-License-Identifier: GPL-2.0

//! Fact: empty process and thread keyrings come back, and where requested keys go.
//!
//! Could break: they are made the first time that somebody asks for them.

use ckpt_support::{check, checkpoint_here, must, raw, same};

use super::keys::{describe, id, key_is_found, PROCESS, THREAD};

pub fn run() {
    const SET_REQKEY_KEYRING: usize = 14;
    const NO_CHANGE: usize = -1isize as usize;
    const TO_PROCESS: i64 = 2;
    let call = [SET_REQKEY_KEYRING, TO_PROCESS as usize];
    must("reqkey", raw(libc::SYS_keyctl, &call));
    let look = || [THREAD, PROCESS].map(|keyring| (id(keyring), describe(keyring)));
    let before = look();
    checkpoint_here();
    same("keyrings", &before, &look());
    let call = [SET_REQKEY_KEYRING, NO_CHANGE];
    same("requested keys", &TO_PROCESS, &raw(libc::SYS_keyctl, &call));
    check(key_is_found(THREAD), "a new key is not found");
}
