// SPDX-License-Identifier: GPL-2.0

//! Unix sockets, and what is on its way through them.

use zerocopy::little_endian::{I32, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::confinement::{BPF_INSTRUCTION, MAX_BPF_INSTRUCTIONS};
use super::record::{record, Mask32, Mask64, Mode, ObjectId};
use super::storage::INODE_FLAGS;
use super::Problem;

/// A unix socket, whether an open file is of it or not. The tail is the bytes of its name, as
/// getsockname(2) gives them, then the path of the inode that they lead to.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Socket {
    /// The object that this record declares.
    pub id: ObjectId,
    /// One of `SOCKET_STREAM` and so on, as socket(2) has it.
    pub kind: U32,
    /// Bits of `SOCKET_*`.
    pub flags: U32,
    /// One of `SOCKET_CLOSED` and so on.
    pub state: U32,
    /// What shutdown(2) has done, from either end: 1 for reading, 2 for writing.
    pub shutdown: U32,
    /// What the next call will fail with (SO_ERROR); or zero.
    pub error: U32,
    /// Options that are on or off, by the table in glue/sockets.c.
    pub options: Mask64,
    /// SO_SNDBUF, as getsockopt(2) gives it.
    pub send_buffer: U32,
    /// SO_RCVBUF, likewise.
    pub receive_buffer: U32,
    /// SO_RCVLOWAT.
    pub low_water: U32,
    /// Connections, or datagrams of strangers, that may wait, but for one.
    pub backlog: U32,
    /// SO_PRIORITY.
    pub priority: U32,
    /// SO_MARK.
    pub mark: U32,
    /// SO_TIMESTAMPING.
    pub timestamping: Mask32,
    /// SO_PEEK_OFF.
    pub peek_offset: I32,
    /// SO_RCVTIMEO in microseconds; all ones: none.
    pub receive_timeout_us: U64,
    /// SO_SNDTIMEO, likewise.
    pub send_timeout_us: U64,
    /// How long SO_LINGER lasts, likewise.
    pub linger_us: U64,
    /// The `Pid` of whoever is at the other end (SO_PEERCRED), if it is a member; or none.
    pub peer_pid: ObjectId,
    /// The `Identity` of the same; none: nobody is told.
    pub peer: ObjectId,
    /// Its number, if it is no member.
    pub peer_number: U32,
    /// How it has ended, as wait(2) tells, if it was reaped.
    pub peer_status: U32,
    /// File type and permissions of the open file, as fstat(2) gives them; else zero, as is what is
    /// said of that.
    pub mode: Mode,
    /// Its owner.
    pub uid: U32,
    /// Its group.
    pub gid: U32,
    /// Bytes of the name.
    pub name_length: U32,
    /// Time of the last access, seconds.
    pub atime_s: U64,
    /// Time of the last modification, seconds.
    pub mtime_s: U64,
    /// Nanoseconds of the last access.
    pub atime_ns: U32,
    /// Nanoseconds of the last modification.
    pub mtime_ns: U32,
    /// Permissions of the inode of its name, with the type; or zero: it has none.
    pub inode_mode: Mode,
    /// Owner of that.
    pub inode_uid: U32,
    /// Group of that.
    pub inode_gid: U32,
    /// `SocketMessage` records that follow.
    pub messages: U32,
    /// SO_BUSY_POLL.
    pub busy_poll_us: U32,
    /// SO_BUSY_POLL_BUDGET.
    pub busy_poll_budget: U32,
    /// SO_INCOMING_CPU.
    pub incoming_cpu: I32,
    /// The clock of SO_TXTIME, if that is among the options; else zero.
    pub clock: U32,
    /// SO_MAX_PACING_RATE; all ones: none.
    pub pacing_rate: U64,
    /// Flags of the inode of its name, as chattr(1) sets them (FS_*_FL).
    pub inode_flags: Mask32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    Socket,
    zero reserved,
    bits flags = SOCKET_DEAD | SOCKET_WAITING | SOCKET_FOUND | SOCKET_HAS_PEER_NUMBER,
    one kind = SOCKET_STREAM | SOCKET_DATAGRAM | SOCKET_SEQUENCED,
    one state = SOCKET_CONNECTED | SOCKET_CLOSED | SOCKET_LISTENS,
    rule is_a_socket
);

