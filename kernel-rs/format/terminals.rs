// SPDX-License-Identifier: GPL-2.0

//! Pseudo terminals: pairs with both sides inside, and whom they control; and those that control
//! sessions inside and whose master is outside.

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mode, ObjectId, TaskId};
use super::Problem;

/// The devpts that the pairs of the container lie in. The tail is where it is mounted. Whoever gives
/// the container mounts of its own mounts a new one there, in which every number is free.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TerminalPlace {
    /// Bits of `PLACE_*`.
    pub flags: U32,
    /// Mount option `uid`, with `PLACE_UID`.
    pub uid: U32,
    /// Mount option `gid`, with `PLACE_GID`.
    pub gid: U32,
    /// Mount option `mode`.
    pub mode: Mode,
    /// Mount option `ptmxmode`.
    pub ptmx_mode: Mode,
    /// Mount option `max`.
    pub most: U32,
}
record!(TerminalPlace, bits flags = PLACE_UID | PLACE_GID | PLACE_RELAYED, rule is_possible);

/// New pairs belong to a certain user.
pub const PLACE_UID: u32 = 1 << 0;
/// New pairs belong to a certain group.
pub const PLACE_GID: u32 = 1 << 1;
/// There are pairs with `TERMINAL_RELAYED`: who restarts needs a terminal to relay them to.
pub const PLACE_RELAYED: u32 = 1 << 2;

impl TerminalPlace {
    fn is_possible(&self) -> Result<(), Problem> {
        for (name, mode) in [("mode", self.mode), ("ptmx_mode", self.ptmx_mode)] {
            if mode.get() > 0o7777 {
                return Err(Problem::Value(name, mode.get().into()));
            }
        }
        match self.most.get() {
            0..=MAX_TERMINALS => Ok(()),
            most => Err(Problem::Value("most", most.into())),
        }
    }
}

/// One more than the highest number that a pair can have.
pub const MAX_TERMINALS: u32 = 1 << 20;

/// A pair. Every open file of either side refers to this record. The tail is the path of the device
/// that opening made it (`/dev/ptmx`).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Terminal {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Its number: the slave is `/dev/pts/` and this.
    pub number: U32,
    /// Bits of `TERMINAL_*`.
    pub flags: U32,
    /// What a read in packet mode gets next; zero: what was written.
    pub packet_status: U32,
    /// The `Pid` of the session that the slave controls, or none.
    pub session: ObjectId,
    /// The `Pid` of the group in the foreground, with a session; none: nobody is in it any more.
    pub group: ObjectId,
    /// Permissions of the slave.
    pub mode: Mode,
    /// Its owner.
    pub uid: U32,
    /// Its group.
    pub gid: U32,
    /// The number of a group in the foreground that nobody is in; else zero.
    pub group_number: U32,
    /// When it was read from last, seconds.
    pub atime_s: U64,
    /// When it was written to last, seconds.
    pub mtime_s: U64,
    /// Nanoseconds of the first.
    pub atime_ns: U32,
    /// Nanoseconds of the second.
    pub mtime_ns: U32,
}
record!(
    Terminal,
    bits flags = TERMINAL_PACKET | TERMINAL_HUNG_UP | TERMINAL_ABANDONED | TERMINAL_RELAYED,
    rule is_possible
);

/// Packet mode (TIOCPKT).
pub const TERMINAL_PACKET: u32 = 1 << 0;
/// The slave was hung up, and not opened again.
pub const TERMINAL_HUNG_UP: u32 = 1 << 1;
/// The master is closed, and the slave hung up therefore.
pub const TERMINAL_ABANDONED: u32 = 1 << 2;
/// The master is outside, and nothing of it is saved: that of a new pair is given to who restarts.
pub const TERMINAL_RELAYED: u32 = 1 << 3;

