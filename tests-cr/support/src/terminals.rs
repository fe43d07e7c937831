// SPDX-License-Identifier: GPL-2.0

//! Pseudo terminals, and what can be seen of them.

use std::ffi::CString;
use std::os::fd::RawFd;

use crate::pipes::open;
use crate::sys::{errno, must};

/// How to open a terminal that is not to control anybody.
pub const QUIETLY: i32 = libc::O_RDWR | libc::O_NOCTTY;

/// The master of a new pair, unlocked.
pub fn master() -> RawFd {
    let master = open(c"/dev/ptmx", QUIETLY);
    // SAFETY: takes no pointer.
    must("unlockpt", unsafe { libc::unlockpt(master) });
    master
}

/// A new pair: master and slave.
pub fn pair() -> [RawFd; 2] {
    let master = master();
    [master, slave(master, 0)]
}

/// Another open file of the slave, by its name.
pub fn slave(master: RawFd, flags: i32) -> RawFd {
    let path = CString::new(name(number(master))).expect("a path");
    open(&path, QUIETLY | flags)
}

/// What a slave is called.
pub fn name(number: u32) -> String {
    format!("/dev/pts/{number}")
}

/// The number of a pair.
pub fn number(master: RawFd) -> u32 {
    get(master, libc::TIOCGPTN)
}

/// What an ioctl(2) gives, which must succeed.
#[track_caller]
pub fn get<T: Copy>(fd: RawFd, request: libc::Ioctl) -> T {
    try_get(fd, request).unwrap_or_else(|error| panic!("ioctl {request:x}: error {error}"))
}

/// What it gives, or the error.
pub fn try_get<T: Copy>(fd: RawFd, request: libc::Ioctl) -> Result<T, i32> {
    // SAFETY: the caller names the right type, for which zeros are a value.
    unsafe {
        let mut value: T = std::mem::zeroed();
        match libc::ioctl(fd, request, &raw mut value) {
            -1 => Err(errno()),
            _ => Ok(value),
        }
    }
}

/// Gives something to an ioctl(2), which must succeed.
#[track_caller]
pub fn set<T>(fd: RawFd, request: libc::Ioctl, value: &T) {
    // SAFETY: the caller names the right type.
    must("ioctl", unsafe {
        libc::ioctl(fd, request, &raw const *value)
    });
}

/// Calls an ioctl(2) with a number; the error.
pub fn call(fd: RawFd, request: libc::Ioctl, value: libc::c_long) -> Result<(), i32> {
    // SAFETY: takes no pointer.
    match unsafe { libc::ioctl(fd, request, value) } {
        -1 => Err(errno()),
        _ => Ok(()),
    }
}

/// Settings, as TCGETS2 gives them.
pub fn settings(fd: RawFd) -> libc::termios2 {
    get(fd, libc::TCGETS2)
}

/// Changes settings at once.
pub fn change(fd: RawFd, how: impl FnOnce(&mut libc::termios2)) {
    let mut settings = settings(fd);
    how(&mut settings);
    set(fd, libc::TCSETS2, &settings);
}

/// All of them in a form that can be compared and shown.
pub fn shown(settings: &libc::termios2) -> String {
    format!(
        "{:o} {:o} {:o} {:o} {} {:?} {} {}",
        settings.c_iflag,
        settings.c_oflag,
        settings.c_cflag,
        settings.c_lflag,
        settings.c_line,
        settings.c_cc,
        settings.c_ispeed,
        settings.c_ospeed
    )
}

/// No characters are special, and nothing is echoed.
pub fn make_raw(fd: RawFd) {
    change(fd, |settings| {
        settings.c_iflag = 0;
        settings.c_oflag = 0;
        settings.c_lflag = 0;
        settings.c_cc[libc::VMIN] = 1;
        settings.c_cc[libc::VTIME] = 0;
    });
}

/// Size of the window.
pub fn size(fd: RawFd) -> [u16; 4] {
    let size: libc::winsize = get(fd, libc::TIOCGWINSZ);
    [size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel]
}