/// It was closed, but something still refers to it: its name counts.
pub const SOCKET_DEAD: u32 = 1 << 0;
/// It waits to be accepted.
pub const SOCKET_WAITING: u32 = 1 << 1;
/// Connecting to its name leads to it.
pub const SOCKET_FOUND: u32 = 1 << 2;
/// `peer_number` tells who is at the other end.
pub const SOCKET_HAS_PEER_NUMBER: u32 = 1 << 3;

/// SOCK_STREAM.
pub const SOCKET_STREAM: u32 = 1;
/// SOCK_DGRAM.
pub const SOCKET_DATAGRAM: u32 = 2;
/// SOCK_SEQPACKET.
pub const SOCKET_SEQUENCED: u32 = 5;

/// `Socket.state`: connected, or, for datagrams, somebody's other end.
pub const SOCKET_CONNECTED: u32 = 1;
/// `Socket.state`: neither connected nor listening.
pub const SOCKET_CLOSED: u32 = 7;
/// `Socket.state`: listening.
pub const SOCKET_LISTENS: u32 = 10;

/// Longest name: a struct sockaddr_un, and a zero byte.
pub const MAX_SOCKET_NAME: u32 = 111;

/// Bits of `options`.
const OPTIONS: u64 = (1 << 35) - 1;

impl Socket {
    fn is_a_socket(&self) -> Result<(), Problem> {
        let value = |name, value: u64| Err(Problem::Value(name, value));
        let length = self.name_length.get();
        if length > MAX_SOCKET_NAME || matches!(length, 1 | 2) {
            return value("name_length", length.into());
        }
        if self.options.get() & !OPTIONS != 0 {
            return value("options", self.options.get());
        }
        let flags = self.flags.get();
        let is_dead = flags & SOCKET_DEAD != 0;
        if is_dead && (flags != SOCKET_DEAD || self.messages.get() != 0) {
            return value("flags", flags.into());
        }
        if flags & SOCKET_WAITING != 0 && (flags & SOCKET_FOUND != 0 || self.mode.get() != 0) {
            return value("flags", flags.into());
        }
        let listens = self.state.get() == SOCKET_LISTENS;
        let is_datagram = self.kind.get() == SOCKET_DATAGRAM;
        if listens && (is_datagram || length == 0 || self.messages.get() != 0) {
            return value("state", self.state.get().into());
        }
        if flags & SOCKET_FOUND != 0 && length == 0 {
            return value("flags", flags.into());
        }
        if self.shutdown.get() > 3 {
            return value("shutdown", self.shutdown.get().into());
        }
        if self.error.get() > 4095 {
            return value("error", self.error.get().into());
        }
        if self.busy_poll_us.get() > i32::MAX as u32 {
            return value("busy_poll_us", self.busy_poll_us.get().into());
        }
        if self.busy_poll_budget.get() > 0xffff {
            return value("busy_poll_budget", self.busy_poll_budget.get().into());
        }
        if !matches!(self.clock.get(), 0 | 1 | 11) {
            return value("clock", self.clock.get().into());
        }
        let inode_flags = self.inode_flags.get();
        let has_inode = self.inode_mode.get() != 0;
        if inode_flags & !INODE_FLAGS != 0 || (inode_flags != 0 && !has_inode) {
            return value("inode_flags", inode_flags.into());
        }
        if self.peer_status.get() > 0xffff {
            return value("peer_status", self.peer_status.get().into());
        }
        for (name, nanoseconds) in [("atime_ns", self.atime_ns), ("mtime_ns", self.mtime_ns)] {
            if nanoseconds.get() >= 1_000_000_000 {
                return value(name, nanoseconds.get().into());
            }
        }
        Ok(())
    }
}

