// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Files whose content the kernel makes while they are read: of procfs, sysfs and cgroupfs, as far as
//! they are the machine's and not one process's.
//!
//! Saves: with what `files` saves, how far a reader has come: the record that comes next, and what was
//! made for it already. So half of what was read is never followed by the other half of something
//! else. Whether poll(2) has told of the last change.
//! Refuses, as a kind of file: what keeps more than that (triggers, watermarks, what can be mapped or
//! waited for), and files of /proc that are open for writing, but for sysctls.
//! Needs, at restart: the file, open to whoever opened it; CAP_SYS_ADMIN, if there is something that was
//! made already: it then bears the kernel's name.
//! Restores: the iterator goes there by itself. It may give other records than it would have: they
//! are the new machine's.
//! Locks: that of the sequential file, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use super::files::FilePlan;
use crate::abstractions::creds::{capable_initially, CAP_SYS_ADMIN};
use crate::abstractions::file::OpenFile;
use crate::abstractions::generated::ReadingState;
use crate::capture::{Capture, FrozenTask};
use crate::format::files::{FileReading, MAX_UNREAD, OPEN_FILE_NEWS};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// Describes how far the reader of a file has come.
pub(super) fn capture(
    file: &OpenFile,
    id: ObjectId,
    path: &[u8],
    task: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<Result<(), Refusal>> {
    let (state, unread) = match file.reading(MAX_UNREAD as usize) {
        Err(EFBIG) => return Ok(Err(task.refusal(Reason::FileUnread).text(path))),
        read => read?,
    };
    // Read at its beginning, everything begins anew.
    if state.position != 0 {
        let record = FileReading {
            file: id,
            reserved: U32::new(0),
            index: U64::new(state.index),
            position: U64::new(state.position),
        };
        out.record(&record, &unread)?;
    }
    Ok(Ok(()))
}

/// Has a file that was just opened stand where it stood.
pub(super) fn go_on(file: &OpenFile, plan: &FilePlan) -> Result<(), Refusal> {
    let placed = file.place(plan.record.position.get());
    placed.map_err(|error| plan.changed("its offset cannot be set", error))?;
    if let Some(reading) = &plan.reading {
        reading.restore(file, plan)?;
    }
    if plan.record.marks.get() & OPEN_FILE_NEWS == 0 {
        file.take_news();
    }
    Ok(())
}

/// How far the reader of a file has come, as the image says.
pub(crate) struct ReadingPlan {
    record: FileReading,
    unread: KVVec<u8>,
}

impl ReadingPlan {
    /// Takes a record in.
    pub(crate) fn new(record: FileReading, unread: &[u8]) -> Result<Self> {
        let mut copy = KVVec::new();
        copy.extend_from_slice(unread, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            record,
            unread: copy,
        })
    }

    /// Has the reader go on.
    fn restore(&self, file: &OpenFile, plan: &FilePlan) -> Result<(), Refusal> {
        if !self.unread.is_empty() && !capable_initially(CAP_SYS_ADMIN) {
            let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
            return Err(refusal.name("what the kernel has made for a reader"));
        }
        let state = ReadingState {
            index: self.record.index.get(),
            position: self.record.position.get(),
        };
        file.set_reading(&state, &self.unread)
            .map_err(|error| plan.changed("its reader cannot go on", error))
    }
}