impl Terminal {
    fn is_possible(&self) -> Result<(), Problem> {
        let value = |name, value: u32| Err(Problem::Value(name, value.into()));
        if self.number.get() >= MAX_TERMINALS {
            return value("number", self.number.get());
        }
        if self.packet_status.get() > 0xff {
            return value("packet_status", self.packet_status.get());
        }
        let controls = self.session != ObjectId::NONE;
        let gone = self.group_number.get();
        if gone > i32::MAX as u32 || (gone != 0 && (!controls || self.group != ObjectId::NONE)) {
            return value("group_number", gone);
        }
        if controls != (self.group != ObjectId::NONE || gone != 0) {
            return Err(Problem::Reference("group", self.group.get()));
        }
        if controls && self.flags.get() & (TERMINAL_HUNG_UP | TERMINAL_ABANDONED) != 0 {
            return value("flags", self.flags.get());
        }
        let flags = self.flags.get();
        let is_relayed = flags & TERMINAL_RELAYED != 0;
        if is_relayed && (flags != TERMINAL_RELAYED || self.packet_status.get() != 0) {
            return value("flags", flags);
        }
        for (name, value) in [("atime_ns", self.atime_ns), ("mtime_ns", self.mtime_ns)] {
            if value.get() >= 1_000_000_000 {
                return Err(Problem::Value(name, value.get().into()));
            }
        }
        Ok(())
    }
}

/// Bytes that one side can have ready to be read, or to be echoed.
pub const TERMINAL_QUEUE: u32 = 4096;
/// Special characters of a terminal.
pub const SPECIAL_CHARACTERS: usize = 19;

/// One side of a pair. The tail: bytes to be read; one bit for each of them, whether it ends a line,
/// the first in the lowest bit of a byte; what is to be echoed, as N_TTY keeps it.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TerminalSide {
    /// The `Terminal`.
    pub terminal: ObjectId,
    /// One of `WHICH_*`.
    pub side: U32,
    /// Bits of `SIDE_*`.
    pub flags: U32,
    /// Input modes, as tcgetattr(3) gives them; likewise what follows.
    pub input_modes: Mask32,
    /// Output modes.
    pub output_modes: Mask32,
    /// Control modes.
    pub control_modes: Mask32,
    /// Local modes.
    pub local_modes: Mask32,
    /// Speed of input.
    pub input_speed: U32,
    /// Speed of output.
    pub output_speed: U32,
    /// Input modes that are locked (TIOCSLCKTRMIOS); likewise what follows.
    pub locked_input_modes: Mask32,
    /// Output modes that are locked.
    pub locked_output_modes: Mask32,
    /// Control modes that are locked.
    pub locked_control_modes: Mask32,
    /// Local modes that are locked.
    pub locked_local_modes: Mask32,
    /// Special characters.
    pub characters: [u8; SPECIAL_CHARACTERS],
    /// Those that are locked: not zero.
    pub locked_characters: [u8; SPECIAL_CHARACTERS],
    /// Whether the discipline is locked.
    pub locked_line: u8,
    /// Must be zero.
    pub reserved: [u8; 1],
    /// Size of the window: rows.
    pub rows: U16,
    /// Columns of the window.
    pub columns: U16,
    /// Its width in pixels.
    pub width: U16,
    /// Its height in pixels.
    pub height: U16,
    /// Bytes to be read.
    pub read_count: U32,
    /// Of these, up to the end of the last line (ICANON).
    pub canon_count: U32,
    /// Of these, to be had without ICANON.
    pub commit_count: U32,
    /// Bytes to be echoed.
    pub echo_count: U32,
    /// Of these, to be written at the next occasion.
    pub echo_commit: U32,
    /// Of these, up to the last mark.
    pub echo_mark: U32,
    /// Where output stands.
    pub column: U32,
    /// Where the line that is being edited began.
    pub canon_column: U32,
    /// Bytes of the buffers in which flow control has been looked for.
    pub lookahead: U32,
}
record!(
    TerminalSide,
    zero reserved,
    bits flags = SIDE_THROTTLED
        | SIDE_IO_ERROR
        | SIDE_OTHER_CLOSED
        | SIDE_EXCLUSIVE
        | SIDE_WAKEUP
        | SIDE_LOCKED
        | SIDE_STOPPED
        | SIDE_TCO_STOPPED
        | SIDE_NO_ROOM
        | SIDE_LITERAL
        | SIDE_ERASING
        | SIDE_PUSH,
    one side = WHICH_MASTER | WHICH_SLAVE,
    tail queues,
    rule is_possible
);

/// `side` of the one that `/dev/ptmx` gives.
pub const WHICH_MASTER: u32 = 1;
/// `side` of the one that programs have as their terminal.
pub const WHICH_SLAVE: u32 = 2;

