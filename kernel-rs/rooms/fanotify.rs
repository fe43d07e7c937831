// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! fanotify: groups, what they have marked, and the events that nobody has read so far.
//!
//! Saves: flags of the group and of the files that its events open; every mark on an inode, a mount or
//! a file system, in their order; queued events in theirs, by the file that reading one opens or by
//! its handles and names, and by who has done it.
//! Refuses: marks of mount namespaces, marks that decide on access, what waits for an answer; a mark
//! or an event to which no path leads; handles of what has been removed, or of a file system that is
//! not marked any more; an event whose pidfd would stand for somebody outside.
//! Needs, at restart: the rights that fanotify_init(2) and fanotify_mark(2) ask for; of a group that
//! tells of handles, that what is marked has the one that it had.
//! Restores: marks in two steps, as `watches` does, so that no event tells of the restart. A mount is
//! marked where the container has it. Who is gone, or outside, is a number in events.
//! Locks: those of the group, of mounts, of a superblock; each inside one call of the glue.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use kernel::task::Task;
use zerocopy::little_endian::{I32, U32, U64};

use super::files::{self, FilePlan};
use super::specials::SpecialPlan;
use crate::abstractions::errno;
use crate::abstractions::fanotify::{
    marked, told, EventState, Group, GroupState, Mark, MarkState, Queue,
};
use crate::abstractions::file::OpenFile;
use crate::abstractions::watches::inode_number;
use crate::abstractions::zeroed;
use crate::capture::{Capture, FrozenTask};
use crate::format::fanotify::{
    Fanotify, FanotifyEvent, FanotifyMark, FANOTIFY_EVENTS, FANOTIFY_FLAGS,
    FANOTIFY_TARGET_FILESYSTEM, FANOTIFY_TARGET_INODE, FANOTIFY_TARGET_MOUNT, FANOTIFY_TOLD,
    FANOTIFY_TOLD_ERROR, FANOTIFY_TOLD_HANDLE, FANOTIFY_TOLD_NAME, FANOTIFY_TOLD_OVERFLOW,
    FANOTIFY_TOLD_PATH, MAX_HANDLE,
};
use crate::format::reason::Reason;
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// FAN_REPORT_FID, FAN_REPORT_DIR_FID, FAN_REPORT_NAME and FAN_REPORT_TARGET_FID.
const HANDLES: u32 = 0x1e00;
/// FAN_REPORT_PIDFD.
const PIDFDS: u32 = 0x80;

/// A number of the kernel, and of a record.
const TARGETS: [(u32, u32); 3] = [
    (marked::INODE, FANOTIFY_TARGET_INODE),
    (marked::MOUNT, FANOTIFY_TARGET_MOUNT),
    (marked::FILESYSTEM, FANOTIFY_TARGET_FILESYSTEM),
];

/// Likewise.
const KINDS: [(u32, u32); 5] = [
    (told::PATH, FANOTIFY_TOLD_PATH),
    (told::HANDLE, FANOTIFY_TOLD_HANDLE),
    (told::NAME, FANOTIFY_TOLD_NAME),
    (told::ERROR, FANOTIFY_TOLD_ERROR),
    (told::OVERFLOW, FANOTIFY_TOLD_OVERFLOW),
];

/// Describes a group; what it has marked follows when all open files are known.
pub(super) fn capture(
    file: &OpenFile,
    task: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result<Result<(ObjectId, u32), Refusal>> {
    let state = Group::of(file).ok_or(EINVAL)?.state();
    if state.asked {
        let refusal = task.refusal(Reason::FanotifyKind);
        return Ok(Err(refusal.name("a request that nobody has answered yet")));
    }
    if state.flags & !FANOTIFY_FLAGS != 0 {
        let refusal = task.refusal(Reason::FanotifyKind);
        return Ok(Err(refusal.name("mounts to tell of (FAN_REPORT_MNT)")));
    }
    let (id, _) = out.object(state.group as usize)?;
    let record = Fanotify {
        id,
        flags: U32::new(state.flags),
        event_flags: U32::new(state.event_flags),
        room: U32::new(state.room),
    };
    out.record(&record, &[])?;
    Ok(Ok((id, 0)))
}

/// A group whose marks and events are being described.
struct Told<'a> {
    group: Group<'a>,
    state: GroupState,
    id: ObjectId,
    task: &'a FrozenTask,
    /// Its descriptor.
    place: Option<u32>,
}

