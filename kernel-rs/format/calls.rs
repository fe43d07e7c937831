// SPDX-License-Identifier: GPL-2.0

//! The two system calls: numbers, arguments, flags, statistics, log records.
//!
//! Arguments are passed as `(struct *args, size)`. A shorter struct is filled up with zeros; a
//! longer one is refused with E2BIG unless its tail is zero; unknown flags are EINVAL.

use core::mem::size_of;

use zerocopy::little_endian::{I32, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::Address;

/// Number of checkpoint(2), the same on every architecture.
pub const SYSCALL_CHECKPOINT: u32 = 510;
/// Number of restart(2).
pub const SYSCALL_RESTART: u32 = 511;

/// Arguments of checkpoint(2).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct CheckpointArgs {
    /// Bits of `CHECKPOINT_*`.
    pub flags: U64,
    /// The frozen cgroup: a directory of cgroup v2.
    pub cgroup_fd: I32,
    /// Where the image goes; -1 with `CHECKPOINT_CHECK`.
    pub image_fd: I32,
    /// Where [`LogRecord`]s go, or -1.
    pub log_fd: I32,
    /// Must be zero.
    pub reserved: U32,
    /// Address of a [`CheckpointStats`] to fill, or zero.
    pub stats: U64,
    /// Its size.
    pub stats_size: U64,
    /// Where the last bytes of the image go (`CHECKPOINT_HOLD_END`), or zero.
    pub end: U64,
    /// Its size, at least [`END_BYTES`].
    pub end_size: U64,
    /// Address of descriptor numbers, 32 bits each: open files that any task has there, and that
    /// belong to the outside, are not saved, but handed in at restart; or zero: they are refused.
    pub hand_in: U64,
    /// Its size, at most [`MAX_HAND_IN`] numbers.
    pub hand_in_size: U64,
}

/// Most descriptor numbers in `hand_in`, and most files in `given`.
pub const MAX_HAND_IN: u64 = 1024;

/// Look for obstacles only; write no image.
pub const CHECKPOINT_CHECK: u64 = 1 << 0;
/// Bring to the disk what lies on the file systems that the container uses, before the image is
/// complete.
pub const CHECKPOINT_SYNC: u64 = 1 << 1;
/// Give the last record to the caller instead of writing it: nothing is an image until the caller
/// has written it too.
pub const CHECKPOINT_HOLD_END: u64 = 1 << 2;
/// A datagram socket that is connected to one outside, which has a name, is saved without that: a
/// restart connects it to whatever has the name then.
pub const CHECKPOINT_RECONNECT: u64 = 1 << 3;
/// A session inside may have its terminal outside: a new one is given to whoever restarts it, who
/// relays it to where he is.
pub const CHECKPOINT_RELAY: u64 = 1 << 4;

/// Bytes of an `End` record with its header.
pub const END_BYTES: u64 = 72;

const _: () = assert!(
    END_BYTES as usize
        == size_of::<super::record::RecordHeader>() + size_of::<super::header::End>()
);

/// What checkpoint(2) did, for `--stats`.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct CheckpointStats {
    /// Time to pin the freezer and wait until every task is off its CPU.
    pub pin_ns: U64,
    /// Time to build every record but page contents.
    pub capture_ns: U64,
    /// Time to write the stream.
    pub stream_ns: U64,
    /// Tasks (threads) saved.
    pub tasks: U64,
    /// Records written.
    pub records: U64,
    /// Bytes written.
    pub bytes: U64,
    /// Pages written with contents.
    pub pages: U64,
    /// Pages that were all zero and cost nothing.
    pub zero_pages: U64,
    /// Kernel memory that the capture took at most.
    pub capture_bytes: U64,
    /// Time to bring files to the disk.
    pub sync_ns: U64,
    /// Pages that relatives share since a fork, beyond the first of them.
    pub inherited_pages: U64,
    /// Stands for who is in the container, alive or ended, and since when it has stood still. Two looks
    /// differ if one has come, ended or gone in between, or any has run.
    pub members: U64,
    /// Stands for the signals that wait in the container, but for those of its own timers and of what
    /// files tell. Two looks differ if one was sent to it in between.
    pub signals: U64,
    /// Likewise for what waits in sockets, queues and pipes.
    pub messages: U64,
    /// Likewise for what was typed at its terminals.
    pub typed: U64,
}

