// SPDX-License-Identifier: GPL-2.0

//! A new task that becomes one of the container's.
//!
//! Between clone3(2) and restart(2) it runs [`Newborn::live`], on a copy of its parent's memory, and
//! nothing else: everything is computed beforehand, no allocation, no thread-local storage, no std.

#![allow(unsafe_code)]

use std::ffi::CStr;
use std::io;
use std::mem::size_of;
use std::os::fd::{AsRawFd, BorrowedFd};

use ckpt_format::calls::{RestartArgs, SYSCALL_RESTART};
use nix::unistd::Pid;

use crate::report::{Report, SIZE};
use crate::{calls, raw};

/// clone3(2); libc's own constant is too narrow for it.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// What a new task does before it joins, one after the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Mounts from now on are its own: nothing it mounts is seen outside.
    OwnMounts,
    /// A /proc that shows its pid namespace.
    MountProc,
    /// setsid(2): leads a session and a process group.
    NewSession,
    /// setpgid(0, 0): leads a process group.
    NewGroup,
}

impl Step {
    /// What the user knows it as.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnMounts => "make its mounts private",
            Self::MountProc => "mount /proc",
            Self::NewSession => "start a session",
            Self::NewGroup => "start a process group",
        }
    }

    /// Takes it in this process.
    pub fn perform(self) -> io::Result<()> {
        raw::checked(self.take()).map(drop)
    }
}

/// A task to be made.
#[derive(Debug)]
pub struct Newborn<'a> {
    /// Its place in the forest.
    pub task: u32,
    /// The number it must have in the pid namespace it is made in.
    pub pid: Option<i32>,
    /// What its parent gets when it ends.
    pub exit_signal: i32,
    /// It is the first of a new pid namespace, with mounts of its own.
    pub is_init: bool,
    /// Where it is born.
    pub cgroup: BorrowedFd<'a>,
    /// The restart that it joins.
    pub session: BorrowedFd<'a>,
    /// Where it says what failed: the step's place in `steps`, or their number for joining.
    pub report: BorrowedFd<'a>,
    /// What it does before.
    pub steps: &'a [Step],
}

impl Newborn<'_> {
    /// Makes the task. It never comes back to this code: it ends, or leaves as what was saved.
    pub fn spawn(&self) -> io::Result<Pid> {
        let numbers = [self.pid.unwrap_or(0)];
        let mut flags = CLONE_INTO_CGROUP;
        if self.is_init {
            flags |= (libc::CLONE_NEWPID | libc::CLONE_NEWNS) as u64;
        }
        let clone = libc::clone_args {
            flags,
            pidfd: 0,
            child_tid: 0,
            parent_tid: 0,
            exit_signal: self.exit_signal as u64,
            stack: 0,
            stack_size: 0,
            tls: 0,
            set_tid: self.pid.map_or(0, |_| &raw const numbers as u64),
            set_tid_size: self.pid.map_or(0, |_| 1),
            cgroup: self.cgroup.as_raw_fd() as u64,
        };
        let join = calls::join(self.session, self.task);

        // SAFETY: `clone` is initialized, has the size given, and its `set_tid` leads to one number.
        // Without CLONE_VM and without a stack the new task goes on here on its own copy of all
        // memory, as after fork(2): every reference is valid there, and nothing it writes is seen
        // by its parent. Without CLONE_FILES its descriptors are its own too.
        let result = unsafe { clone3(&clone) };
        if result == 0 {
            self.live(&join)
        }
        raw::checked(result).map(|pid| Pid::from_raw(pid as i32))
    }

    /// The life of the new task in this program.
    fn live(&self, join: &RestartArgs) -> ! {
        let mut done = 0;
        let mut result = 0;
        for step in self.steps {
            result = step.take();
            if result < 0 {
                break;
            }
            done += 1;
        }
        if result >= 0 {
            // SAFETY: the kernel only reads `join`. On success it does not return.
            result = unsafe { calls::call(SYSCALL_RESTART, join) };
        }
        let report = Report::Failed {
            task: self.task,
            step: done,
            errno: result.wrapping_neg() as i32,
        };
        let bytes = report.encode();
        let fd = self.report.as_raw_fd() as usize;
        // SAFETY: the kernel reads `SIZE` bytes of `bytes`, which has them; exit_group(2) does not
        // return.
        unsafe {
            raw::call(
                libc::SYS_write,
                [fd, bytes.as_ptr() as usize, SIZE, 0, 0, 0],
            );
            loop {
                raw::call(libc::SYS_exit_group, [1, 0, 0, 0, 0, 0]);
            }
        }
    }
}

impl Step {
    /// Takes it; zero or a negative errno.
    fn take(self) -> isize {
        const PRIVATE: usize = (libc::MS_REC | libc::MS_PRIVATE) as usize;
        const PROC: usize = (libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC) as usize;
        match self {
            Self::OwnMounts => mount(c"none", c"/", c"none", PRIVATE),
            Self::MountProc => mount(c"proc", c"/proc", c"proc", PROC),
            // SAFETY: neither call takes an address.
            Self::NewSession => unsafe { raw::call(libc::SYS_setsid, [0; 6]) },
            // SAFETY: as above.
            Self::NewGroup => unsafe { raw::call(libc::SYS_setpgid, [0; 6]) },
        }
    }
}

fn mount(source: &CStr, target: &CStr, kind: &CStr, flags: usize) -> isize {
    let [source, target, kind] = [source, target, kind].map(|text| text.as_ptr() as usize);
    // SAFETY: mount(2) reads three strings, which end in a zero byte; it takes no data.
    unsafe { raw::call(libc::SYS_mount, [source, target, kind, flags, 0, 0]) }
}

/// clone3(2): zero in the new task, its pid or a negative errno in the caller.
///
/// # Safety
///
/// As for [`raw::call`]; the caller also answers for what the new task does where this returns for
/// the second time.
#[inline(always)]
pub(crate) unsafe fn clone3(args: &libc::clone_args) -> isize {
    let address = &raw const *args as usize;
    let size = size_of::<libc::clone_args>();
    // SAFETY: `args` is a whole `clone_args`; the rest is the caller's promise.
    unsafe { raw::call(libc::SYS_clone3, [address, size, 0, 0, 0, 0]) }
}
