// SPDX-License-Identifier: GPL-2.0

//! Fact: the range of addresses whose calls are not dispatched comes back.
//!
//! Could break: with a range that is lost, every call would be dispatched.

pub fn run() {
    super::system_call_dispatch::run_with_library_let_through();
}
