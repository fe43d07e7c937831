// SPDX-License-Identifier: GPL-2.0

//! Fact: the inclusive mode, in which only calls from a range are dispatched, comes back.
//!
//! Could break: the kernel keeps it as a range that wraps around.

pub fn run() {
    super::system_call_dispatch::run_with_library_only();
}
