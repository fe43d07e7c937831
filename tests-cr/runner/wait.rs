// SPDX-License-Identifier: GPL-2.0

//! Waiting with a limit.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// How long any one step may take: only what never ends takes longer. Emulation is slow, and other
/// tests run beside this one.
pub const LIMIT: Duration = Duration::from_secs(300);

/// Asks until there is an answer, or the limit is over.
pub fn until<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    // Short waits are noticed at once, long ones cost little.
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if start.elapsed() > limit {
            return None;
        }
        std::thread::sleep(pause);
        pause = (pause * 3 / 2).min(Duration::from_millis(25));
    }
}

/// Waits for a child; none if it is still there when the limit is over.
pub fn for_child(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    until(limit, || child.try_wait().ok().flatten())
}
