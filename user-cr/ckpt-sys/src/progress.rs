// SPDX-License-Identifier: GPL-2.0

//! What somebody who waits at a terminal gets to see.

use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nix::poll::{poll, PollFd, PollFlags, PollTimeout};

/// Progress is shown from then on, and as often.
const PROGRESS: Duration = Duration::from_secs(1);

/// One line on a terminal that says how long it has been.
#[derive(Debug)]
pub struct Progress<'a> {
    what: &'a str,
    start: Instant,
    /// Seconds that it has been, when there was last something to show.
    seconds: u32,
    is_shown: bool,
    wanted: bool,
}

impl<'a> Progress<'a> {
    /// Nothing is shown yet, and nothing ever where there is no terminal.
    pub fn new(what: &'a str) -> Self {
        Self {
            what,
            start: Instant::now(),
            seconds: 0,
            is_shown: false,
            wanted: io::stderr().is_terminal(),
        }
    }

    /// How long until there is something to show.
    pub fn next(&self) -> Duration {
        if self.wanted {
            (PROGRESS * (self.seconds + 1)).saturating_sub(self.start.elapsed())
        } else {
            Duration::MAX
        }
    }

    /// Shows it, if it is time.
    pub fn show(&mut self) {
        if self.next() == Duration::ZERO {
            self.seconds = self.start.elapsed().as_secs() as u32;
            if takes_more(io::stderr()) {
                // Nothing can be done about a terminal that has gone.
                let _ = write!(io::stderr(), "\r{}: {} s", self.what, self.seconds);
                self.is_shown = true;
            }
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.is_shown && takes_more(io::stderr()) {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}

/// A terminal that somebody has stopped (^S) takes nothing until it goes on: there is more to do than to
/// wait for that.
pub(crate) fn takes_more(terminal: impl AsFd) -> bool {
    let mut fds = [PollFd::new(terminal.as_fd(), PollFlags::POLLOUT)];
    matches!(poll(&mut fds, PollTimeout::ZERO), Ok(1))
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use nix::fcntl::OFlag;
    use nix::pty::openpty;
    use nix::sys::termios::{tcflow, FlowArg};
    use nix::unistd::{pipe2, write};

    use super::*;

    #[test]
    fn what_takes_no_more_is_not_written_to() {
        let (_reader, writer) = pipe2(OFlag::O_NONBLOCK).unwrap();
        assert!(takes_more(&writer));
        while write(&writer, &[0; 4096]).is_ok() {}
        assert!(!takes_more(&writer));
    }

    #[test]
    fn a_stopped_terminal_is_not_written_to() {
        let pair = openpty(None, None).unwrap();
        assert!(takes_more(&pair.slave));
        tcflow(&pair.slave, FlowArg::TCOOFF).unwrap();
        assert!(!takes_more(&pair.slave));
        tcflow(&pair.slave, FlowArg::TCOON).unwrap();
        assert!(takes_more(&pair.slave));
    }
}
