// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Watches: inotify instances, what they watch, and the events that nobody has read so far.
//!
//! Saves: every watch with its descriptor and its mask, by an open file of the container that is of the
//! same inode, or else by a path; the descriptor that comes next; queued events in their order.
//! Refuses: a watch on something that neither leads to. Whoever sleeps in a read of one begins that
//! call anew (`syscalls`).
//! Needs, at restart: the right to read what is watched, and that it is where it was; for room for more
//! events than new instances get, CAP_SYS_ADMIN.
//! Restores: watches in two steps. They are placed when everything is there; what may fail has failed
//! then. They see nothing before the last of the tasks is in the freezer: of what the restart itself
//! does with files, no event tells. What others have done meanwhile, nobody hears of.
//! Locks: those of the instance and of mounts; each inside one call of the glue.

use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::{I32, U32, U64};

use super::files::{text, FilePlan};
use super::specials::SpecialPlan;
use crate::abstractions::creds::Prepared;
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, OpenFile};
use crate::abstractions::watches::{inode_number, Watcher, WatcherState};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::watches::{Watch, WatchEvent, Watcher as Record};
use crate::format::ObjectId;
use crate::log::Refusal;

/// Describes an instance; its watches follow when all open files are known.
pub(super) fn capture(file: &OpenFile, out: &mut Capture<'_>) -> Result<ObjectId> {
    let state = Watcher::of(file).ok_or(EINVAL)?.state();
    let (id, _) = out.object(state.group as usize)?;
    let record = Record {
        id,
        next: U32::new(state.next.max(0) as u32),
        room: U32::new(state.room),
    };
    out.record(&record, &[])?;
    Ok(id)
}

/// Describes watches and events of all instances, while it is known which descriptor is which file.
pub(crate) fn capture_all(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let group = |file: &OpenFile| Some(Watcher::of(file)?.state().group as usize);
    let watchers = out.files_of(group)?;
    if watchers.is_empty() {
        return Ok(());
    }
    let task = tasks.iter().find(|task| !task.ended).ok_or(ESRCH)?;
    let inodes = out.inodes()?;
    for (file, id) in watchers {
        let watched = capture_watches(&file, id, task, &inodes, out)?;
        let watcher = Watcher::of(&file).ok_or(EINVAL)?;
        let (events, bytes) = watcher.events()?;
        if !are_all(&watched, &watcher)? {
            out.refuse(changed(task));
        }
        for (number, mask, cookie, name) in events {
            let record = WatchEvent {
                watcher: id,
                number: I32::new(number),
                mask: U32::new(mask),
                cookie: U32::new(cookie),
            };
            out.record(&record, bytes.get(name).ok_or(EIO)?)?;
        }
    }
    Ok(())
}

