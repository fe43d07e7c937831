// SPDX-License-Identifier: GPL-2.0

//! What the facts about keyrings share: keyctl(2).

use std::ffi::CStr;

use ckpt_support::{must, raw};

pub const THREAD: i32 = -1;
pub const PROCESS: i32 = -2;
pub const SESSION: i32 = -3;
pub const USER: i32 = -4;

const GET_KEYRING_ID: usize = 0;
const JOIN_SESSION_KEYRING: usize = 1;
const DESCRIBE: usize = 6;
const LINK: usize = 8;
const READ: usize = 11;

fn number(keyring: i32) -> usize {
    keyring as isize as usize
}

/// Becomes an ordinary user of this number, who may be checkpointed.
pub fn become_user(number: u32) {
    // SAFETY: the list is empty; the others take no pointer.
    unsafe {
        must("setgroups", libc::setgroups(0, std::ptr::null()));
        must("setresgid", libc::setresgid(number, number, number));
        must("setresuid", libc::setresuid(number, number, number));
        let dumpable = libc::PR_SET_DUMPABLE;
        must("PR_SET_DUMPABLE", libc::prctl(dumpable, 1, 0, 0, 0));
    }
}

/// A session keyring as a login makes it: with a link to the keyring of its user.
pub fn log_in(name: Option<&CStr>) {
    let name = name.map_or(0, |name| name.as_ptr() as usize);
    must("join", raw(libc::SYS_keyctl, &[JOIN_SESSION_KEYRING, name]));
    let call = [LINK, number(USER), number(SESSION)];
    must("link", raw(libc::SYS_keyctl, &call));
}

/// The serial number of a keyring, which is made if need be.
pub fn id(keyring: i32) -> i64 {
    let call = [GET_KEYRING_ID, number(keyring), 1];
    must("id", raw(libc::SYS_keyctl, &call))
}

/// Type, owner, group, permissions and name; or the error.
pub fn describe(keyring: i32) -> String {
    let mut text = [0u8; 256];
    let call = [DESCRIBE, number(keyring), text.as_mut_ptr() as usize, 256];
    match raw(libc::SYS_keyctl, &call) {
        -1 => format!("error {}", ckpt_support::errno()),
        _ => CStr::from_bytes_until_nul(&text)
            .expect("an end")
            .to_string_lossy()
            .into_owned(),
    }
}

/// What a keyring links to, described.
pub fn links(keyring: i32) -> Vec<String> {
    let mut serials = [0i32; 16];
    let call = [READ, number(keyring), serials.as_mut_ptr() as usize, 64];
    let bytes = must("read", raw(libc::SYS_keyctl, &call));
    let found = serials.iter().take(bytes as usize / 4);
    found.map(|serial| describe(*serial)).collect()
}

/// Puts a key into a keyring and finds it again from the session keyring.
pub fn key_is_found(keyring: i32) -> bool {
    let (kind, name) = (c"user".as_ptr() as usize, c"ckpt".as_ptr() as usize);
    let call = [kind, name, name, 4, number(keyring)];
    let key = must("add_key", raw(libc::SYS_add_key, &call));
    let found = raw(libc::SYS_request_key, &[kind, name, 0, 0]);
    key == found
}
