// SPDX-License-Identifier: GPL-2.0

//! Fact: permitted, effective, inheritable and bounding sets come back, each its own.
//!
//! Could break: they are changed by setting user ids, and the bounding set can only shrink.

use ckpt_support::{checkpoint_here, must, raw, same};

const VERSION_3: u32 = 0x2008_0522;

fn sets() -> Vec<String> {
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    status
        .lines()
        .filter(|line| line.starts_with("Cap"))
        .map(str::to_string)
        .collect()
}

pub fn run() {
    for dropped in [5, 17, 30] {
        // SAFETY: takes no pointer.
        must("PR_CAPBSET_DROP", unsafe {
            libc::prctl(libc::PR_CAPBSET_DROP, dropped, 0, 0, 0)
        });
    }
    let header = [VERSION_3, 0];
    let (effective, permitted, inheritable) = (0x0000_1001, 0x0000_f00f, 0x0000_0003);
    let data = [effective, permitted, inheritable, 0u32, 1, 0];
    let call = [header.as_ptr() as usize, data.as_ptr() as usize];
    must("capset", raw(libc::SYS_capset, &call));
    let before = sets();
    checkpoint_here();
    same("sets", &before, &sets());
}