/// A watch ends in steps, and tells in between: none has ended if all are there afterwards.
fn are_all(numbers: &[i32], watcher: &Watcher<'_>) -> Result<bool> {
    for number in numbers {
        match watcher.next(*number) {
            Ok(Some((found, ..))) if found == *number => {}
            Err(error) if error != EAGAIN => return Err(error),
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Something outside the container was removed or unmounted.
fn changed(task: &FrozenTask) -> Refusal {
    let refusal = task.refusal(Reason::StorageChanged).changed();
    refusal.name("what an inotify instance watches")
}

/// Gives their numbers, which ascend.
fn capture_watches(
    file: &OpenFile,
    id: ObjectId,
    task: &FrozenTask,
    inodes: &[(usize, usize)],
    out: &mut Capture<'_>,
) -> Result<KVVec<i32>> {
    let watcher = Watcher::of(file).ok_or(EINVAL)?;
    let mut numbers = KVVec::new();
    let mut next = 1;
    loop {
        let (number, mask, watched) = match watcher.next(next) {
            Ok(Some(watch)) => watch,
            Ok(None) => break,
            Err(error) if error == EAGAIN => {
                out.refuse(changed(task));
                break;
            }
            Err(error) => return Err(error),
        };
        numbers.push(number, GFP_KERNEL)?;
        let open = out.file_of(inodes, watched.identity()).map(|(id, _)| id);
        let record = |file| Watch {
            watcher: id,
            file,
            number: U32::new(number as u32),
            mask: U32::new(mask),
            inode: U64::new(watched.number()),
        };
        match (open, watched.path(&task.task)?) {
            (Some(open), _) => out.record(&record(open), &[])?,
            (None, Some(path)) => out.record(&record(ObjectId::NONE), path.as_bytes())?,
            (None, None) => {
                let refusal = task.refusal(Reason::WatchedUnreachable);
                let refusal = refusal.value(number as u64);
                let refusal = match out.descriptor_of(file) {
                    Some(number) => refusal.fd(number),
                    None => refusal,
                };
                out.refuse(refusal);
            }
        }
        match number.checked_add(1) {
            Some(number) => next = number,
            None => break,
        }
    }
    Ok(numbers)
}

/// A watch as the image describes it.
struct WatchPlan {
    record: Watch,
    /// Index of the open file of what is watched.
    file: Option<usize>,
    path: KVVec<u8>,
}

/// An instance as the image describes it.
pub(crate) struct WatcherPlan {
    record: Record,
    watches: KVVec<WatchPlan>,
    events: KVVec<(WatchEvent, KVVec<u8>)>,
}

impl WatcherPlan {
    /// Takes a record in.
    pub(crate) fn new(record: Record) -> Self {
        Self {
            record,
            watches: KVVec::new(),
            events: KVVec::new(),
        }
    }

    /// Takes a watch in; `file`: of what is watched.
    pub(crate) fn watch(
        &mut self,
        record: Watch,
        file: Option<usize>,
        path: &[u8],
    ) -> Result<(), Refusal> {
        let last = self.watches.last().map(|last| last.record.number.get());
        let path = match (file, path) {
            _ if last >= Some(record.number.get()) => Err("number"),
            (Some(_), []) => Ok(KVVec::new()),
            (Some(_), _) => Err("file"),
            (None, path) => Ok(text(path)?),
        };
        let path = path.map_err(|name| {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name(name);
            refusal.value(record.number.get().into())
        })?;
        let plan = WatchPlan { record, file, path };
        Ok(self.watches.push(plan, GFP_KERNEL_ACCOUNT)?)
    }

    /// Takes an event in.
    pub(crate) fn event(&mut self, record: WatchEvent, name: &[u8]) -> Result<(), Refusal> {
        let mut copy = KVVec::new();
        copy.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        Ok(self.events.push((record, copy), GFP_KERNEL_ACCOUNT)?)
    }
}

/// Makes an instance with its events, which watches nothing yet.
pub(super) fn open(plan: &WatcherPlan, file: &FilePlan) -> Result<OpenFile, Refusal> {
    let failed = |error| file.refusal(Reason::StateNotRestored, error);
    let state = WatcherState {
        next: plan.record.next.get() as i32,
        room: plan.record.room.get(),
        ..WatcherState::default()
    };
    let made = Watcher::make(&state).map_err(|error| match error == EPERM {
        true => {
            let refusal = Refusal::new(Reason::RestoreNotPermitted, error);
            refusal.name("the room for events of its inotify instances")
        }
        false => failed(error),
    })?;
    let watcher = Watcher::of(&made).ok_or(EINVAL)?;
    for (event, name) in plan.events.iter() {
        let (mask, cookie) = (event.mask.get(), event.cookie.get());
        watcher
            .queue((event.number.get(), mask, cookie), name)
            .map_err(failed)?;
    }
    Ok(made)
}

/// Every instance among the open files. `files`: what is to be given with it.
fn all<'a, T>(
    specials: &'a [SpecialPlan],
    plans: &'a [FilePlan],
    files: &'a [T],
) -> impl Iterator<Item = (&'a WatcherPlan, &'a T)> {
    plans
        .iter()
        .zip(files)
        .filter_map(|(plan, file)| match specials.get(plan.special?)? {
            SpecialPlan::Watcher(watcher) => Some((watcher, file)),
            _ => None,
        })
}

/// Finds everything that is watched by its path, in the order of watches. `same_boot`: inode numbers
/// mean what they meant.
pub(crate) fn find(
    specials: &[SpecialPlan],
    plans: &[FilePlan],
    openers: &[Prepared],
    same_boot: bool,
) -> Result<KVVec<OpenFile>, Refusal> {
    let mut found = KVVec::new();
    for (plan, file) in all(specials, plans, plans) {
        let opener = file.opener(openers)?;
        for watch in plan.watches.iter().filter(|watch| watch.file.is_none()) {
            found.push(watch.find(opener, same_boot)?, GFP_KERNEL_ACCOUNT)?;
        }
    }
    Ok(found)
}

/// Places all watches, when nothing but open files leads to removed files any more: what the restart
/// had of them would tell of their end. `found`: by `find`.
pub(crate) fn place(
    specials: &[SpecialPlan],
    plans: &[FilePlan],
    files: &[OpenFile],
    found: &[OpenFile],
) -> Result<(), Refusal> {
    let mut found = found.iter();
    for (plan, file) in all(specials, plans, files) {
        let watcher = Watcher::of(file).ok_or(EINVAL)?;
        let failed = |error| {
            let refusal = Refusal::new(Reason::StateNotRestored, error);
            refusal.name("an inotify instance of its own")
        };
        watcher.charge().map_err(failed)?;
        for watch in plan.watches.iter() {
            let target = match watch.file {
                Some(index) => files.get(index),
                None => found.next(),
            };
            let number = watch.record.number.get() as i32;
            watcher
                .place(target.ok_or(EINVAL)?, number, watch.record.mask.get())
                .map_err(|error| watch.refusal(plans, Reason::WatchNotPlaced, error))?;
        }
    }
    Ok(())
}

impl WatchPlan {
    fn refusal(&self, plans: &[FilePlan], reason: Reason, error: Error) -> Refusal {
        match self.file.and_then(|index| plans.get(index)) {
            Some(file) => file.refusal(reason, error),
            None => Refusal::new(reason, error).text(&self.path),
        }
    }

    /// Finds what is watched by its path, with the rights of whoever watches.
    fn find(&self, opener: &Prepared, same_boot: bool) -> Result<OpenFile, Refusal> {
        let missing = |reason, error| Refusal::new(reason, error).text(&self.path);
        let path = CStr::from_bytes_with_nul(&self.path).map_err(|_| EINVAL)?;
        let flags = oflag::O_PATH | oflag::O_NOFOLLOW;
        let number = self.record.inode.get();
        let found = OpenFile::open_as(path, flags, opener, number)
            .map_err(|error| missing(Reason::FileMissing, error))?;
        let is_other = inode_number(&found) != number;
        if is_other && !found.may_be_read_by(opener) {
            return Err(missing(Reason::FileMissing, EACCES));
        }
        match same_boot && is_other {
            true => Err(missing(Reason::FileChanged, errno::stale())),
            false => Ok(found),
        }
    }
}

/// Watches that are placed and see nothing yet.
pub(crate) struct Placed(KVVec<(OpenFile, i32, u32)>);

impl Placed {
    /// All of them.
    pub(crate) fn all(
        specials: &[SpecialPlan],
        plans: &[FilePlan],
        files: &[OpenFile],
    ) -> Result<Self> {
        let mut placed = KVVec::new();
        for (plan, file) in all(specials, plans, files) {
            for watch in plan.watches.iter() {
                let (number, mask) = (watch.record.number.get(), watch.record.mask.get());
                placed.push((file.clone(), number as i32, mask), GFP_KERNEL)?;
            }
        }
        Ok(Self(placed))
    }

    /// From now on they see what happens.
    pub(crate) fn arm(self) {
        for (file, number, mask) in self.0.iter() {
            if let Some(watcher) = Watcher::of(file) {
                watcher.arm(*number, *mask);
            }
        }
    }
}
