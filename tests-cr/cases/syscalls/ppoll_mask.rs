// SPDX-License-Identifier: GPL-2.0

//! Fact: ppoll goes on with its own mask until a signal comes, and the old mask is back then.
//!
//! Could break: two masks are in force: the one of the call, and the one to put back when it ends.

use ckpt_support::{raw, signals};

pub fn run() {
    signals::keeps_its_mask("ppoll", libc::SYS_ppoll, |mask| {
        raw(libc::SYS_ppoll, &[0, 0, 0, mask, 8])
    });
}
