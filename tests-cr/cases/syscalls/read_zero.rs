// SPDX-License-Identifier: GPL-2.0

//! Fact: large reads that are cut short by the checkpoint return what they have got.
//!
//! Could break: a read in progress is between "nothing yet, start again" and "this much".

use std::fs::File;
use std::io::Read;

use ckpt_support::{check, ready, GoFlag};

pub fn run() {
    let go = GoFlag::map();
    let mut zero = File::open("/dev/zero").expect("zero");
    let mut buffer = vec![1u8; 8 << 20];
    ready();
    while !go.is_set() {
        buffer.fill(1);
        let count = zero.read(&mut buffer).expect("read");
        check(count > 0, "the read returned nothing");
        check(
            buffer[..count].iter().all(|&byte| byte == 0),
            "what was read is not zero",
        );
        check(
            buffer[count..].iter().all(|&byte| byte == 1),
            "more was written than said",
        );
    }
}
