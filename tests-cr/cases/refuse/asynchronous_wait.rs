// SPDX-License-Identifier: GPL-2.0

//! Fact: io_getevents, frozen and thawed by a checkpoint that is refused, ends when it would have ended
//! anyway.
//!
//! Could break: its timeout is relative, and left alone the call fails with EINTR.

use std::time::Instant;

use ckpt_support::{
    check, errno, expect_refusal, may_also_refuse, must, raw, ready_inside, same,
};

pub fn run() {
    let mut context = 0usize;
    must(
        "io_setup",
        raw(libc::SYS_io_setup, &[8, &raw mut context as usize]),
    );
    expect_refusal("TaskFeature|AddressSpaceFeature", "asynchronous");
    // The ring is also an area.
    may_also_refuse("AreaKind");
    may_also_refuse("FileKind");
    may_also_refuse("AreaFile");
    may_also_refuse("AreaFlags");
    let start = Instant::now();
    ready_inside(libc::SYS_io_getevents);
    let mut events = [0u64; 4];
    let time = libc::timespec {
        tv_sec: 10,
        tv_nsec: 0,
    };
    let call = [
        context,
        1,
        1,
        events.as_mut_ptr() as usize,
        &raw const time as usize,
    ];
    let result = raw(libc::SYS_io_getevents, &call);
    let error = if result < 0 { errno() } else { 0 };
    same("io_getevents", &(0, 0), &(result, error));
    let passed = start.elapsed().as_millis();
    check(
        (10_000..14_000).contains(&passed),
        &format!("10 s took {passed} ms"),
    );
}
