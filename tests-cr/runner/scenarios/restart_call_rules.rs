// SPDX-License-Identifier: GPL-2.0

//! Fact: restart(2) refuses roles, flags and sessions that it does not know, and outsiders.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use ckpt_format::calls::{
    GivenFile, RestartArgs, RESTART_FILES_KEEP, RESTART_FILES_TRUNCATE, RESTART_FROZEN, RESTART_HELD, ROLE_JOIN, ROLE_OPEN, ROLE_RUN,
    SYSCALL_RESTART,
};

use super::stage::{ensure, Stage};
use crate::verdict::{Doing, Step};

/// Arguments with nothing in them but a role.
fn arguments(role: u32) -> RestartArgs {
    RestartArgs {
        role: role.into(),
        flags: 0.into(),
        session_fd: (-1).into(),
        cgroup_fd: (-1).into(),
        image_fd: (-1).into(),
        log_fd: (-1).into(),
        task: 0.into(),
        reserved: 0.into(),
        prefix: 0.into(),
        prefix_size: 0.into(),
        stats: 0.into(),
        stats_size: 0.into(),
        given: 0.into(),
        given_size: 0.into(),
        terminals: 0.into(),
        terminals_size: 0.into(),
    }
}

/// What the call gives, or minus the error.
fn call(arguments: &RestartArgs, size: usize) -> i32 {
    // SAFETY: the size is that of the arguments, or a wrong one, which the call is asked about.
    let result = unsafe { libc::syscall(SYSCALL_RESTART.into(), &raw const *arguments, size) };
    match result {
        -1 => -io::Error::last_os_error().raw_os_error().unwrap_or(0),
        _ => result as i32,
    }
}

pub fn run(stage: &Stage) -> Step<()> {
    let cgroup = File::open(stage.cgroup()).doing("the cgroup")?;
    let size = size_of::<RestartArgs>();
    let refused = |what: &str, arguments: &RestartArgs| {
        let result = call(arguments, size);
        let plain = [
            libc::EINVAL,
            libc::EBADF,
            libc::EPERM,
            libc::ENOTDIR,
            libc::ESRCH,
        ];
        ensure(
            plain.contains(&-result),
            &format!("{what}: the call gives {result}"),
        )
    };
    refused("no role at all", &arguments(0))?;
    refused("unknown role", &arguments(77))?;
    refused("open without a cgroup", &arguments(ROLE_OPEN))?;
    refused("join without a session", &arguments(ROLE_JOIN))?;
    refused("run without a session", &arguments(ROLE_RUN))?;
    let mut open = arguments(ROLE_OPEN);
    open.cgroup_fd = cgroup.as_raw_fd().into();
    open.flags = 1.into();
    refused("open with flags", &open)?;
    open.flags = 0.into();
    open.reserved = 1.into();
    refused("open with a reserved field", &open)?;
    open.reserved = 0.into();
    ensure(
        call(&open, 4) == -libc::EINVAL,
        "too short a struct was taken",
    )?;

    let session = call(&open, size);
    ensure(session >= 0, &format!("no session: {session}"))?;
    // SAFETY: new, and ours.
    let session = unsafe { OwnedFd::from_raw_fd(session) };
    // SAFETY: takes no pointer.
    let flags = unsafe { libc::fcntl(session.as_raw_fd(), libc::F_GETFD) };
    ensure(
        flags & libc::FD_CLOEXEC != 0,
        "the session is not close-on-exec",
    )?;
    let mut join = arguments(ROLE_JOIN);
    join.session_fd = session.as_raw_fd().into();
    // We are not in the session's cgroup.
    refused("join from outside", &join)?;
    let mut run = arguments(ROLE_RUN);
    run.session_fd = session.as_raw_fd().into();
    refused("run without an image", &run)?;
    run.flags = (1 << 30).into();
    refused("run with unknown flags", &run)?;
    run.flags = (RESTART_FILES_KEEP | RESTART_FILES_TRUNCATE).into();
    refused("run with files kept and cut", &run)?;
    run.flags = (RESTART_FROZEN | RESTART_HELD).into();
    refused("run with a container held that stays frozen", &run)?;
    run.flags = 0.into();
    let given = |number: u32, flags: u32, reserved: u32| GivenFile {
        number: number.into(),
        fd: 1.into(),
        flags: flags.into(),
        reserved: reserved.into(),
    };
    for (what, list) in [
        ("given twice", [given(1, 0, 0), given(1, 0, 0)]),
        ("given with unknown flags", [given(1, 0, 0), given(2, 2, 0)]),
        ("given with a reserved field", [given(1, 0, 0), given(2, 0, 2)]),
    ] {
        run.given = (list.as_ptr() as u64).into();
        run.given_size = (size_of_val(&list) as u64).into();
        refused(what, &run)?;
        run.given_size = (size_of_val(&list) as u64 - 1).into();
        refused(what, &run)?;
    }
    (run.given, run.given_size) = (0.into(), 0.into());
    let taken = [0u64; 2];
    for (what, address, size) in [
        ("terminals at no address", 0, 8),
        ("half a terminal", taken.as_ptr() as u64, 12),
    ] {
        (run.terminals, run.terminals_size) = (address.into(), size.into());
        refused(what, &run)?;
    }
    open.given_size = 16.into();
    refused("open with something given", &open)?;
    open.given_size = 0.into();
    open.terminals_size = 8.into();
    refused("open with terminals", &open)?;
    let mut wrong = arguments(ROLE_RUN);
    wrong.session_fd = cgroup.as_raw_fd().into();
    refused("a session that is none", &wrong)
}
