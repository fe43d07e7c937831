// SPDX-License-Identifier: GPL-2.0

//! Locks: what is locked of files, by whom (flock, record locks, those of open files), and leases.
//!
//! Saves: every lock that an open file or a descriptor table of the container holds, in the order in
//! which the kernel has those of an inode; of a lease also that it is to be given up, and when.
//! Refuses: what a file system keeps elsewhere; locks and leases of the kernel's own, delegations.
//! Needs, at restart: that nobody outside holds what stands against it; for a lease, to own the file
//! or CAP_LEASE, and that nobody has it open against it.
//! Restores: locks when every open file and every table is there, and before anybody runs. Who sleeps
//! until he gets one asks again, as after a plain freeze: by then whatever was held is held again.
//! Who took it and has gone since is not known any more. To give up a lease nobody gets longer than
//! the fs.lease-break-time of now.
//! Locks: flc_lock; inside one call of the glue.

use kernel::prelude::*;
use kernel::task::Task;
use zerocopy::little_endian::{U32, U64};

use super::descriptors::{self, TablePlan};
use super::files::FilePlan;
use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::locks::{self, form, LockState};
use crate::abstractions::task;
use crate::capture::Capture;
use crate::format::locks::{
    FileLock, LEASE_BREAKS, LEASE_SHARES, LOCK_FORM_LEASE, LOCK_FORM_OPEN_FILE, LOCK_FORM_RECORD,
    LOCK_FORM_WHOLE, LOCK_WRITE,
};
use crate::format::reason::Reason;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// A number of the kernel, and of a record.
const FORMS: [(u32, u32); 4] = [
    (form::WHOLE, LOCK_FORM_WHOLE),
    (form::RECORD, LOCK_FORM_RECORD),
    (form::OPEN_FILE, LOCK_FORM_OPEN_FILE),
    (form::LEASE, LOCK_FORM_LEASE),
];

/// Why what is locked of an open file cannot be saved, if so.
pub(super) fn obstacle(file: &OpenFile) -> Result<Option<Reason>> {
    let all = locks::of_inode(file)?;
    let own = || all.iter().filter(|lock| is_by(lock, file));
    if own().any(|lock| lock.form == form::OTHER) {
        return Ok(Some(Reason::LockKind));
    }
    // What is kept elsewhere need not be known here.
    let is_elsewhere = own().any(|lock| lock.remote) || locks::are_elsewhere(file);
    Ok(is_elsewhere.then_some(Reason::LockElsewhere))
}

fn is_by(lock: &LockState, file: &OpenFile) -> bool {
    lock.file as usize == file.identity()
}

/// Describes all locks of the container, when all of its open files and tables are known.
pub(crate) fn capture(out: &mut Capture<'_>) -> Result {
    let inodes = out.inodes()?;
    let mut found = KVVec::new();
    for same in inodes.chunk_by(|(one, _), (other, _)| one == other) {
        let first = same.first().and_then(|(_, index)| out.files().get(*index));
        let all = locks::of_inode(first.ok_or(EINVAL)?)?;
        for lock in all {
            found.push(lock, GFP_KERNEL)?;
        }
    }
    for lock in found.iter() {
        let Some(file) = out.known(lock.file as usize) else {
            continue;
        };
        let owner = match lock.form {
            form::RECORD => out.known(lock.owner as usize),
            _ => Some(ObjectId::NONE),
        };
        // An open file that is outside too is refused, unless it is one that holds nothing.
        let Some(owner) = owner.filter(|_| !out.is_refused(file)) else {
            continue;
        };
        let pid = out.known(lock.pid as usize);
        if let Some(record) = record(lock, file, owner, pid.unwrap_or(ObjectId::NONE)) {
            out.record(&record, &[])?;
        }
    }
    Ok(())
}

fn record(lock: &LockState, file: ObjectId, owner: ObjectId, pid: ObjectId) -> Option<FileLock> {
    let (_, form) = FORMS.iter().find(|(known, _)| *known == lock.form)?;
    let is_range = matches!(*form, LOCK_FORM_RECORD | LOCK_FORM_OPEN_FILE);
    let flag = |is, flag| if is { flag } else { 0 };
    Some(FileLock {
        file,
        owner,
        pid,
        form: U32::new(*form),
        flags: U32::new(
            flag(lock.write, LOCK_WRITE)
                | flag(lock.breaks, LEASE_BREAKS)
                | flag(lock.shares, LEASE_SHARES),
        ),
        number: U32::new(lock.fd),
        start: U64::new(if is_range { lock.start } else { 0 }),
        end: U64::new(if is_range { lock.end } else { 0 }),
        break_ns: U64::new(lock.break_ns),
        share_ns: U64::new(lock.share_ns),
    })
}

