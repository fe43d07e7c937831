// SPDX-License-Identifier: GPL-2.0

//! Waiting with a limit.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// How long any one step may take; emulation is slow.
pub const LIMIT: Duration = Duration::from_secs(40);

/// Asks until there is an answer, or the limit is over.
pub fn until<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if start.elapsed() > limit {
            return None;
        }
        std::thread::sleep(Duration::from_millis(3));
    }
}

/// Waits for a child; none if it is still there when the limit is over.
pub fn for_child(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    until(limit, || child.try_wait().ok().flatten())
}
