// SPDX-License-Identifier: GPL-2.0

//! The machine and the kernel: names, randomness, settings.

use crate::bindings;

/// Which name.
#[derive(Clone, Copy)]
pub(crate) enum Name {
    Release,
    Version,
    Node,
}

/// What uname(2) gives the caller, zero padded.
pub(crate) fn name(which: Name) -> [u8; 64] {
    let mut name = [0; 64];
    let number = match which {
        Name::Release => 0,
        Name::Version => 1,
        Name::Node => 2,
    };
    // SAFETY: The buffer has 64 bytes.
    unsafe { bindings::ckpt_uname(number, name.as_mut_ptr().cast()) };
    name
}

/// Random bytes.
pub(crate) fn random() -> [u8; 16] {
    let mut bytes = [0u8; 16];
    // SAFETY: The buffer has 16 bytes.
    unsafe { bindings::get_random_bytes(bytes.as_mut_ptr().cast(), bytes.len()) };
    bytes
}

/// Random bytes, the same until the next boot.
pub(crate) fn boot_id() -> [u8; 16] {
    let mut id = [0u8; 16];
    // SAFETY: The buffer has 16 bytes.
    unsafe { bindings::ckpt_boot_id(id.as_mut_ptr()) };
    id
}

/// kernel.checkpoint_restart.
pub(crate) fn sysctl() -> i32 {
    // SAFETY: An integer that is only ever written as a whole.
    unsafe { (&raw const bindings::ckpt_sysctl).read_volatile() }
}
