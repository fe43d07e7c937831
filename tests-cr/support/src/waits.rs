// SPDX-License-Identifier: GPL-2.0

//! Calls that are waiting when the checkpoint comes, and end by themselves.
//!
//! How long they have to wait to be found waiting depends on the machine. The runner begins with a
//! few seconds, and takes more if a call was over too early. Whether one ends too late is hard to
//! tell where everything may stand still for a while: a call that never ends, or begins anew again
//! and again, is what `MUCH_LATER` finds.

use std::time::Instant;

use crate::check::{check, same};
use crate::sys::errno;
use crate::turn::{over, ready_inside_for_a_while, wait_for_go};

/// No machine is so slow, in milliseconds.
pub const MUCH_LATER: i64 = 60_000;

/// How long such a call waits, in seconds.
pub fn seconds() -> i64 {
    let said = std::env::var("WAIT").ok();
    said.and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// The same as a time span.
pub fn span() -> libc::timespec {
    libc::timespec {
        tv_sec: seconds(),
        tv_nsec: 0,
    }
}

/// The time at which it ends, on one of the clocks.
pub fn end_of_wait(clock: i32) -> libc::timespec {
    let mut time = span();
    // SAFETY: writes one timespec.
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec += seconds();
    time
}

/// Checks how many milliseconds a call has taken that was to wait.
pub fn in_time(name: &str, passed: i64) {
    let wanted = seconds() * 1000;
    check(
        (wanted..wanted + MUCH_LATER).contains(&passed),
        &format!("{name}: {wanted} ms took {passed}"),
    );
}

/// Makes the call `number`, which waits for `span()`: it ends then, not earlier and not much later, with
/// the result and error that it always ends with.
pub fn ends_in_time(name: &str, number: i64, expected: (i64, i32), call: impl FnOnce() -> i64) {
    let start = Instant::now();
    ready_inside_for_a_while(number);
    let result = call();
    let error = if result < 0 { errno() } else { 0 };
    let passed = start.elapsed().as_millis() as i64;
    over();
    same(name, &expected, &(result, error));
    in_time(name, passed);
    wait_for_go();
}
