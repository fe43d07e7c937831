// SPDX-License-Identifier: GPL-2.0

//! What somebody who waits at a terminal gets to see.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// Progress is shown from then on, and as often.
const PROGRESS: Duration = Duration::from_secs(1);

/// One line on a terminal that says how long it has been.
#[derive(Debug)]
pub struct Progress<'a> {
    what: &'a str,
    start: Instant,
    shown: u32,
    wanted: bool,
}

impl<'a> Progress<'a> {
    /// Nothing is shown yet, and nothing ever where there is no terminal.
    pub fn new(what: &'a str) -> Self {
        Self {
            what,
            start: Instant::now(),
            shown: 0,
            wanted: io::stderr().is_terminal(),
        }
    }

    /// How long until there is something to show.
    pub fn next(&self) -> Duration {
        if self.wanted {
            (PROGRESS * (self.shown + 1)).saturating_sub(self.start.elapsed())
        } else {
            Duration::MAX
        }
    }

    /// Shows it, if it is time.
    pub fn show(&mut self) {
        if self.next() == Duration::ZERO {
            self.shown = self.start.elapsed().as_secs() as u32;
            // Nothing can be done about a terminal that has gone.
            let _ = write!(io::stderr(), "\r{}: {} s", self.what, self.shown);
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.shown > 0 {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}