impl Told<'_> {
    fn refusal(&self, reason: Reason) -> Refusal {
        self.placed(self.task.refusal(reason))
    }

    /// With the descriptor, if there is one.
    fn placed(&self, refusal: Refusal) -> Refusal {
        match self.place {
            Some(number) => refusal.fd(number),
            None => refusal,
        }
    }

    fn has_handles(&self) -> bool {
        self.state.flags & HANDLES != 0
    }
}

/// Describes marks and events of all groups, while it is known which descriptor is which file.
pub(crate) fn capture_all(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let group = |file: &OpenFile| Some(Group::of(file)?.state().group as usize);
    let groups = out.files_of(group)?;
    if groups.is_empty() {
        return Ok(());
    }
    let task = tasks.iter().find(|task| !task.ended).ok_or(ESRCH)?;
    let inodes = out.inodes()?;
    for (file, id) in groups {
        let group = Group::of(&file).ok_or(EINVAL)?;
        let told = Told {
            state: group.state(),
            group,
            id,
            task,
            place: out.descriptor_of(&file),
        };
        let systems = capture_marks(&told, &inodes, out)?;
        capture_events(&told, &systems, out)?;
    }
    Ok(())
}

/// Gives the numbers of the file systems that are marked.
fn capture_marks(
    told: &Told<'_>,
    inodes: &[(usize, usize)],
    out: &mut Capture<'_>,
) -> Result<KVVec<u64>> {
    let mut systems = KVVec::new();
    let marks = told.group.marks()?;
    let mut next = 0u32;
    while let Some(mut state) = marks.get(next)? {
        let which = next;
        next = next.checked_add(1).ok_or(EOVERFLOW)?;
        let mut refuse = |name| {
            let refusal = told.refusal(Reason::FanotifyKind);
            out.refuse(refusal.name(name));
        };
        let Some((_, what)) = TARGETS.iter().find(|(known, _)| *known == state.what) else {
            refuse("a mark of a mount namespace");
            continue;
        };
        if (state.mask | state.ignored) & !FANOTIFY_EVENTS != 0 {
            refuse("a mark that decides on access (FAN_OPEN_PERM ...)");
            continue;
        }
        if state.ending {
            continue;
        }
        let open = match state.what {
            marked::INODE => out.file_of(inodes, state.inode as usize),
            _ => None,
        };
        let (file, target) = match open {
            Some((id, target)) => (id, target.clone()),
            None => match marks.open(which, &told.task.task)? {
                Some(target) => (capture_target(told, &target, out)?, target),
                None => {
                    let refusal = told.refusal(Reason::FanotifyUnreachable);
                    out.refuse(refusal.value(next.into()));
                    continue;
                }
            },
        };
        let inode = inode_number(&target);
        if told.has_handles() {
            target.name_mark(&mut state);
            if target.state(None)?.links == 0 || state.handle_length == 0 {
                let refusal = told.refusal(Reason::FanotifyKind);
                out.refuse(
                    refusal.name("a mark on a removed file, of which it tells by its handle"),
                );
            }
            systems.push(state.fsid, GFP_KERNEL)?;
        }
        let record = FanotifyMark {
            group: told.id,
            file,
            what: U32::new(*what),
            flags: U32::new(state.flags),
            mask: U32::new(state.mask),
            ignored: U32::new(state.ignored),
            fsid: U64::new(state.fsid),
            inode: U64::new(inode),
            handle_type: U32::new(state.handle_type),
            weak: U32::new(state.weak.into()),
        };
        let handle = state.handle.get(..state.handle_length as usize);
        out.record(&record, handle.ok_or(EIO)?)?;
    }
    Ok(systems)
}

/// Describes what no descriptor is of, but a mark or an event.
fn capture_target(told: &Told<'_>, file: &OpenFile, out: &mut Capture<'_>) -> Result<ObjectId> {
    let place = |refusal| told.placed(refusal);
    files::capture_file(file, told.task, None, place, out)
}

fn capture_events(told: &Told<'_>, systems: &[u64], out: &mut Capture<'_>) -> Result {
    let space = out.pid_space.unwrap_or(0);
    let mut queue = told.group.queue()?;
    let mut event = zeroed::<EventState>()?;
    let mut targets = RBTree::new();
    while queue.next(space, &mut event) {
        if let Err(name) = capture_event(told, &mut queue, &event, systems, &mut targets, out)? {
            let refusal = told.refusal(Reason::FanotifyEvent);
            out.refuse(refusal.name(name));
        }
    }
    Ok(())
}

type Targets = RBTree<(usize, usize), ObjectId>;