/// A lock as the image describes it.
pub(crate) struct LockPlan {
    record: FileLock,
    /// Index of the open file by which it was taken.
    file: usize,
    /// Index of the descriptor table that has it, of a record lock.
    owner: Option<usize>,
    /// Who has taken it.
    taker: Option<TaskId>,
}

impl LockPlan {
    /// Takes a record in.
    pub(crate) fn new(
        record: FileLock,
        file: usize,
        owner: Option<usize>,
        taker: Option<TaskId>,
    ) -> Self {
        Self {
            record,
            file,
            owner,
            taker,
        }
    }

    pub(crate) fn is_lease(&self) -> bool {
        self.record.form.get() == LOCK_FORM_LEASE
    }

    fn state(&self) -> Result<LockState> {
        let mut all = FORMS.iter();
        let found = all.find(|(_, form)| *form == self.record.form.get());
        let (form, _) = found.ok_or(EINVAL)?;
        let has = |flag| self.record.flags.get() & flag != 0;
        Ok(LockState {
            form: *form,
            write: has(LOCK_WRITE),
            breaks: has(LEASE_BREAKS),
            shares: has(LEASE_SHARES),
            fd: self.record.number.get(),
            start: self.record.start.get(),
            end: self.record.end.get(),
            break_ns: self.record.break_ns.get(),
            share_ns: self.record.share_ns.get(),
            ..LockState::default()
        })
    }
}

/// A record lock ends when its file is closed: the table that has it must have that open.
pub(crate) fn check(locks: &[LockPlan], tables: &[TablePlan]) -> Result<(), Refusal> {
    let owned = || locks.iter().filter_map(|lock| Some((lock.owner?, lock)));
    if owned().next().is_none() {
        return Ok(());
    }
    let open = descriptors::open_in(tables)?;
    for (table, lock) in owned() {
        if open.binary_search(&(table, lock.file)).is_err() {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("owner");
            return Err(refusal.value(lock.record.owner.get().into()));
        }
    }
    Ok(())
}

/// What is done with a lock: its file, who has taken it, what it is.
type Perform<'t, 'a> = dyn Fn(&LockPlan, &OpenFile, Option<&'t Task>, &LockState) -> Result + 'a;

/// Takes all of them again. `task_of`: the parked task of a member; `holder_of`: of one that has a
/// descriptor table.
pub(crate) fn restore<'a>(
    locks: &[LockPlan],
    plans: &[FilePlan],
    files: &[OpenFile],
    task_of: impl Fn(TaskId) -> Option<&'a Task>,
    holder_of: impl Fn(usize) -> Option<&'a Task>,
) -> Result<(), Refusal> {
    let each = |perform: &Perform<'a, '_>| {
        for lock in locks {
            let plan = plans.get(lock.file).ok_or(EINVAL)?;
            let file = files.get(lock.file).ok_or(EINVAL)?;
            let taker = lock.taker.and_then(&task_of);
            // The kernel goes through all that an inode has for each.
            if task::is_interrupted() {
                return Err(Refusal::new(Reason::Interrupted, EINTR));
            }
            perform(lock, file, taker, &lock.state()?).map_err(|error| refusal(plan, error))?;
        }
        Ok::<(), Refusal>(())
    };
    each(&|lock, file, taker, state| match lock.is_lease() {
        true => locks::take_lease(file, state),
        false => locks::take(file, lock.owner.and_then(&holder_of), taker, state),
    })?;
    // A new lease is not to be had where one is to be given up.
    each(&|lock, file, taker, state| match lock.is_lease() {
        true => locks::complete_lease(file, taker, state),
        false => Ok(()),
    })
}

fn refusal(plan: &FilePlan, error: Error) -> Refusal {
    let reason = match error {
        EAGAIN => Reason::LockTaken,
        error if error == errno::not_supported() => Reason::LockElsewhere,
        _ => Reason::LockNotTaken,
    };
    plan.refusal(reason, error)
}
