// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Signalfds: which signals they take.
//!
//! Saves: that. Signals that wait to be taken are those of a task, or of its process (`signals`):
//! whoever reads gets his own. Whose signals an epoll waits for: `epolls`.
//! Locks: none; nobody runs who could change it.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use super::files::FilePlan;
use crate::abstractions::file::OpenFile;
use crate::abstractions::polls;
use crate::capture::Capture;
use crate::format::events::Signalfd;
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// Describes one.
pub(super) fn capture(file: &OpenFile, out: &mut Capture<'_>) -> Result<ObjectId> {
    let signals = polls::signals_of(file).ok_or(EINVAL)?;
    let record = Signalfd {
        id: out.new_object()?,
        reserved: U32::ZERO,
        signals: U64::new(signals),
    };
    out.record(&record, &[])?;
    Ok(record.id)
}

/// Makes one.
pub(super) fn open(record: &Signalfd, plan: &FilePlan) -> Result<OpenFile, Refusal> {
    polls::signalfd(record.signals.get())
        .map_err(|error| plan.refusal(Reason::StateNotRestored, error))
}