/// The other side is told when there is room again.
pub const SIDE_THROTTLED: u32 = 1 << 0;
/// Calls fail, until it is opened again.
pub const SIDE_IO_ERROR: u32 = 1 << 1;
/// The other side was open, and is not.
pub const SIDE_OTHER_CLOSED: u32 = 1 << 2;
/// Nobody may open it (TIOCEXCL).
pub const SIDE_EXCLUSIVE: u32 = 1 << 3;
/// Whoever wants signals gets one when there is room.
pub const SIDE_WAKEUP: u32 = 1 << 4;
/// Of a master: the slave cannot be opened (TIOCSPTLCK).
pub const SIDE_LOCKED: u32 = 1 << 5;
/// Output is stopped (IXON).
pub const SIDE_STOPPED: u32 = 1 << 6;
/// Output is stopped (TCOOFF).
pub const SIDE_TCO_STOPPED: u32 = 1 << 7;
/// More is in the buffers than there was room for.
pub const SIDE_NO_ROOM: u32 = 1 << 8;
/// The next character is taken literally (VLNEXT).
pub const SIDE_LITERAL: u32 = 1 << 9;
/// Characters are being erased (ECHOPRT).
pub const SIDE_ERASING: u32 = 1 << 10;
/// The last line ends where ICANON was set, not with a character.
pub const SIDE_PUSH: u32 = 1 << 11;
impl TerminalSide {
    fn queues(&self) -> u64 {
        let read = u64::from(self.read_count.get());
        let echo = u64::from(self.echo_count.get());
        read.saturating_add(read.div_ceil(8)).saturating_add(echo)
    }

    fn is_possible(&self) -> Result<(), Problem> {
        let (read, echo) = (self.read_count.get(), self.echo_count.get());
        for (name, value, most) in [
            ("read_count", read, TERMINAL_QUEUE),
            ("canon_count", self.canon_count.get(), read),
            ("commit_count", self.commit_count.get(), read),
            ("echo_count", echo, TERMINAL_QUEUE),
            ("echo_commit", self.echo_commit.get(), echo),
            ("echo_mark", self.echo_mark.get(), echo),
        ] {
            if value > most {
                return Err(Problem::Value(name, value.into()));
            }
        }
        Ok(())
    }
}

/// A buffer of what one side has still to take in, as writing to the other has left it. The tail is
/// what was not taken yet.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TerminalBuffer {
    /// The `Terminal`.
    pub terminal: ObjectId,
    /// The side that is to read it: one of `WHICH_*`.
    pub side: U32,
    /// Bytes that it counts for.
    pub size: U32,
    /// Bytes that were in it and have been taken.
    pub read: U32,
    /// Bytes in which flow control has been looked for.
    pub lookahead: U32,
    /// Bytes that have been put into it.
    pub used: U32,
}
record!(
    TerminalBuffer,
    one side = WHICH_MASTER | WHICH_SLAVE,
    tail unread,
    rule is_possible
);

/// Largest `size`.
pub const MAX_TERMINAL_BUFFER: u32 = 4096;

impl TerminalBuffer {
    fn unread(&self) -> u64 {
        self.used.get().saturating_sub(self.read.get()).into()
    }

    fn is_possible(&self) -> Result<(), Problem> {
        let (size, used, read) = (self.size.get(), self.used.get(), self.read.get());
        let value = |name, value: u32| Err(Problem::Value(name, value.into()));
        if size == 0 || size > MAX_TERMINAL_BUFFER {
            return value("size", size);
        }
        if used > size.saturating_mul(2) {
            return value("used", used);
        }
        if read > used {
            return value("read", read);
        }
        if self.lookahead.get() < read || self.lookahead.get() > used {
            return value("lookahead", self.lookahead.get());
        }
        Ok(())
    }
}

/// What controls a process: of one that is in a session of the container.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ControllingTerminal {
    /// The task: the leader of its process.
    pub task: TaskId,
    /// Its `Terminal`, or none.
    pub terminal: ObjectId,
    /// Of the leader of a session whose terminal has gone: the `Pid` of the group that was in the
    /// foreground, and hears of the end of this process; or none.
    pub old_group: ObjectId,
}
record!(ControllingTerminal, rule is_something);

impl ControllingTerminal {
    fn is_something(&self) -> Result<(), Problem> {
        match (self.terminal != ObjectId::NONE) ^ (self.old_group != ObjectId::NONE) {
            true => Ok(()),
            false => Err(Problem::Reference("terminal", self.terminal.get())),
        }
    }
}
