// SPDX-License-Identifier: GPL-2.0

//! A copy of this process that does something else.

#![allow(unsafe_code)]

use std::fs;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::panic::{catch_unwind, AssertUnwindSafe};

use nix::unistd::Pid;

use crate::{raw, spawn};

/// Where a copy lives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// Where this process lives.
    Here,
    /// As the first of a new pid namespace, with its own view of the mounts.
    NewNamespaces,
}

/// Proof of being in the copy: some things may only be done there.
#[derive(Debug)]
pub struct Inside(());

/// Copies this process; the copy runs `body` and ends with what it returns. Refused while this
/// process has other threads, for they would be missing in the copy with all that they hold.
pub fn fork(place: Place, body: impl FnOnce(&Inside) -> i32) -> io::Result<Pid> {
    if fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(io::Error::other("a process with threads cannot be copied"));
    }
    let flags = match place {
        Place::Here => 0,
        Place::NewNamespaces => (libc::CLONE_NEWPID | libc::CLONE_NEWNS) as u64,
    };
    let clone = libc::clone_args {
        flags,
        pidfd: 0,
        child_tid: 0,
        parent_tid: 0,
        exit_signal: libc::SIGCHLD as u64,
        stack: 0,
        stack_size: 0,
        tls: 0,
        set_tid: 0,
        set_tid_size: 0,
        cgroup: 0,
    };
    // SAFETY: `clone` is initialized and leads nowhere. The new process goes on here on a copy of
    // all memory, as after fork(2). This was the only thread, so no lock is held and std and the
    // allocator are whole in the copy; what libc remembers wrongly there is the thread's own id,
    // which only raise(3) and robust mutexes use, and nothing here uses those.
    let result = unsafe { spawn::clone3(&clone) };
    if result == 0 {
        let code = catch_unwind(AssertUnwindSafe(|| body(&Inside(())))).unwrap_or(101);
        // SAFETY: ends the process without running what its parent has registered for exit.
        unsafe { libc::_exit(code) }
    }
    raw::checked(result).map(|pid| Pid::from_raw(pid as i32))
}

impl Inside {
    /// Closes a descriptor of the parent's, which the copy must not hold open.
    pub fn close(&self, fd: BorrowedFd<'_>) {
        // SAFETY: as in `close_all_but`; whoever borrowed it is the parent.
        unsafe { libc::close(fd.as_raw_fd()) };
    }

    /// Closes every descriptor but these: the copy shall hold nothing of its parent's.
    pub fn close_all_but(&self, keep: &[BorrowedFd<'_>]) {
        let mut keep: Vec<u32> = keep.iter().map(|fd| fd.as_raw_fd() as u32).collect();
        keep.sort_unstable();
        let mut first = 0;
        for fd in keep.into_iter().chain([u32::MAX]) {
            if first < fd {
                // SAFETY: this process is a copy that only runs the body that calls us; values that
                // own a closed descriptor are its parent's, and are never dropped here, for the
                // copy ends by _exit(2). If the body uses one of them it gets EBADF.
                unsafe { libc::syscall(libc::SYS_close_range, first, fd - 1, 0) };
            }
            first = fd.saturating_add(1);
        }
    }
}

/// A descriptor that this process was started with, to be owned from now on: for a program that has
/// opened nothing yet. Not a standard one, which std keeps.
pub fn inherited(number: u32) -> io::Result<OwnedFd> {
    let fd = RawFd::try_from(number).map_err(|_| io::ErrorKind::InvalidInput)?;
    if fd <= libc::STDERR_FILENO {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: takes no address.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it is open, and whoever has opened nothing yet owns nothing of this number.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// pidfd_open(2): readable when the process has ended; signals through it never hit another.
pub fn pidfd(pid: Pid) -> io::Result<OwnedFd> {
    // SAFETY: takes no address.
    let result = unsafe { raw::call(libc::SYS_pidfd_open, [pid.as_raw() as usize, 0, 0, 0, 0, 0]) };
    let fd = raw::checked(result)?;
    // SAFETY: the kernel has just made this descriptor for us; nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

/// pidfd_send_signal(2).
pub fn signal_pidfd(pidfd: BorrowedFd<'_>, signal: i32) -> io::Result<()> {
    let args = [pidfd.as_raw_fd() as usize, signal as usize, 0, 0, 0, 0];
    // SAFETY: without a siginfo the call takes no address.
    raw::checked(unsafe { raw::call(libc::SYS_pidfd_send_signal, args) }).map(drop)
}

/// Waits until a child has ended; gives which, and how, as wait(2) does. Without a pid, any child.
/// Children of every kind count, whatever signal they send when they end.
pub fn wait(pid: Option<Pid>) -> io::Result<(Pid, i32)> {
    let mut status: i32 = 0;
    let which = pid.map_or(-1, Pid::as_raw);
    loop {
        // SAFETY: the kernel writes one int to `status`, and nothing else.
        let pid = unsafe { libc::waitpid(which, &mut status, libc::__WALL) };
        if pid > 0 {
            return Ok((Pid::from_raw(pid), status));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
