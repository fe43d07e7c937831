// SPDX-License-Identifier: GPL-2.0

//! Fact: the x87 stack, its control, status and tag words come back.
//!
//! Could break: the tag word is stored in a short form in the extended state, and the stack's top
//! is part of the status word.

use ckpt_support::{check, ready, same, GoFlag};

std::arch::global_asm!(
    ".global ckpt_hold_x87",
    "ckpt_hold_x87:",
    "fninit",
    "fldcw [rsi]",
    "fldpi",
    "fldl2e",
    "fld1",
    "fldlg2",
    "fldln2",
    // Sets condition bits, and "inexact" and "zero divide" as sticky exceptions.
    "fldz",
    "fld1",
    "fdivrp",
    "ftst",
    "fnsave [rdx]",
    "frstor [rdx]",
    "2: pause",
    "cmp byte ptr [rdi], 0x31",
    "jne 2b",
    "fnsave [rcx]",
    "fninit",
    "ret",
);

/// The environment (28 bytes) and eight registers of ten bytes.
type Saved = [u8; 108];

extern "C" {
    /// Fills the unit under the control word, stores it in `before`, waits until `*go` is `1`,
    /// stores it in `after`.
    fn ckpt_hold_x87(go: *const u8, control: *const u16, before: *mut Saved, after: *mut Saved);
}

/// All exceptions masked, single precision, rounding down.
const CONTROL: u16 = 0x043f;

pub fn run() {
    let go = GoFlag::map();
    let (mut before, mut after): (Saved, Saved) = ([0; 108], [0; 108]);
    ready();
    // SAFETY: follows the C calling convention and leaves the unit initialised.
    unsafe { ckpt_hold_x87(go.address(), &CONTROL, &mut before, &mut after) };
    check(
        before[..2] == CONTROL.to_le_bytes(),
        "the control word was not taken",
    );
    same("control, status, tag words", &&before[..12], &&after[..12]);
    same("x87 stack", &&before[28..], &&after[28..]);
}
