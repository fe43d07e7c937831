// SPDX-License-Identifier: GPL-2.0

//! checkpoint(2) and restart(2).

#![allow(unsafe_code)]

use std::io;
use std::mem::size_of;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use ckpt_format::calls::{
    CheckpointArgs, CheckpointStats, GivenFile, RestartArgs, RestartStats, TakenTerminal,
    CHECKPOINT_CHECK, CHECKPOINT_HOLD_END, CHECKPOINT_RECONNECT, CHECKPOINT_RELAY, CHECKPOINT_SYNC,
    END_BYTES, GIVEN_WANTED, ROLE_JOIN, ROLE_OPEN, ROLE_RUN, SYSCALL_CHECKPOINT, SYSCALL_RESTART,
};
use zerocopy::little_endian::{I32, U32, U64};
use zerocopy::FromZeros;

use crate::raw;

/// Whether this kernel knows the two calls at all.
pub fn are_there() -> bool {
    [SYSCALL_CHECKPOINT, SYSCALL_RESTART].iter().all(|number| {
        // SAFETY: without an argument struct the calls have nothing to read, and refuse.
        let result = unsafe { raw::call((*number).into(), [0; 6]) };
        result != -(libc::ENOSYS as isize)
    })
}

/// What to say when they are not.
pub const NOT_THERE: &str =
    "this kernel has no checkpoint(2) and restart(2): boot the patched kernel (CONFIG_CHECKPOINT=y)";

/// The last bytes of an image: until they are written too, it is none.
pub type End = [u8; END_BYTES as usize];

/// Where an image goes.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Everything but its end is written here.
    pub image: BorrowedFd<'a>,
    /// Whether to bring to the disk, at the same moment, what the container was writing.
    pub sync: bool,
}

/// What becomes of what belongs to the outside.
#[derive(Clone, Copy, Debug)]
pub struct Outside<'a> {
    /// Descriptors at which open files of the outside are not saved.
    pub hand_in: &'a [u32],
    /// Nor is what datagram sockets are connected to.
    pub reconnect: bool,
    /// A session may have its terminal there.
    pub relay: bool,
}

/// Saves the container in a frozen cgroup; without a target it only looks for obstacles. What
/// stands in the way is said on the log, as `LogRecord`s. What makes an image of what was written
/// is for the caller to add.
pub fn checkpoint(
    cgroup: BorrowedFd<'_>,
    target: Option<Target<'_>>,
    outside: Outside<'_>,
    log: BorrowedFd<'_>,
) -> io::Result<(CheckpointStats, End)> {
    let mut stats = CheckpointStats::new_zeroed();
    let mut end: End = [0; END_BYTES as usize];
    let hand_in = outside.hand_in;
    let mut flags = match target {
        None => CHECKPOINT_CHECK,
        Some(Target { sync: false, .. }) => CHECKPOINT_HOLD_END,
        Some(Target { sync: true, .. }) => CHECKPOINT_HOLD_END | CHECKPOINT_SYNC,
    };
    if outside.reconnect {
        flags |= CHECKPOINT_RECONNECT;
    }
    if outside.relay {
        flags |= CHECKPOINT_RELAY;
    }
    let (end_address, end_size) = match target {
        None => (0, 0),
        Some(_) => (&raw mut end as u64, END_BYTES),
    };
    let args = CheckpointArgs {
        flags: U64::new(flags),
        cgroup_fd: I32::new(cgroup.as_raw_fd()),
        image_fd: I32::new(target.map_or(-1, |target| target.image.as_raw_fd())),
        log_fd: I32::new(log.as_raw_fd()),
        reserved: U32::ZERO,
        stats: U64::new(&raw mut stats as u64),
        stats_size: U64::new(size_of::<CheckpointStats>() as u64),
        end: U64::new(end_address),
        end_size: U64::new(end_size),
        hand_in: U64::new(hand_in.as_ptr() as u64),
        hand_in_size: U64::new(size_of_val(hand_in) as u64),
    };
    // SAFETY: the kernel reads `args` and `hand_in`, which are initialized and have the sizes given,
    // and writes at most `stats_size` bytes to `stats` and `end_size` to `end`; all outlive the
    // call, and any bytes are valid stats.
    let result = unsafe { call(SYSCALL_CHECKPOINT, &args) };
    raw::checked(result).map(|_| (stats, end))
}

