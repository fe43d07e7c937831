// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in mq_timedreceive until a time of day sleeps until then.
//!
//! Could break: the call begins anew, with a timeout that has passed, or none.

use ckpt_support::waits::end_of_wait;
use ckpt_support::{check, errno, must, over, raw, ready_inside_for_a_while, same, wait_for_go};

use super::{make, name, unlink};

/// How much later it is than that, in milliseconds.
fn later(end: &libc::timespec) -> i64 {
    // SAFETY: zeros are a value; the call fills it.
    let now = unsafe {
        let mut now: libc::timespec = std::mem::zeroed();
        must(
            "clock_gettime",
            libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut now),
        );
        now
    };
    (now.tv_sec - end.tv_sec) * 1000 + (now.tv_nsec - end.tv_nsec) / 1_000_000
}

pub fn run() {
    let name = name("until");
    let queue = make(&name, libc::O_RDWR, 2, 100);
    unlink(&name);
    let mut buffer = [0u8; 100];
    let end = end_of_wait(libc::CLOCK_REALTIME);
    let call = [
        queue as usize,
        buffer.as_mut_ptr() as usize,
        buffer.len(),
        0,
        &raw const end as usize,
    ];
    ready_inside_for_a_while(libc::SYS_mq_timedreceive);
    let result = raw(libc::SYS_mq_timedreceive, &call);
    let (error, late) = (errno(), later(&end));
    over();
    same("result", &(-1, libc::ETIMEDOUT), &(result, error));
    // How long the machine was off, nobody here knows.
    check(late >= 0, &format!("ended {late} ms after its time"));
    wait_for_go();
}