/// Describes an event, or says what is wrong with it.
fn capture_event(
    told: &Told<'_>,
    queue: &mut Queue<'_>,
    event: &EventState,
    systems: &[u64],
    targets: &mut Targets,
    out: &mut Capture<'_>,
) -> Result<Result<(), &'static str>> {
    let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == event.kind) else {
        return Ok(Err("it waits for an answer"));
    };
    if event.mask & !FANOTIFY_TOLD != 0 {
        return Ok(Err("it is of a kind that is not known"));
    }
    let is_path = event.kind == told::PATH;
    let has_handle = !is_path && event.kind != told::OVERFLOW;
    if has_handle && !systems.contains(&event.fsid) {
        return Ok(Err("it is in a file system that is not marked any more"));
    }
    let pid = out.pid_of_member(event.pid as usize);
    if pid == ObjectId::NONE && event.below {
        return Ok(Err(
            "who has done it is gone, and was in a pid namespace of his own",
        ));
    }
    let has_pidfd = told.state.flags & PIDFDS != 0 && event.kind != told::OVERFLOW;
    if pid == ObjectId::NONE && has_pidfd {
        return Ok(Err("it gives a pidfd of somebody who is gone, or outside"));
    }
    let file = match is_path.then(|| queue.place()) {
        None => ObjectId::NONE,
        Some(place) => match targets.get(&place) {
            Some(known) => *known,
            None => {
                let Some(file) = queue.open(&told.task.task)? else {
                    return Ok(Err("no path leads to what it tells of"));
                };
                let id = capture_target(told, &file, out)?;
                targets.try_create_and_insert(place, id, GFP_KERNEL)?;
                id
            }
        },
    };
    let record = FanotifyEvent {
        group: told.id,
        file,
        pid,
        number: U32::new(if pid == ObjectId::NONE {
            event.number
        } else {
            0
        }),
        kind: U32::new(*kind),
        mask: U32::new(event.mask),
        error: I32::new(event.error),
        error_count: U32::new(event.error_count),
        fsid: U64::new(event.fsid),
        handle_types: event.handle_types,
        handle_lengths: event.handle_lengths,
        name_lengths: event.name_lengths,
    };
    out.record(
        &record,
        event.bytes.get(..event.length as usize).ok_or(EIO)?,
    )?;
    Ok(Ok(()))
}

/// A mark as the image describes it.
struct MarkPlan {
    record: FanotifyMark,
    file: usize,
    handle: KVVec<u8>,
}

/// An event as the image describes it.
struct EventPlan {
    record: FanotifyEvent,
    file: Option<usize>,
    /// The member that has done it.
    by: Option<TaskId>,
    bytes: KVVec<u8>,
}

/// A group as the image describes it.
pub(crate) struct GroupPlan {
    record: Fanotify,
    marks: KVVec<MarkPlan>,
    events: KVVec<EventPlan>,
}

fn copy(bytes: &[u8]) -> Result<KVVec<u8>> {
    let mut copy = KVVec::new();
    copy.extend_from_slice(bytes, GFP_KERNEL_ACCOUNT)?;
    Ok(copy)
}

impl GroupPlan {
    /// Takes a record in.
    pub(crate) fn new(record: Fanotify) -> Self {
        Self {
            record,
            marks: KVVec::new(),
            events: KVVec::new(),
        }
    }

    /// Takes a mark in; `file`: of what is marked.
    pub(crate) fn mark(
        &mut self,
        record: FanotifyMark,
        file: usize,
        handle: &[u8],
    ) -> Result<(), Refusal> {
        let has_handles = self.record.flags.get() & HANDLES != 0;
        let length = handle.len() as u64;
        if has_handles == handle.is_empty() || length > MAX_HANDLE || length % 4 != 0 {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name("handle");
            return Err(refusal.value(length));
        }
        let plan = MarkPlan {
            record,
            file,
            handle: copy(handle)?,
        };
        Ok(self.marks.push(plan, GFP_KERNEL_ACCOUNT)?)
    }

    /// Takes an event in; `by`: the member that has done it.
    pub(crate) fn event(
        &mut self,
        record: FanotifyEvent,
        file: Option<usize>,
        by: Option<TaskId>,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        let plan = EventPlan {
            record,
            file,
            by,
            bytes: copy(bytes)?,
        };
        Ok(self.events.push(plan, GFP_KERNEL_ACCOUNT)?)
    }
}