/// Opens a restart session for an empty cgroup. When the descriptor is closed before the session
/// has run, everything in the cgroup is killed.
pub fn open_session(cgroup: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let args = RestartArgs {
        cgroup_fd: I32::new(cgroup.as_raw_fd()),
        ..role(ROLE_OPEN)
    };
    // SAFETY: the kernel only reads `args`, which is initialized and has the size given.
    let fd = raw::checked(unsafe { call(SYSCALL_RESTART, &args) })?;
    // SAFETY: the kernel has just made this descriptor for us; nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

/// Whether this process may open a session at all, whatever the cgroup: the kernel asks that first.
pub fn may_open_session() -> bool {
    // SAFETY: the kernel only reads the arguments, which are initialized and have the size given.
    let result = unsafe { call(SYSCALL_RESTART, &role(ROLE_OPEN)) };
    result != -(libc::EPERM as isize)
}

/// What the container gets in place of something that was not saved.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The descriptor that that had.
    pub number: u32,
    /// What it gets.
    pub file: BorrowedFd<'a>,
    /// It is an error if there is no such thing.
    pub is_wanted: bool,
}

/// Reads the rest of the image and lets the tasks that have joined go as what was saved. On any
/// error all of them are killed. `given`: what takes the place of open files that were not saved.
/// Gives also the master of the new terminal of a session whose own was outside, if there is one.
pub fn run_session(
    session: BorrowedFd<'_>,
    image: BorrowedFd<'_>,
    log: BorrowedFd<'_>,
    prefix: &[u8],
    given: &[Given<'_>],
    flags: u32,
) -> io::Result<(RestartStats, Option<OwnedFd>)> {
    let mut stats = RestartStats::new_zeroed();
    let mut terminal = TakenTerminal {
        number: U32::ZERO,
        fd: I32::new(-1),
    };
    let given: Vec<GivenFile> = given
        .iter()
        .map(|given| GivenFile {
            number: U32::new(given.number),
            fd: I32::new(given.file.as_raw_fd()),
            flags: U32::new(if given.is_wanted { GIVEN_WANTED } else { 0 }),
            reserved: U32::ZERO,
        })
        .collect();
    let args = RestartArgs {
        flags: U32::new(flags),
        session_fd: I32::new(session.as_raw_fd()),
        image_fd: I32::new(image.as_raw_fd()),
        log_fd: I32::new(log.as_raw_fd()),
        prefix: U64::new(prefix.as_ptr() as u64),
        prefix_size: U64::new(prefix.len() as u64),
        stats: U64::new(&raw mut stats as u64),
        stats_size: U64::new(size_of::<RestartStats>() as u64),
        given: U64::new(given.as_ptr() as u64),
        given_size: U64::new(size_of_val(&given[..]) as u64),
        terminals: U64::new(&raw mut terminal as u64),
        terminals_size: U64::new(size_of::<TakenTerminal>() as u64),
        ..role(ROLE_RUN)
    };
    // SAFETY: the kernel reads `args`, `prefix` and `given`, which are initialized and have the sizes given,
    // and writes at most as many bytes to `stats` and `terminal` as they have; all outlive the call,
    // and any bytes are valid there.
    raw::checked(unsafe { call(SYSCALL_RESTART, &args) })?;
    let terminal = match terminal.fd.get() {
        // SAFETY: the kernel has just made this descriptor for us; nobody else knows it.
        fd @ 0.. => Some(unsafe { OwnedFd::from_raw_fd(fd) }),
        _ => None,
    };
    Ok((stats, terminal))
}

/// The arguments with which a new task joins a session.
pub(crate) fn join(session: BorrowedFd<'_>, task: u32) -> RestartArgs {
    RestartArgs {
        session_fd: I32::new(session.as_raw_fd()),
        task: U32::new(task),
        ..role(ROLE_JOIN)
    }
}

/// A role, and nothing in the fields that do not count for it.
fn role(role: u32) -> RestartArgs {
    RestartArgs {
        role: U32::new(role),
        session_fd: I32::new(-1),
        cgroup_fd: I32::new(-1),
        image_fd: I32::new(-1),
        log_fd: I32::new(-1),
        ..RestartArgs::new_zeroed()
    }
}

/// Makes one of the calls, with its argument struct and the size of that.
///
/// # Safety
///
/// As for [`raw::call`]: every address in `args` leads to memory that the kernel may use so.
#[inline(always)]
pub(crate) unsafe fn call<A>(number: u32, args: &A) -> isize {
    let address = &raw const *args as usize;
    // SAFETY: `args` is a whole `A`; what it leads to is the caller's promise.
    unsafe { raw::call(number.into(), [address, size_of::<A>(), 0, 0, 0, 0]) }
}
