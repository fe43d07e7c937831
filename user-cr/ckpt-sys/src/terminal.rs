// SPDX-License-Identifier: GPL-2.0

//! The size of a terminal's window.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{AsFd, AsRawFd};

/// Rows and columns, and its size in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Size(libc::winsize);

impl Size {
    /// That of a terminal.
    pub fn of(terminal: impl AsFd) -> io::Result<Self> {
        let mut size = libc::winsize {
            ws_row: 0,
            ws_col: 0,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let fd = terminal.as_fd().as_raw_fd();
        // SAFETY: fills the struct, which outlives the call.
        match unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) } {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(Self(size)),
        }
    }

    /// Does the terminal know it? Serial lines do not.
    pub fn is_known(&self) -> bool {
        self.0.ws_row != 0 && self.0.ws_col != 0
    }

    /// Makes it the size of another, or of the other side of a pair: whoever is in the foreground there
    /// hears of it, if it is another one.
    pub fn give(&self, terminal: impl AsFd) -> io::Result<()> {
        let fd = terminal.as_fd().as_raw_fd();
        // SAFETY: reads the struct, which outlives the call.
        match unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &raw const self.0) } {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        }
    }
}
