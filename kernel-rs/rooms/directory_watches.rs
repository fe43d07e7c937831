// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Directory watches: directories of which changes are told by a signal (F_NOTIFY).
//!
//! Saves: by which open file and which descriptor table one is watched, for what, and the order in
//! which several are told. Whom the file signals, and how, is a matter of `owners`.
//! Refuses: a watch of a table that is outside.
//! Needs, at restart: that F_NOTIFY is allowed (fs.dir-notify-enable).
//! Restores: as `watches` does, in two steps: nobody hears of what the restart itself does.
//! Locks: the group of all of them, the mark of a directory; inside one call of the glue.

use kernel::prelude::*;
use kernel::task::Task;
use zerocopy::little_endian::U32;

use super::descriptors::{self, TablePlan};
use super::files::FilePlan;
use crate::abstractions::file::OpenFile;
use crate::abstractions::watches::{DirectoryWatchState, DirectoryWatcher};
use crate::capture::{Capture, FrozenTask};
use crate::format::fanotify::DirectoryWatch;
use crate::format::reason::Reason;
use crate::log::Refusal;

/// Describes all of them, when all open files and tables are known.
pub(crate) fn capture_all(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let inodes = out.inodes()?;
    let mut found: KVVec<DirectoryWatchState> = KVVec::new();
    for same in inodes.chunk_by(|(one, _), (other, _)| one == other) {
        let first = same.first().and_then(|(_, index)| out.files().get(*index));
        let directory = first.ok_or(EINVAL)?;
        // Who has asked last is told first.
        for watch in directory.directory_watches()?.iter().rev() {
            found.push(*watch, GFP_KERNEL)?;
        }
    }
    for watch in found.iter() {
        let file = out.known(watch.file as usize);
        let Some(file) = file.filter(|id| !out.is_refused(*id)) else {
            continue;
        };
        let Some(table) = out.known(watch.owner as usize) else {
            let task = tasks.iter().find(|task| !task.ended).ok_or(ESRCH)?;
            out.refuse(task.refusal(Reason::FileWatched).name("a directory"));
            continue;
        };
        let record = DirectoryWatch {
            file,
            table,
            number: U32::new(watch.fd),
            events: U32::new(watch.events),
        };
        out.record(&record, &[])?;
    }
    Ok(())
}

/// A watch as the image describes it.
pub(crate) struct DirectoryPlan {
    pub(crate) record: DirectoryWatch,
    /// Index of the open file of the directory.
    pub(crate) file: usize,
    /// Index of the descriptor table.
    pub(crate) table: usize,
}

/// A watch ends when its file is closed: the table that has it must have that open.
pub(crate) fn check(watches: &[DirectoryPlan], tables: &[TablePlan]) -> Result<(), Refusal> {
    if watches.is_empty() {
        return Ok(());
    }
    let open = descriptors::open_in(tables)?;
    for watch in watches {
        if open.binary_search(&(watch.table, watch.file)).is_err() {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("table");
            return Err(refusal.value(watch.record.table.get().into()));
        }
    }
    Ok(())
}

/// Watches that are placed and see nothing yet.
pub(crate) struct Placed(KVVec<(OpenFile, DirectoryWatcher, u32)>);

impl Placed {
    /// From now on they see what happens.
    pub(crate) fn arm(self) {
        for (file, watcher, events) in self.0.iter() {
            file.arm_directory_watch(watcher, *events);
        }
    }
}

/// Places all of them, when all descriptors are there. `holder_of`: the parked task of one that has
/// a descriptor table.
pub(crate) fn place<'a>(
    watches: &[DirectoryPlan],
    plans: &[FilePlan],
    files: &[OpenFile],
    holder_of: impl Fn(usize) -> Option<&'a Task>,
) -> Result<Placed, Refusal> {
    let mut placed = KVVec::new();
    for watch in watches {
        let plan = plans.get(watch.file).ok_or(EINVAL)?;
        let file = files.get(watch.file).ok_or(EINVAL)?;
        let holder = holder_of(watch.table).ok_or(ESRCH)?;
        let (number, events) = (watch.record.number.get(), watch.record.events.get());
        let watcher = file
            .place_directory_watch(holder, number, events)
            .map_err(|error| plan.refusal(Reason::DirectoryNotWatched, error))?;
        placed.push((file.clone(), watcher, events), GFP_KERNEL)?;
    }
    Ok(Placed(placed))
}
