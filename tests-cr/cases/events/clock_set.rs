// SPDX-License-Identifier: GPL-2.0

//! Fact: a timerfd that is cancelled when the clock is set (TFD_TIMER_CANCEL_ON_SET) tells of that if
//! the clock was set before the checkpoint and nobody was told, and if it is set afterwards.
//!
//! Could break: whether it is to be told is in the kernel only.

use std::os::fd::RawFd;

use ckpt_support::pipes::events;
use ckpt_support::{checkpoint_here, must, same};

use super::tools::take;

/// Cancelled by the clock, in an hour otherwise.
fn timer() -> RawFd {
    const ON_SET: i32 = 2;
    // SAFETY: zeros are a setting, which is filled and read.
    unsafe {
        let clock = libc::CLOCK_REALTIME;
        let fd = libc::timerfd_create(clock, libc::TFD_NONBLOCK);
        let mut setting: libc::itimerspec = std::mem::zeroed();
        libc::clock_gettime(clock, &mut setting.it_value);
        setting.it_value.tv_sec += 3600;
        let flags = libc::TFD_TIMER_ABSTIME | ON_SET;
        let set = libc::timerfd_settime(fd, flags, &setting, std::ptr::null_mut());
        // Another test may set the clock as well.
        assert!(set == 0 || ckpt_support::errno() == libc::ECANCELED);
        fd
    }
}

/// Sets it, by a nanosecond.
fn set_clock() {
    const ADJ_SETOFFSET: u32 = 0x100;
    const ADJ_NANO: u32 = 0x2000;
    // SAFETY: zeros are a request, which is filled and read.
    unsafe {
        let mut step: libc::timex = std::mem::zeroed();
        step.modes = ADJ_SETOFFSET | ADJ_NANO;
        step.time.tv_usec = 1;
        must("adjtimex", libc::adjtimex(&mut step));
    }
}

pub fn run() {
    let (told, untold) = (timer(), timer());
    set_clock();
    same("told", &Err(libc::ECANCELED), &take(told));
    same("untold", &libc::POLLIN, &events(untold));
    let later = timer();

    checkpoint_here();

    same("still untold", &libc::POLLIN, &events(untold));
    same("told at last", &Err(libc::ECANCELED), &take(untold));
    set_clock();
    for (name, fd) in [("later", later), ("again", told), ("once more", untold)] {
        same(name, &libc::POLLIN, &events(fd));
        same(name, &Err(libc::ECANCELED), &take(fd));
    }
}