/// Arguments of restart(2). Which fields count depends on `role`; the others must be zero (fds: -1).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct RestartArgs {
    /// One of `ROLE_*`.
    pub role: U32,
    /// Bits of `RESTART_*`; only for `ROLE_RUN`.
    pub flags: U32,
    /// The session; for every role but `ROLE_OPEN`.
    pub session_fd: I32,
    /// `ROLE_OPEN`: the cgroup that the tasks are or will be in.
    pub cgroup_fd: I32,
    /// `ROLE_RUN`: the image, positioned after the prefix.
    pub image_fd: I32,
    /// `ROLE_RUN`: where [`LogRecord`]s go, or -1.
    pub log_fd: I32,
    /// `ROLE_JOIN`: which member of the forest the caller becomes.
    pub task: U32,
    /// Must be zero.
    pub reserved: U32,
    /// `ROLE_RUN`: address of the part of the image that was read already.
    pub prefix: U64,
    /// Its size.
    pub prefix_size: U64,
    /// `ROLE_RUN`: address of a [`RestartStats`] to fill, or zero.
    pub stats: U64,
    /// Its size.
    pub stats_size: U64,
    /// `ROLE_RUN`: address of [`GivenFile`]s, or zero.
    pub given: U64,
    /// Its size, at most [`MAX_HAND_IN`] of them.
    pub given_size: U64,
    /// `ROLE_RUN`: address of [`TakenTerminal`]s to fill, or zero: the caller takes none.
    pub terminals: U64,
    /// Its size, at most [`MAX_HAND_IN`] of them.
    pub terminals_size: U64,
}

/// The master of a pseudo terminal whose slave controls a session of the container: it was outside
/// (`CHECKPOINT_RELAY`). When it is closed, that session is hung up.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TakenTerminal {
    /// The number of the pair.
    pub number: U32,
    /// A new descriptor of the caller's (close-on-exec); -1: there are no more.
    pub fd: I32,
}

/// An open file of the caller's that the container gets in place of one that was not saved.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct GivenFile {
    /// `Handed.number` of those that it takes the place of; no number comes twice.
    pub number: U32,
    /// The caller's descriptor.
    pub fd: I32,
    /// Bits of `GIVEN_*`.
    pub flags: U32,
    /// Must be zero.
    pub reserved: U32,
}

/// It is an error if nothing is there whose place it takes.
pub const GIVEN_WANTED: u32 = 1 << 0;

/// Opens a session; returns its file descriptor (close-on-exec).
pub const ROLE_OPEN: u32 = 1;
/// The caller becomes a task of the container: parks, and leaves as the task that was saved.
pub const ROLE_JOIN: u32 = 2;
/// Reads the image, builds everything, and lets the tasks go.
pub const ROLE_RUN: u32 = 4;

/// Leave the container frozen.
pub const RESTART_FROZEN: u32 = 1 << 0;
/// Pids need not be the saved ones.
pub const RESTART_NEW_PIDS: u32 = 1 << 1;
/// Read and verify everything, then end the tasks: nothing runs.
pub const RESTART_VERIFY: u32 = 1 << 2;
/// A file open for writing may have grown; it stays as it is.
pub const RESTART_FILES_KEEP: u32 = 1 << 3;
/// A file open for writing may have grown; it is cut back to the size that it had.
pub const RESTART_FILES_TRUNCATE: u32 = 1 << 4;
/// The tasks are let go when the descriptor of the session is closed: by whoever opened it, or with him.
/// What is written to cgroup.freeze meanwhile counts then. Not with `RESTART_FROZEN`.
pub const RESTART_HELD: u32 = 1 << 5;

/// What restart(2) did, for `--stats`.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct RestartStats {
    /// Time to read everything but page contents, and until every member had joined.
    pub join_ns: U64,
    /// Time to open files, and to build address spaces and descriptors.
    pub build_ns: U64,
    /// Time to take on what cannot fail, until the tasks were let go.
    pub commit_ns: U64,
    /// Tasks (threads) restored.
    pub tasks: U64,
    /// Records read.
    pub records: U64,
    /// Bytes read.
    pub bytes: U64,
    /// Pages filled with contents.
    pub pages: U64,
    /// Pages made zero over a file.
    pub zero_pages: U64,
    /// Time to read page contents, to the end of the stream.
    pub fill_ns: U64,
    /// Pages that relatives share since a fork, beyond the first of them.
    pub inherited_pages: U64,
}

/// Bytes of text in a [`LogRecord`].
pub const LOG_NAME: usize = 192;

/// One line for the user, still as data: `super::reason` makes a sentence of it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct LogRecord {
    /// Bytes of this record; a reader skips what it does not know.
    pub size: U32,
    /// A number of [`super::reason::Reason`].
    pub reason: U32,
    /// The error, positive as in <errno.h>, or zero for a remark.
    pub errno: I32,
    /// Pid in the namespace of the caller, or, of a restart, the number in the image; zero: no task.
    pub task: I32,
    /// Number of the file descriptor, or -1.
    pub fd: I32,
    /// Kind of the record at fault, or zero.
    pub kind: U32,
    /// An address in the task, or all-ones.
    pub address: Address,
    /// Offset in the stream, or all-ones.
    pub offset: U64,
    /// A number that the sentence names.
    pub value: U64,
    /// Name of the task, zero padded.
    pub comm: [u8; 16],
    /// A path or a word that the sentence names, zero padded, cut if too long.
    pub name: [u8; LOG_NAME],
}

/// `address`, `offset`: there is none.
pub const LOG_NONE: u64 = u64::MAX;
