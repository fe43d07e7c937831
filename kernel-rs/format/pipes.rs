// SPDX-License-Identifier: GPL-2.0

//! Pipes and FIFOs, and what is on its way through them.

use zerocopy::little_endian::{U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mode, ObjectId};
use super::Problem;

/// What lies between the ends of a pipe or FIFO that is open. Every end, an `OpenFile`, refers to
/// this record. The tail is its name: a FIFO's path, or what /proc/PID/fd called the pipe.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Pipe {
    /// The object that this record declares.
    pub id: ObjectId,
    /// The `Storage` of a FIFO that cannot be found by its path alone; or none.
    pub storage: ObjectId,
    /// Bits of `PIPE_*`.
    pub flags: U32,
    /// File type and permissions, as stat(2) gives them; of a FIFO only the type counts.
    pub mode: Mode,
    /// Owner of a pipe; zero for a FIFO, as is all else that is said of "a pipe".
    pub uid: U32,
    /// Group of a pipe.
    pub gid: U32,
    /// The user to whose `pipe-user-pages` its room counts.
    pub user: U32,
    /// `PipeData` records that follow: buffers in use.
    pub buffers: U32,
    /// Room for so many bytes, as fcntl(F_GETPIPE_SZ) gives it.
    pub size: U64,
    /// Bytes in it, as ioctl(FIONREAD) gives them.
    pub bytes: U64,
    /// Time of the last access of a pipe, seconds.
    pub atime_s: U64,
    /// Time of the last modification of a pipe, seconds.
    pub mtime_s: U64,
    /// Nanoseconds of the last access.
    pub atime_ns: U32,
    /// Nanoseconds of the last modification.
    pub mtime_ns: U32,
}
record!(Pipe, bits flags = PIPE_FIFO | PIPE_POLLED, rule is_a_pipe);

/// It has a name in a file system.
pub const PIPE_FIFO: u32 = 1 << 0;
/// Somebody has polled it: from then on every write wakes who waits for it with epoll.
pub const PIPE_POLLED: u32 = 1 << 1;

/// Largest room that F_SETPIPE_SZ can give.
pub const MAX_PIPE_SIZE: u64 = 1 << 31;

impl Pipe {
    fn is_a_pipe(&self) -> Result<(), Problem> {
        let (mode, size) = (self.mode.get(), self.size.get());
        if mode & 0o170_000 != 0o010_000 {
            return Err(Problem::Value("mode", mode.into()));
        }
        if !size.is_power_of_two() || size > MAX_PIPE_SIZE {
            return Err(Problem::Value("size", size));
        }
        if u64::from(self.buffers.get()) > size {
            return Err(Problem::Value("buffers", self.buffers.get().into()));
        }
        for (name, value) in [("atime_ns", self.atime_ns), ("mtime_ns", self.mtime_ns)] {
            if value.get() >= 1_000_000_000 {
                return Err(Problem::Value(name, value.get().into()));
            }
        }
        let is_fifo = self.flags.get() & PIPE_FIFO != 0;
        if !is_fifo && self.storage != ObjectId::NONE {
            return Err(Problem::Reference("storage", self.storage.get()));
        }
        Ok(())
    }
}

/// One buffer of a pipe, in the order in which they will be read. The tail is its bytes.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PipeData {
    /// The `Pipe`.
    pub pipe: ObjectId,
    /// Bits of `BUFFER_*`.
    pub flags: U32,
    /// With `BUFFER_MERGES`, how far into its page it begins: what was there has been read, and
    /// only what is left of the page takes more. Else zero.
    pub offset: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    PipeData,
    zero reserved,
    bits flags = BUFFER_PACKET | BUFFER_MERGES,
    rule begins_somewhere
);

/// A packet: one read(2) gets it, and no byte of the next one (O_DIRECT).
pub const BUFFER_PACKET: u32 = 1 << 0;
/// What is written next is added to it, if it fits. Not so what came from a file or another pipe.
pub const BUFFER_MERGES: u32 = 1 << 1;

/// Longest buffer; most are a page at most, but one that a socket has filled can be longer.
pub const MAX_PIPE_DATA: u64 = 64 * 1024;

impl PipeData {
    fn begins_somewhere(&self) -> Result<(), Problem> {
        let offset = self.offset.get();
        match self.flags.get() & BUFFER_MERGES {
            0 if offset != 0 => Err(Problem::Value("offset", offset.into())),
            _ => Ok(()),
        }
    }
}
