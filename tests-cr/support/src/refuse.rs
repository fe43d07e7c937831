// SPDX-License-Identifier: GPL-2.0

//! What a program that cannot be saved expects a checkpoint to say about it.
//!
//! `says` is a word that the sentence must contain, so that the user is told what it is.

/// `reason` is given for the task as a whole.
pub fn expect_refusal(reason: &str, says: &str) {
    println!("expect {reason} says={says}");
}

/// `reason` is given for a file descriptor.
pub fn expect_refusal_of_fd(reason: &str, fd: i32, says: &str) {
    println!("expect {reason} fd={fd} says={says}");
}

/// `reason` is given for the memory area that starts at an address.
pub fn expect_refusal_at(reason: &str, address: usize, says: &str) {
    println!("expect {reason} address={address:#x} says={says}");
}

/// `reason` may be given as well: a consequence of the same state.
pub fn may_also_refuse(reason: &str) {
    println!("may {reason}");
}
