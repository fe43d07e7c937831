// SPDX-License-Identifier: GPL-2.0

//! Fact: the flags of the task in /proc/PID/stat that say something about the program are the same:
//! random addresses, superuser's rights used, forked and not executed, too many processes.
//!
//! Could break: a restarted task begins as a child of the tool, with the tool's past.

use ckpt_support::{checkpoint_here, same};

const TOLD_ABOUT_PROGRAM: u64 = 0x0040 | 0x0080 | 0x0100 | 0x1000 | 0x0008_0000 | 0x0010_0000
    | 0x0040_0000 | 0x0800_0000;

fn flags() -> u64 {
    let stat = String::from_utf8(ckpt_support::proc_self("stat")).expect("text");
    let after_name = stat.rsplit_once(") ").expect("a name").1;
    let field = after_name.split(' ').nth(6).expect("the flags");
    field.parse::<u64>().expect("a number") & TOLD_ABOUT_PROGRAM
}

pub fn run() {
    let before = flags();
    checkpoint_here();
    same("flags", &before, &flags());
}
