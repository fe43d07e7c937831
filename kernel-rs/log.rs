// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Why something stops: gathered where it is found, told to the user through the log descriptor.

use kernel::prelude::*;
use kernel::task::Task;
use zerocopy::little_endian::{I32, U32, U64};
use zerocopy::{FromZeros, IntoBytes};

use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::task;
use crate::abstractions::until_zero;
use crate::format::calls::{LogRecord, LOG_NAME, LOG_NONE};
use crate::format::reason::Reason;
use crate::format::FormatError;

/// One reason to stop, with all that helps to find it.
pub(crate) struct Refusal {
    reason: Reason,
    error: Error,
    task: i32,
    comm: [u8; 16],
    fd: i32,
    kind: u32,
    address: u64,
    offset: u64,
    value: u64,
    name: Name,
}

/// What `{name}` stands for.
enum Name {
    Static(&'static str),
    Text(KVec<u8>),
}

impl Refusal {
    pub(crate) fn new(reason: Reason, error: Error) -> Self {
        Self {
            reason,
            error,
            task: 0,
            comm: [0; 16],
            fd: -1,
            kind: 0,
            address: LOG_NONE,
            offset: LOG_NONE,
            value: 0,
            name: Name::Static(""),
        }
    }

    /// For another reason, at the same place.
    pub(crate) fn because(mut self, reason: Reason) -> Self {
        self.reason = reason;
        self
    }

    /// For having changed meanwhile, at the same place.
    pub(crate) fn changed(mut self) -> Self {
        self.reason = Reason::StorageChanged;
        self.error = EAGAIN;
        self
    }

    /// About this task.
    pub(crate) fn task(mut self, task: &Task) -> Self {
        if self.task == 0 {
            self.task = task::number(task);
            self.comm = task::name(task);
        }
        self
    }

    /// About this task of an image: its number and its name.
    pub(crate) fn member(mut self, (number, name): (i32, [u8; 16])) -> Self {
        if self.task == 0 {
            self.task = number;
            self.comm = name;
        }
        self
    }

    /// About this descriptor of it.
    pub(crate) fn fd(mut self, fd: u32) -> Self {
        self.fd = i32::try_from(fd).unwrap_or(i32::MAX);
        self
    }

    /// About this address in it.
    pub(crate) fn address(mut self, address: u64) -> Self {
        self.address = address;
        self
    }

    /// `{value}`.
    pub(crate) fn value(mut self, value: u64) -> Self {
        self.value = value;
        self
    }

    /// `{value}`: the number of a task outside. Zero stands for one that the caller cannot see, whose
    /// number is negative here.
    pub(crate) fn outsider(self, number: i32) -> Self {
        self.value(u64::try_from(number).unwrap_or(0))
    }

    /// `{name}`.
    pub(crate) fn name(mut self, name: &'static str) -> Self {
        self.name = Name::Static(name);
        self
    }

    /// `{name}`, found at run time; up to the first zero byte.
    pub(crate) fn text(mut self, text: &[u8]) -> Self {
        let text = until_zero(text);
        let mut copy = KVec::new();
        // A message that lacks a name for want of memory is still a message.
        if copy.extend_from_slice(text, GFP_KERNEL).is_ok() {
            self.name = Name::Text(copy);
        }
        self
    }

    /// About something that no table holds, but that waits in a socket.
    pub(crate) fn queued_in(mut self, socket: &[u8]) -> Self {
        let mut text = KVec::new();
        let name = match &self.name {
            Name::Static(name) => name.as_bytes(),
            Name::Text(text) => text,
        };
        let said = [name, b" (queued in ", socket, b")"]
            .into_iter()
            .try_for_each(|part| text.extend_from_slice(part, GFP_KERNEL));
        if said.is_ok() {
            self.name = Name::Text(text);
        }
        self
    }

    /// The record at fault.
    pub(crate) fn record(mut self, offset: u64, kind: u32) -> Self {
        self.offset = offset;
        self.kind = kind;
        self
    }

    /// Is it for one of these reasons?
    pub(crate) fn is_because(&self, reasons: &[Reason]) -> bool {
        reasons.contains(&self.reason)
    }

    /// What the system call returns.
    pub(crate) fn error(&self) -> Error {
        self.error
    }

    fn to_record(&self) -> LogRecord {
        let mut record = LogRecord::new_zeroed();
        record.size = U32::new(core::mem::size_of::<LogRecord>() as u32);
        record.reason = U32::new(self.reason as u32);
        record.errno = I32::new(self.error.to_errno().saturating_neg());
        record.task = I32::new(self.task);
        record.fd = I32::new(self.fd);
        record.kind = U32::new(self.kind);
        record.address = U64::new(self.address);
        record.offset = U64::new(self.offset);
        record.value = U64::new(self.value);
        record.comm = self.comm;
        let name = match &self.name {
            Name::Static(name) => name.as_bytes(),
            Name::Text(text) => text,
        };
        let length = name.len().min(LOG_NAME);
        if let (Some(to), Some(from)) = (record.name.get_mut(..length), name.get(..length)) {
            to.copy_from_slice(from);
        }
        record
    }
}

/// An error that nobody could say more about.
impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        // What somebody outside would not stop changing.
        if error == errno::stale() {
            return Self::new(Reason::StorageChanged, EAGAIN).name("the container");
        }
        // Of tasks outside that were to be asked.
        if error == errno::ever_new() {
            return Self::new(Reason::OutsideEverNew, EAGAIN);
        }
        let reason = if error == ENOMEM {
            Reason::OutOfMemory
        } else if error == EINTR || error == ERESTARTSYS {
            Reason::Interrupted
        } else {
            Reason::StateNotRestored
        };
        Self::new(reason, error).name("the container")
    }
}

impl From<kernel::alloc::AllocError> for Refusal {
    fn from(_: kernel::alloc::AllocError) -> Self {
        Self::new(Reason::OutOfMemory, ENOMEM)
    }
}

impl From<FormatError> for Refusal {
    fn from(error: FormatError) -> Self {
        Self::new(error.problem.reason(), EINVAL)
            .record(error.offset, error.kind)
            .value(error.problem.value())
            .name(error.problem.field())
    }
}

/// Where refusals go.
pub(crate) struct Log {
    file: Option<OpenFile>,
    refusals: usize,
    first: Option<Error>,
}

impl Log {
    /// To this descriptor of the caller's; -1: nowhere.
    pub(crate) fn to_fd(fd: i32) -> Result<Self> {
        let file = if fd == -1 {
            None
        } else {
            Some(OpenFile::from_fd(fd)?)
        };
        Ok(Self {
            file,
            refusals: 0,
            first: None,
        })
    }

    /// Writes a refusal down. That the log cannot be written is no reason to do anything else.
    pub(crate) fn report(&mut self, refusal: &Refusal) {
        self.refusals = self.refusals.saturating_add(1);
        self.first.get_or_insert(refusal.error);
        if let Some(file) = &self.file {
            let record = refusal.to_record();
            let _ = file.write(record.as_bytes());
        }
    }

    /// Writes something down that is no reason to stop.
    pub(crate) fn remark(&mut self, remark: &Refusal) {
        if let Some(file) = &self.file {
            let mut record = remark.to_record();
            record.errno = I32::ZERO;
            let _ = file.write(record.as_bytes());
        }
    }

    /// Fails if anything was refused.
    pub(crate) fn verdict(&self) -> Result {
        match self.first {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}
