// SPDX-License-Identifier: GPL-2.0

//! Owners of open files: whom they signal, and how (F_SETOWN, F_SETOWN_EX, F_SETSIG).
//!
//! Saves: the thread, process or group, the signal, and as whom the one who set it is checked; the
//! descriptor that signals name (si_fd), whether it is still open or not. An owner that is gone for good
//! comes back as none.
//! Refuses: an owner outside the container.
//! Needs, at restart: ids that the caller has, or CAP_SETUID.
//! Locks: f_owner, RCU; inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::U32;

use super::files::FilePlan;
use crate::abstractions::creds::{self, capable, CAP_SETUID};
use crate::abstractions::file::{owner, FileOwnerState, OpenFile};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::files::{FileOwner, FILE_OWNER_GROUP, FILE_OWNER_PROCESS, FILE_OWNER_THREAD};
use crate::format::reason::Reason;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// A number of fcntl(2), and of a record.
const OWNERS: [(u32, u32); 3] = [
    (owner::F_OWNER_TID, FILE_OWNER_THREAD),
    (owner::F_OWNER_PID, FILE_OWNER_PROCESS),
    (owner::F_OWNER_PGRP, FILE_OWNER_GROUP),
];

/// Describes whom an open file signals, if anything is known of that; or why it cannot be saved.
pub(super) fn capture(
    file: &OpenFile,
    id: ObjectId,
    task: &FrozenTask,
    path: &[u8],
    out: &Capture<'_>,
) -> Result<Result<Option<FileOwner>, Refusal>> {
    let state = file.owner();
    let pid = match out.known(state.pid as usize) {
        // Nobody bears it any more in this way; it may still be the number of a group or a session.
        _ if state.pid.is_null() || state.nr == 0 => ObjectId::NONE,
        Some(pid) => pid,
        None => {
            let refusal = task.refusal(Reason::FileOwner).text(path);
            return Ok(Err(refusal.outsider(state.nr)));
        }
    };
    if state.uid == u32::MAX || state.euid == u32::MAX {
        return Ok(Err(task.refusal(Reason::TaskIds)));
    }
    let found = OWNERS.iter().find(|(of_call, _)| *of_call == state.what);
    let (_, what) = found.ok_or(EINVAL)?;
    Ok(Ok(Some(FileOwner {
        file: id,
        pid,
        what: U32::new(*what),
        signal: U32::new(state.signal),
        uid: U32::new(state.uid),
        euid: U32::new(state.euid),
    })))
}

/// Gives open files the owners that they had. `task_of`: the parked task of a member.
pub(crate) fn restore<'a>(
    plans: &[FilePlan],
    files: &[OpenFile],
    task_of: impl Fn(TaskId) -> Option<&'a kernel::task::Task>,
) -> Result<(), Refusal> {
    for (plan, file) in plans.iter().zip(files) {
        // Who has no owner yet may get one by this, or has by a lease: the caller.
        if let Some(number) = plan.async_number().filter(|_| plan.is_async()) {
            file.make_async(number)
                .map_err(|error| plan.refusal(Reason::StateNotRestored, error))?;
        }
        let Some((record, holder)) = &plan.owner else {
            file.clear_owner();
            continue;
        };
        let task = match holder {
            Some(holder) => Some(task_of(*holder).ok_or(ESRCH)?),
            None => None,
        };
        may_bear([record.uid.get(), record.euid.get()], task.is_some())?;
        let mut all = OWNERS.iter();
        let found = all.find(|(_, of_record)| *of_record == record.what.get());
        let (what, _) = found.ok_or(EINVAL)?;
        let state = FileOwnerState {
            what: *what,
            signal: record.signal.get(),
            uid: record.uid.get(),
            euid: record.euid.get(),
            ..FileOwnerState::default()
        };
        file.set_owner(task, &state)
            .map_err(|error| plan.refusal(Reason::StateNotRestored, error))?;
    }
    Ok(())
}

/// Signals are sent as one of these ids: the caller could have become them. While nobody is
/// signalled, those of a file that never had an owner (zero) say nothing.
fn may_bear(ids: [u32; 2], has_owner: bool) -> Result<(), Refusal> {
    let (current, _) = creds::of(&task::current())?;
    let own = [current.uid, current.euid, current.suid];
    let is_blank = !has_owner && ids == [0, 0];
    if is_blank || ids.iter().all(|id| own.contains(id)) || capable(CAP_SETUID) {
        return Ok(());
    }
    Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name("the owners of its files"))
}
