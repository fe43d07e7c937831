// SPDX-License-Identifier: GPL-2.0

//! The calls on event files, and who sleeps in them.

use std::os::fd::RawFd;

use ckpt_support::pipes::{read, write};
use ckpt_support::{errno, must, raw};

pub const IN: u32 = libc::EPOLLIN as u32;
pub const OUT: u32 = libc::EPOLLOUT as u32;
pub const EDGE: u32 = libc::EPOLLET as u32;
pub const ONCE: u32 = libc::EPOLLONESHOT as u32;
pub const EXCLUSIVE: u32 = libc::EPOLLEXCLUSIVE as u32;

/// An event counter.
pub fn counter(start: u32, flags: i32) -> RawFd {
    // SAFETY: takes no pointer.
    must("eventfd", unsafe { libc::eventfd(start, flags) })
}

/// Adds to it.
pub fn add(fd: RawFd, value: u64) -> Result<usize, i32> {
    write(fd, &value.to_ne_bytes())
}

/// What a read of a counter or timer gives.
pub fn take(fd: RawFd) -> Result<u64, i32> {
    let bytes = read(fd, 8)?;
    Ok(u64::from_ne_bytes(bytes.try_into().expect("eight bytes")))
}

/// An epoll.
pub fn epoll() -> RawFd {
    // SAFETY: takes no pointer.
    must("epoll_create1", unsafe { libc::epoll_create1(0) })
}

fn control(epoll: RawFd, call: i32, fd: RawFd, events: u32, data: u64) -> Result<(), i32> {
    let mut event = libc::epoll_event { events, u64: data };
    // SAFETY: reads one event.
    match unsafe { libc::epoll_ctl(epoll, call, fd, &mut event) } {
        0 => Ok(()),
        _ => Err(errno()),
    }
}

/// EPOLL_CTL_ADD, which may fail.
pub fn try_watch(epoll: RawFd, fd: RawFd, events: u32, data: u64) -> Result<(), i32> {
    control(epoll, libc::EPOLL_CTL_ADD, fd, events, data)
}

/// EPOLL_CTL_ADD.
#[track_caller]
pub fn watch(epoll: RawFd, fd: RawFd, events: u32, data: u64) {
    try_watch(epoll, fd, events, data).expect("EPOLL_CTL_ADD");
}

/// EPOLL_CTL_MOD.
#[track_caller]
pub fn change(epoll: RawFd, fd: RawFd, events: u32, data: u64) {
    control(epoll, libc::EPOLL_CTL_MOD, fd, events, data).expect("EPOLL_CTL_MOD");
}

/// EPOLL_CTL_DEL, which may fail.
pub fn forget(epoll: RawFd, fd: RawFd) -> Result<(), i32> {
    control(epoll, libc::EPOLL_CTL_DEL, fd, 0, 0)
}

/// Events and their data, at most so many, after so many milliseconds at the latest.
pub fn wait(epoll: RawFd, most: usize, timeout: i32) -> Result<Vec<(u32, u64)>, i32> {
    let mut found = vec![libc::epoll_event { events: 0, u64: 0 }; most];
    // SAFETY: there is room for so many.
    let count = unsafe { libc::epoll_wait(epoll, found.as_mut_ptr(), most as i32, timeout) };
    let count = usize::try_from(count).map_err(|_| errno())?;
    let found = found[..count].iter();
    Ok(found.map(|event| (event.events, event.u64)).collect())
}

/// The data of what is ready now, at most so many.
#[track_caller]
pub fn ready_in(epoll: RawFd, most: usize) -> Vec<u64> {
    let found = wait(epoll, most, 0).expect("epoll_wait");
    found.into_iter().map(|(_, data)| data).collect()
}

/// A signalfd for these signals, made anew or changed.
pub fn signalfd(fd: RawFd, signals: u64, flags: i32) -> RawFd {
    let call = [fd as usize, &raw const signals as usize, 8, flags as usize];
    must("signalfd4", raw(libc::SYS_signalfd4, &call)) as RawFd
}

/// The next signal: its number, code, value and sender; or the error.
pub fn next_signal(fd: RawFd) -> Result<(u32, i32, i32, u32), i32> {
    let bytes = read(fd, 128)?;
    let at = |offset: usize| {
        let bytes = bytes[offset..offset + 4].try_into();
        u32::from_ne_bytes(bytes.expect("four bytes"))
    };
    Ok((at(0), at(8) as i32, at(44) as i32, at(12)))
}

/// Sends a signal with a value.
pub fn queue(pid: i32, signal: i32, value: usize) {
    let value = libc::sigval {
        sival_ptr: value as *mut libc::c_void,
    };
    // SAFETY: passes a number.
    must("sigqueue", unsafe { libc::sigqueue(pid, signal, value) });
}

/// Waits until a task sleeps in this call.
pub fn wait_until_inside(pid: i32, number: i64) {
    let wanted = format!("{number} ");
    loop {
        let call = std::fs::read_to_string(format!("/proc/{pid}/syscall"));
        if call.is_ok_and(|call| call.starts_with(&wanted)) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

/// Has a child not ended yet?
pub fn lives(pid: i32) -> bool {
    let mut status = 0;
    // SAFETY: one int for the status.
    unsafe { libc::waitpid(pid, &mut status, libc::WNOHANG) == 0 }
}
