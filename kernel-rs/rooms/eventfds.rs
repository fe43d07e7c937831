// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Event counters (eventfd).
//!
//! Saves: what has been counted, whether reads take one (EFD_SEMAPHORE). Whoever sleeps in a read or
//! write of one begins that call anew (`syscalls`).
//! Refuses: one to which something counts that has no descriptor of it: an io_uring or a virtual machine
//! outside.
//! Restores: a new one. The number that /proc/PID/fdinfo gives it is new.
//! Locks: that of the counter, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};

use super::files::FilePlan;
use crate::abstractions::eventfds::{self, EventfdState};
use crate::abstractions::file::OpenFile;
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::events::{EventCounter, EVENT_COUNTER_SEMAPHORE};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// How long it may still be held, in milliseconds.
const PATIENCE: u32 = 100;

/// Describes one.
pub(super) fn capture(
    file: &OpenFile,
    owner: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<Result<ObjectId, Refusal>> {
    // A request that has just ended tells it, and lets it go.
    task::wait_until(PATIENCE, || {
        let is_held = eventfds::state(file).is_some_and(|state| state.held);
        !is_held || task::is_interrupted()
    });
    let state = eventfds::state(file).ok_or(EINVAL)?;
    if state.held {
        return Ok(Err(owner.refusal(Reason::EventfdHeld)));
    }
    let id = out.new_object()?;
    let record = EventCounter {
        id,
        flags: U32::new(if state.semaphore {
            EVENT_COUNTER_SEMAPHORE
        } else {
            0
        }),
        count: U64::new(state.count),
    };
    out.record(&record, &[])?;
    Ok(Ok(id))
}

/// Makes one.
pub(super) fn open(record: &EventCounter, plan: &FilePlan) -> Result<OpenFile, Refusal> {
    let state = EventfdState {
        count: record.count.get(),
        semaphore: record.flags.get() & EVENT_COUNTER_SEMAPHORE != 0,
        ..EventfdState::default()
    };
    eventfds::make(&state).map_err(|error| plan.refusal(Reason::StateNotRestored, error))
}
