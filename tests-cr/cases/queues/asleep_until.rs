// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in mq_timedreceive until a time of day sleeps until then.
//!
//! Could break: the call begins anew, with a timeout that has passed, or none.

use ckpt_support::{raw, waits};

use super::{make, name, unlink};

pub fn run() {
    let name = name("until");
    let queue = make(&name, libc::O_RDWR, 2, 100);
    unlink(&name);
    let mut buffer = [0u8; 100];
    waits::ends_in_time(
        "mq_timedreceive",
        libc::SYS_mq_timedreceive,
        (-1, libc::ETIMEDOUT),
        || {
            // A little later than asked for.
            let end = waits::end_of_wait(libc::CLOCK_REALTIME);
            let call = [
                queue as usize,
                buffer.as_mut_ptr() as usize,
                buffer.len(),
                0,
                &raw const end as usize,
            ];
            raw(libc::SYS_mq_timedreceive, &call)
        },
    );
}