/// How a socket hangs together with others, which may come before it or behind it. Of connections that
/// wait to be accepted, the `Socket` records come in the order in which they will be.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SocketLink {
    /// The `Socket`.
    pub socket: ObjectId,
    /// The `Socket` at its other end; or none.
    pub peer: ObjectId,
    /// The `Socket` by which it waits to be accepted; or none.
    pub listener: ObjectId,
}
record!(SocketLink);

/// The filter of a socket (SO_ATTACH_FILTER). The tail is its program, as setsockopt(2) took it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SocketFilter {
    /// The `Socket`.
    pub socket: ObjectId,
    /// Instructions in the tail, at least one.
    pub instructions: U32,
}
record!(SocketFilter, tail program_length, rule has_program);

impl SocketFilter {
    fn program_length(&self) -> u64 {
        u64::from(self.instructions.get()).saturating_mul(BPF_INSTRUCTION)
    }

    fn has_program(&self) -> Result<(), Problem> {
        match self.instructions.get() {
            1..=MAX_BPF_INSTRUCTIONS => Ok(()),
            count => Err(Problem::Value("instructions", count.into())),
        }
    }
}

/// A datagram socket is connected to one outside, and is connected again to what has that name then.
/// The tail is the name, as connect(2) takes it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SocketServer {
    /// The `Socket`.
    pub socket: ObjectId,
    /// Bytes of the name.
    pub name_length: U32,
}
record!(SocketServer, tail name_bytes, rule has_name);

/// Longest name that connect(2) takes: a struct sockaddr_un.
pub const MAX_SERVER_NAME: u32 = 110;

impl SocketServer {
    fn name_bytes(&self) -> u64 {
        self.name_length.get().into()
    }

    fn has_name(&self) -> Result<(), Problem> {
        match self.name_length.get() {
            3..=MAX_SERVER_NAME => Ok(()),
            length => Err(Problem::Value("name_length", length.into())),
        }
    }
}

/// A message, in the order in which they will be received. The tail is its files, each the object
/// of an `OpenFile`, then its bytes.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SocketMessage {
    /// The `Socket` that it waits in.
    pub to: ObjectId,
    /// The `Socket` that has sent it.
    pub from: ObjectId,
    /// Bits of `MESSAGE_*`.
    pub flags: U32,
    /// What counts against the room of the sender.
    pub charge: U32,
    /// The `Pid` of the process that has sent it, if it is a member; or none.
    pub pid: ObjectId,
    /// Its number, if it is no member.
    pub number: U32,
    /// How it has ended, if it was reaped.
    pub status: U32,
    /// The user that has sent it.
    pub uid: U32,
    /// The group.
    pub gid: U32,
    /// To whom the files count while they are on their way.
    pub owner: U32,
    /// Files that come with it.
    pub files: U32,
    /// Must be zero.
    pub reserved: U32,
    /// When it was sent, in nanoseconds of CLOCK_REALTIME; or zero.
    pub stamp: U64,
}
record!(
    SocketMessage,
    zero reserved,
    bits flags = MESSAGE_URGENT | MESSAGE_CONSUMED | MESSAGE_HAS_SENDER,
    rule has_few_files
);

/// The byte that MSG_OOB was for.
pub const MESSAGE_URGENT: u32 = 1 << 0;
/// The place of an urgent byte that has been read: reading stops there.
pub const MESSAGE_CONSUMED: u32 = 1 << 1;
/// It says by whom it was sent (SCM_CREDENTIALS).
pub const MESSAGE_HAS_SENDER: u32 = 1 << 2;

/// Most files that come with one.
pub const MAX_MESSAGE_FILES: u32 = 253;
/// Longest message.
pub const MAX_MESSAGE: u64 = 8 * 1024 * 1024;

impl SocketMessage {
    fn has_few_files(&self) -> Result<(), Problem> {
        let files = self.files.get();
        if files > MAX_MESSAGE_FILES {
            return Err(Problem::Value("files", files.into()));
        }
        if self.status.get() > 0xffff {
            return Err(Problem::Value("status", self.status.get().into()));
        }
        Ok(())
    }
}
