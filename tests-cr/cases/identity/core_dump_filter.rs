// SPDX-License-Identifier: GPL-2.0

//! Fact: the choice of what goes into a core dump comes back.
//!
//! Could break: it is kept in the flags of the address space, which the restart makes anew.

use ckpt_support::{checkpoint_here, proc_self, same};

pub fn run() {
    std::fs::write("/proc/self/coredump_filter", "0x5a").expect("coredump_filter");
    checkpoint_here();
    same(
        "filter",
        &b"0000005a\n".to_vec(),
        &proc_self("coredump_filter"),
    );
}