/// Makes a group that has marked nothing yet.
pub(super) fn open(plan: &GroupPlan, file: &FilePlan) -> Result<OpenFile, Refusal> {
    let state = GroupState {
        flags: plan.record.flags.get(),
        event_flags: plan.record.event_flags.get(),
        room: plan.record.room.get(),
        ..GroupState::default()
    };
    Group::make(&state).map_err(|error| file.refusal(Reason::StateNotRestored, error))
}

/// Marks that are placed and see nothing yet.
pub(crate) struct Placed(KVVec<(Mark, u32, u32)>);

impl Placed {
    /// From now on they see what happens.
    pub(crate) fn arm(self) {
        for (mark, mask, ignored) in self.0.iter() {
            mark.arm(*mask, *ignored);
        }
    }
}

/// Queues all events and places all marks, at the moment at which `watches` does. `within`: somebody
/// so many pid namespaces below that of the container; `task_of`: the parked task of a member.
pub(crate) fn place<'a>(
    specials: &[SpecialPlan],
    plans: &[FilePlan],
    files: &[OpenFile],
    within: (&Task, u32),
    same_boot: bool,
    task_of: impl Fn(TaskId) -> Option<&'a Task>,
) -> Result<Placed, Refusal> {
    let mut placed = KVVec::new();
    for (file, opened) in plans.iter().zip(files) {
        let special = file.special.and_then(|index| specials.get(index));
        let Some(SpecialPlan::Fanotify(plan)) = special else {
            continue;
        };
        let group = Group::of(opened).ok_or(EINVAL)?;
        let failed = |error| file.refusal(Reason::StateNotRestored, error);
        group.charge().map_err(failed)?;
        for event in plan.events.iter() {
            let by = match event.by {
                Some(member) => Some(task_of(member).ok_or(ESRCH)?),
                None => None,
            };
            let target = event.file.and_then(|index| files.get(index));
            group
                .add(&*event.state()?, target, by, within)
                .map_err(failed)?;
        }
        for mark in plan.marks.iter() {
            let (target, target_plan) = match (files.get(mark.file), plans.get(mark.file)) {
                (Some(target), Some(plan)) => (target, plan),
                _ => return Err(EINVAL.into()),
            };
            let is_made = target_plan
                .storage
                .or(target_plan.pipe)
                .or(target_plan.special);
            let is_found = same_boot && is_made.is_none();
            if is_found && inode_number(target) != mark.record.inode.get() {
                return Err(target_plan.refusal(Reason::FileChanged, errno::stale()));
            }
            let state = mark.state()?;
            let armed = group.place(target, &state).map_err(|error| {
                let reason = match error == errno::stale() {
                    true => Reason::FanotifyHandle,
                    false => Reason::FanotifyNotPlaced,
                };
                target_plan.refusal(reason, error)
            })?;
            placed.push((armed, state.mask, state.ignored), GFP_KERNEL)?;
        }
    }
    Ok(Placed(placed))
}

impl MarkPlan {
    fn state(&self) -> Result<KVBox<MarkState>> {
        let record = &self.record;
        let mut all = TARGETS.iter();
        let found = all.find(|(_, of_record)| *of_record == record.what.get());
        let mut state = zeroed::<MarkState>()?;
        state.what = found.ok_or(EINVAL)?.0;
        state.flags = record.flags.get();
        state.mask = record.mask.get();
        state.ignored = record.ignored.get();
        state.fsid = record.fsid.get();
        state.weak = record.weak.get() != 0;
        state.handle_type = record.handle_type.get();
        state.handle_length = self.handle.len() as u32;
        let room = state.handle.get_mut(..self.handle.len()).ok_or(EINVAL)?;
        room.copy_from_slice(&self.handle);
        Ok(state)
    }
}

impl EventPlan {
    fn state(&self) -> Result<KVBox<EventState>> {
        let record = &self.record;
        let mut all = KINDS.iter();
        let found = all.find(|(_, of_record)| *of_record == record.kind.get());
        let mut state = zeroed::<EventState>()?;
        state.kind = found.ok_or(EINVAL)?.0;
        state.number = record.number.get();
        state.mask = record.mask.get();
        state.error = record.error.get();
        state.error_count = record.error_count.get();
        state.fsid = record.fsid.get();
        state.handle_types = record.handle_types;
        state.handle_lengths = record.handle_lengths;
        state.name_lengths = record.name_lengths;
        state.length = self.bytes.len() as u32;
        let room = state.bytes.get_mut(..self.bytes.len()).ok_or(EINVAL)?;
        room.copy_from_slice(&self.bytes);
        Ok(state)
    }
}
