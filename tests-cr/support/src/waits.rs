// SPDX-License-Identifier: GPL-2.0

//! Calls that are waiting when the checkpoint comes.

use std::time::Instant;

use crate::check::{check, same};
use crate::sys::errno;
use crate::turn::{ready_inside, wait_for_go};

/// How long such a call waits.
pub static WAIT: libc::timespec = libc::timespec {
    tv_sec: 3,
    tv_nsec: 0,
};

/// The time at which it ends, on one of the clocks.
pub fn end_of_wait(clock: i32) -> libc::timespec {
    let mut time = WAIT;
    // SAFETY: writes one timespec.
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec += WAIT.tv_sec;
    time
}

/// Makes the call `number`, which waits for `WAIT`: it ends then, not earlier and not much later, with
/// the result and error that it always ends with.
pub fn ends_in_time(name: &str, number: i64, expected: (i64, i32), call: impl FnOnce() -> i64) {
    let start = Instant::now();
    ready_inside(number);
    let result = call();
    let error = if result < 0 { errno() } else { 0 };
    same(name, &expected, &(result, error));
    let passed = start.elapsed().as_millis();
    check(
        (3000..8000).contains(&passed),
        &format!("{name}: 3000 ms took {passed}"),
    );
    wait_for_go();
}
