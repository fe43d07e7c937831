// SPDX-License-Identifier: GPL-2.0

//! Pidfds, and what can be seen of them.

use std::os::fd::RawFd;

use crate::sys::{errno, must, raw};

/// PIDFD_THREAD.
pub const THREAD: i32 = libc::O_EXCL;
/// PIDFD_INFO_EXIT.
const INFO_EXIT: u64 = 1 << 3;

/// struct pidfd_info.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Info {
    mask: u64,
    /// Id of the cgroup that it is in, or was in.
    pub cgroup: u64,
    pid: u32,
    tgid: u32,
    ppid: u32,
    ids: [u32; 8],
    exit_code: i32,
    core: [u32; 4],
    supported: u64,
}

/// pidfd_open(2).
#[track_caller]
pub fn open(pid: i32, flags: i32) -> RawFd {
    let call = [pid as usize, flags as usize];
    must("pidfd_open", raw(libc::SYS_pidfd_open, &call)) as RawFd
}

/// pidfd_send_signal(2); the error, or zero.
pub fn send(fd: RawFd, signal: i32) -> i32 {
    let call = [fd as usize, signal as usize, 0, 0];
    match raw(libc::SYS_pidfd_send_signal, &call) {
        0 => 0,
        _ => errno(),
    }
}

/// PIDFD_GET_INFO, and how it has ended; or the error.
pub fn info(fd: RawFd) -> Result<Info, i32> {
    const GET_INFO: libc::c_ulong =
        3 << 30 | (size_of::<Info>() as libc::c_ulong) << 16 | 0xff << 8 | 11;
    let mut info = Info {
        mask: INFO_EXIT,
        ..Info::default()
    };
    // SAFETY: fills one struct of the size that the number says.
    match unsafe { libc::ioctl(fd, GET_INFO, &raw mut info) } {
        0 => Ok(info),
        _ => Err(errno()),
    }
}

/// How it has ended, if it was reaped.
pub fn exit_code(fd: RawFd) -> Option<i32> {
    let info = info(fd).ok().filter(|info| info.mask & INFO_EXIT != 0)?;
    Some(info.exit_code)
}

/// Its number, as /proc shows it: -1 if it was reaped.
pub fn number(fd: RawFd) -> String {
    let text = std::fs::read_to_string(format!("/proc/self/fdinfo/{fd}")).expect("fdinfo");
    let lines = text
        .lines()
        .filter(|line| line.contains("Pid:") || line.contains("NSpid:"));
    lines.collect::<Vec<_>>().join(" ")
}

/// What poll says at once.
pub fn events(fd: RawFd) -> i16 {
    let mut one = libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one pollfd.
    must("poll", unsafe { libc::poll(&mut one, 1, 0) });
    one.revents
}

/// waitid(P_PIDFD); the status of a child that has ended, or the error below zero.
pub fn wait(fd: RawFd, flags: i32) -> i32 {
    // SAFETY: a siginfo to be filled.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        match libc::waitid(libc::P_PIDFD, fd as u32, &mut info, flags) {
            0 => info.si_status(),
            _ => -errno(),
        }
    }
}

/// Are both of the same process?
pub fn are_one(one: RawFd, other: RawFd) -> bool {
    crate::pipes::are_one(one, other)
}
