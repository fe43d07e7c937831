// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! System V semaphores, message queues and shared memory.
//!
//! Saves: identifiers, keys, owners, makers, rights, times, the processes that used them last (also
//! those that have ended: by their numbers); values, messages, what is to be undone; of memory what
//! SHM_LOCK and IPC_RMID have made of it (its content: `storage`). Of an IPC namespace of the
//! container's own, which nobody outside is in: everything, its limits, and the identifiers that
//! come next. Of one that others are in too: what a member has made, used last, attached, or
//! would have to undo. What no member has to do with is not the container's.
//! Refuses: what a living task outside has made, used last, attached or would have to undo, or
//! sleeps at; owners without a number; what somebody takes away meanwhile. POSIX message queues: `queues`.
//! Needs, at restart: free identifiers and keys; CAP_SETUID and CAP_SETGID for what others own or
//! made; CAP_SYS_RESOURCE for queues above the limits.
//! Restores: made before files are opened, and by nobody's number yet. In the same boot they may be
//! there still, since nothing takes them away when a container is killed: the very ones, if nobody
//! uses them, step aside for the new ones, and back if the restart fails.
//! Locks: those of ipc/, inside calls of the glue.

use kernel::prelude::*;
use kernel::str::CString;
use kernel::sync::Arc;
use kernel::task::Task;
use zerocopy::little_endian::{I32, I64, U32, U64};
use zerocopy::IntoBytes;

use super::queues::{self, QueuePlan, Queues};
use super::storage::{self, StoragePlan};
use crate::abstractions::creds::{
    self, capable, capable_initially, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN, CAP_SYS_RESOURCE,
};
use crate::abstractions::errno;
use crate::abstractions::family::Shared;
use crate::abstractions::file::OpenFile;
use crate::abstractions::ipc::{
    self, IpcNamespace, PidRef, RawState, Semaphore, Sort, SpaceState, Times, Users, SHM_HUGETLB,
    SHM_HUGE_SHIFT, SHM_NORESERVE,
};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::format::ipc::{
    IpcObject, IpcSpace, IpcUndo, IPC_OBJECT_MEMORY, IPC_OBJECT_MESSAGES, IPC_OBJECT_SEMAPHORES,
    MAX_IPC_TAIL, MAX_SEMAPHORES, MESSAGE, SEMAPHORE,
};
use crate::format::queues::{Queue, QueueMessage, QueueNotice};
use crate::format::reason::Reason;
use crate::format::storage::{STORAGE_FORM_SEGMENT, STORAGE_NO_RESERVE};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;
use crate::plan::{Plan, TaskPlan};
use crate::session::Slot;
use crate::sort;

/// Kinds, and how the image calls them.
const KINDS: [(Sort, u32, &str); 3] = [
    (Sort::Semaphores, IPC_OBJECT_SEMAPHORES, "semaphores"),
    (Sort::Messages, IPC_OBJECT_MESSAGES, "message queue"),
    (Sort::Memory, IPC_OBJECT_MEMORY, "shared memory"),
];

/// Highest value of a semaphore.
const SEMVMX: u16 = 32767;

fn kind_of(sort: Sort) -> (u32, &'static str) {
    let found = KINDS.iter().find(|(own, ..)| *own == sort);
    found.map_or((0, ""), |(_, what, name)| (*what, *name))
}

fn named(refusal: Refusal, sort: Sort, id: i32) -> Refusal {
    let (_, name) = kind_of(sort);
    match CString::try_from_fmt(fmt!("{name} {id}")) {
        Ok(text) => refusal.text(text.to_bytes()),
        Err(_) => refusal.name(name),
    }
}

/// Has somebody taken an object away since it was found?
fn is_gone(error: Error) -> bool {
    error == EINVAL || error == errno::identifier_removed()
}

/// What is to be undone, by identifiers of sets, once for each list.
struct Undone(KVVec<i32>);

/// Describes what there is. Comes after all areas.
pub(crate) fn capture(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let Some(first) = tasks.iter().find(|task| !task.ended) else {
        return Ok(());
    };
    let namespace = IpcNamespace::of(&first.task)?;
    let here = IpcNamespace::of(&task::current())?;
    let is_own = namespace.identity() != here.identity();
    if is_own {
        if !namespace.is_ours() {
            out.refuse(first.refusal(Reason::TaskNamespace).name("ipc"));
            return Ok(());
        }
        let outsider = namespace.outsider(out.cgroup)?;
        if outsider != 0 {
            let refusal = first.refusal(Reason::IpcNamespaceShared);
            out.refuse(refusal.outsider(outsider));
            return Ok(());
        }
        let state = namespace.space();
        if [state.place_uid, state.place_gid].contains(&u32::MAX) {
            let refusal = first.refusal(Reason::IpcUnreadable);
            out.refuse(refusal.name("the directory of its message queues"));
        }
        out.record(&space(&state), &[])?;
        queues::capture_rest(&namespace, state.queues, first, out)?;
    }
    queues::finish(first, out)?;
    let mut undone = Undone(KVVec::new());
    for task in tasks.iter().filter(|task| !task.ended) {
        capture_undo(task, &mut undone, out)?;
    }
    let seen = Seen {
        namespace,
        is_own,
        viewer: first,
        undone,
    };
    let mut sets = KVVec::new();
    for sort in Sort::ALL {
        let mut place = 0;
        while let Some((at, state, users)) = seen.namespace.find(sort, place) {
            if sort == Sort::Semaphores {
                sets.push(state.id, GFP_KERNEL)?;
            }
            seen.capture(sort, &state, &users, out)?;
            let Some(next) = at.checked_add(1) else {
                break;
            };
            place = next;
        }
    }
    // With a set its place in a list goes: the next one may have been passed over there.
    sort::values(&mut sets);
    let lost = |id: &&i32| sets.binary_search(id).is_err();
    if let Some(id) = seen.undone.0.iter().find(lost) {
        out.refuse(seen.changed(Sort::Semaphores, *id));
    }
    Ok(())
}

/// Describes what a list says is to be undone, where it is met first.
fn capture_undo(task: &FrozenTask, undone: &mut Undone, out: &mut Capture<'_>) -> Result {
    let Some((list, _)) = Shared::SemaphoreUndo.of(&task.task) else {
        return Ok(());
    };
    if out.first_with(list, task.id)? != task.id {
        return Ok(());
    }
    let mut index = 0u32;
    loop {
        let next = match ipc::undo(&task.task, index) {
            Err(error) if error == EAGAIN || is_gone(error) => {
                let refusal = task.refusal(Reason::StorageChanged).changed();
                out.refuse(refusal.name("what it has to undo of semaphores"));
                return Ok(());
            }
            next => next?,
        };
        let Some((id, adjust)) = next else {
            return Ok(());
        };
        let record = IpcUndo {
            task: task.id,
            identifier: I32::new(id),
            count: U32::new(adjust.len() as u32),
            reserved: U32::ZERO,
        };
        if adjust.len() as u64 > MAX_SEMAPHORES {
            let refusal = task.refusal(Reason::IpcUnreadable);
            out.refuse(named(refusal, Sort::Semaphores, id));
        } else {
            let mut tail = KVVec::with_capacity(adjust.len().saturating_mul(2), GFP_KERNEL)?;
            for value in adjust.iter() {
                tail.extend_from_slice(&value.to_le_bytes(), GFP_KERNEL)?;
            }
            out.record(&record, &tail)?;
        }
        undone.0.push(id, GFP_KERNEL)?;
        index = index.saturating_add(1);
    }
}

/// What is in a set of semaphores, or the memory of a segment.
type Looked = (KVVec<Semaphore>, Option<OpenFile>);

/// A namespace that is looked at.
struct Seen<'a> {
    namespace: IpcNamespace,
    is_own: bool,
    viewer: &'a FrozenTask,
    undone: Undone,
}

impl Seen<'_> {
    fn refusal(&self, reason: Reason, sort: Sort, id: i32) -> Refusal {
        named(self.viewer.refusal(reason), sort, id)
    }

    /// It has changed since it was found, or was taken away.
    fn changed(&self, sort: Sort, id: i32) -> Refusal {
        self.refusal(Reason::StorageChanged, sort, id).changed()
    }

    /// Looks into an object; none: it was taken away.
    fn look(&self, sort: Sort, state: &RawState) -> Result<Option<Looked>> {
        let looked = match sort {
            Sort::Semaphores => {
                let values = self.namespace.semaphores(state.id, state.size as usize);
                values.map(|values| (values, None))
            }
            Sort::Messages => Ok((KVVec::new(), None)),
            Sort::Memory => {
                let memory = self.namespace.memory(state.id);
                memory.map(|file| (KVVec::new(), Some(file)))
            }
        };
        match looked {
            Err(error) if is_gone(error) => Ok(None),
            looked => looked.map(Some),
        }
    }

    /// Describes an object, if it is the container's.
    fn capture(
        &self,
        sort: Sort,
        state: &RawState,
        users: &Users,
        out: &mut Capture<'_>,
    ) -> Result {
        let looked = self.look(sort, state)?;
        let is_there = looked.is_some();
        let (semaphores, memory) = looked.unwrap_or_default();
        let all = || {
            let own = [&users.maker, &users.last, &users.receiver];
            let last = semaphores.iter().map(|(_, pid)| pid);
            Iterator::chain(own.into_iter(), last).filter_map(|pid| pid.as_ref())
        };
        let undone = self.undone.0.iter().filter(|id| **id == state.id).count();
        if !self.is_own {
            let is_attached = |file: &OpenFile| out.known(file.inode()).is_some();
            let is_ours = memory.as_ref().is_some_and(is_attached)
                || all().any(|pid| out.member(pid.identity()).is_some())
                || (sort == Sort::Semaphores && undone > 0);
            if !is_ours {
                return Ok(());
            }
        }
        if !is_there {
            out.refuse(self.changed(sort, state.id));
            return Ok(());
        }
        if !self.is_own {
            let mut outsider = state.waiter;
            if let Some(other) = all()
                .map(|pid| pid.outside(out.cgroup))
                .find(|pid| *pid != 0)
            {
                outsider = other;
            }
            if outsider == 0 && sort == Sort::Semaphores && state.used as usize > undone {
                outsider = self.namespace.undo_outsider(state.id, out.cgroup)?;
            }
            if outsider != 0 {
                let refusal = self.refusal(Reason::IpcOutside, sort, state.id);
                out.refuse(refusal.outsider(outsider));
                return Ok(());
            }
        }
        let nobody = u32::MAX;
        let is_known = ![state.uid, state.gid, state.cuid, state.cgid].contains(&nobody);
        // Those who have attached it may be looked into.
        let is_attached = |file: &OpenFile| out.known(file.inode()).is_some();
        let may_read =
            memory.as_ref().is_some_and(is_attached) || self.namespace.is_readable(sort, state.id);
        if !is_known || !may_read {
            out.refuse(self.refusal(Reason::IpcUnreadable, sort, state.id));
            return Ok(());
        }
        let mut storage = ObjectId::NONE;
        if let Some(file) = &memory {
            let name = storage::segment_name(file)?;
            let place = |refusal| refusal;
            let form = STORAGE_FORM_SEGMENT;
            storage = storage::capture(file, (form, false, 0), &name, self.viewer, &place, out)?;
        }
        let tail = match sort {
            Sort::Semaphores => self.values(&semaphores).map(Some)?,
            Sort::Messages => match self.messages(state) {
                Err(error) if error == ENOSPC || is_gone(error) => {
                    out.refuse(self.changed(sort, state.id));
                    return Ok(());
                }
                messages => messages?,
            },
            Sort::Memory => Some(KVVec::new()),
        };
        let Some(tail) = tail.filter(|tail| tail.len() as u64 <= MAX_IPC_TAIL) else {
            out.refuse(self.refusal(Reason::IpcUnreadable, sort, state.id));
            return Ok(());
        };
        let thread = users.thread.as_ref();
        let thread = thread.and_then(|pid| out.member(pid.identity()));
        let (used_s, left_s, changed_s) = match (sort, state.times) {
            (Sort::Semaphores, [used, changed, _]) => (used, 0, changed),
            (_, [used, left, changed]) => (used, left, changed),
        };
        let record = IpcObject {
            what: U32::new(kind_of(sort).0),
            identifier: I32::new(state.id),
            key: I32::new(state.key),
            mode: U32::new(state.mode),
            uid: U32::new(state.uid),
            gid: U32::new(state.gid),
            cuid: U32::new(state.cuid),
            cgid: U32::new(state.cgid),
            storage,
            maker: self.number(&users.maker),
            last: self.number(&users.last),
            receiver: self.number(&users.receiver),
            thread: U32::new(thread.map_or(0, |thread| thread.get().saturating_add(1))),
            reserved: U32::ZERO,
            used_s: I64::new(used_s),
            left_s: I64::new(left_s),
            changed_s: I64::new(changed_s),
            size: U64::new(state.size),
        };
        out.record_waiting(Waiting::Message, &record, &tail)
    }

    /// What a process is called in the container.
    fn number(&self, pid: &Option<PidRef>) -> I32 {
        let number = pid.as_ref().map(|pid| pid.number(&self.viewer.task));
        I32::new(number.unwrap_or(0))
    }

    fn values(&self, semaphores: &[Semaphore]) -> Result<KVVec<u8>> {
        let mut tail = KVVec::new();
        for (value, pid) in semaphores {
            tail.extend_from_slice(U32::new((*value).into()).as_bytes(), GFP_KERNEL)?;
            tail.extend_from_slice(self.number(pid).as_bytes(), GFP_KERNEL)?;
        }
        Ok(tail)
    }

    /// The messages of a queue; nothing, if they are too many.
    fn messages(&self, state: &RawState) -> Result<Option<KVVec<u8>>> {
        let heads = u64::from(state.used).saturating_mul(MESSAGE);
        let room = state.bytes.saturating_add(heads);
        if room > MAX_IPC_TAIL {
            return Ok(None);
        }
        self.namespace.messages(state.id, room as usize).map(Some)
    }
}

fn space(state: &SpaceState) -> IpcSpace {
    let [sem_set, sem_all, sem_operations, sem_sets] = state.sem;
    let [sem_sequence, msg_sequence, shm_sequence] = state.sequence;
    let [sem_last, msg_last, shm_last] = state.last;
    let [sem_next, msg_next, shm_next] = state.next;
    let [accessed_s, modified_s, changed_s] = state.place_times.s;
    let [accessed_ns, modified_ns, changed_ns] = state.place_times.ns;
    IpcSpace {
        shm_max: U64::new(state.shm_max),
        shm_all: U64::new(state.shm_all),
        shm_mni: U32::new(state.shm_mni),
        shm_rmid_forced: U32::new(state.shm_rmid_forced),
        msg_max: U32::new(state.msg_max),
        msg_mnb: U32::new(state.msg_mnb),
        msg_mni: U32::new(state.msg_mni),
        sem_set: U32::new(sem_set),
        sem_all: U32::new(sem_all),
        sem_operations: U32::new(sem_operations),
        sem_sets: U32::new(sem_sets),
        queues_max: U32::new(state.queues_max),
        queue_messages_max: U32::new(state.queue_messages_max),
        queue_size_max: U32::new(state.queue_size_max),
        queue_messages: U32::new(state.queue_messages),
        queue_size: U32::new(state.queue_size),
        sem_sequence: U32::new(sem_sequence),
        sem_last: U32::new(sem_last),
        sem_next: U32::new(sem_next),
        msg_sequence: U32::new(msg_sequence),
        msg_last: U32::new(msg_last),
        msg_next: U32::new(msg_next),
        shm_sequence: U32::new(shm_sequence),
        shm_last: U32::new(shm_last),
        shm_next: U32::new(shm_next),
        reserved: U32::ZERO,
        queues_mode: U32::new(state.place_mode),
        queues_uid: U32::new(state.place_uid),
        queues_gid: U32::new(state.place_gid),
        queues_accessed_ns: U32::new(accessed_ns),
        queues_accessed_s: I64::new(accessed_s),
        queues_modified_s: I64::new(modified_s),
        queues_changed_s: I64::new(changed_s),
        queues_modified_ns: U32::new(modified_ns),
        queues_changed_ns: U32::new(changed_ns),
    }
}

fn space_state(record: &IpcSpace) -> SpaceState {
    SpaceState {
        queues: 0,
        shm_max: record.shm_max.get(),
        shm_all: record.shm_all.get(),
        shm_mni: record.shm_mni.get(),
        shm_rmid_forced: record.shm_rmid_forced.get(),
        msg_max: record.msg_max.get(),
        msg_mnb: record.msg_mnb.get(),
        msg_mni: record.msg_mni.get(),
        sem: [
            record.sem_set.get(),
            record.sem_all.get(),
            record.sem_operations.get(),
            record.sem_sets.get(),
        ],
        queues_max: record.queues_max.get(),
        queue_messages_max: record.queue_messages_max.get(),
        queue_size_max: record.queue_size_max.get(),
        queue_messages: record.queue_messages.get(),
        queue_size: record.queue_size.get(),
        sequence: [
            record.sem_sequence.get(),
            record.msg_sequence.get(),
            record.shm_sequence.get(),
        ],
        last: [
            record.sem_last.get(),
            record.msg_last.get(),
            record.shm_last.get(),
        ],
        next: [
            record.sem_next.get(),
            record.msg_next.get(),
            record.shm_next.get(),
        ],
        place_mode: record.queues_mode.get(),
        place_uid: record.queues_uid.get(),
        place_gid: record.queues_gid.get(),
        place_times: Times {
            s: [
                record.queues_accessed_s.get(),
                record.queues_modified_s.get(),
                record.queues_changed_s.get(),
            ],
            ns: [
                record.queues_accessed_ns.get(),
                record.queues_modified_ns.get(),
                record.queues_changed_ns.get(),
            ],
        },
    }
}

/// An object as the image describes it.
struct ObjectPlan {
    record: IpcObject,
    sort: Sort,
    /// Index of its storage.
    storage: Option<usize>,
    tail: KVVec<u8>,
}

/// All objects, and their namespace.
#[derive(Default)]
pub(crate) struct IpcPlan {
    space: Option<KVBox<IpcSpace>>,
    objects: KVVec<ObjectPlan>,
    pub(crate) queues: KVVec<QueuePlan>,
}

fn value(name: &'static str, value: u64) -> Refusal {
    let refusal = Refusal::new(Reason::ImageValue, EINVAL);
    refusal.name(name).value(value)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// The first message of those in a tail: type, bytes; and the others.
fn message(tail: &[u8]) -> Option<(i64, &[u8], &[u8])> {
    let (head, rest) = tail.split_at_checked(MESSAGE as usize)?;
    let (kind, size) = head.split_at_checked(8)?;
    let kind = i64::from_le_bytes(kind.try_into().ok()?);
    let size = u64::from_le_bytes(size.try_into().ok()?);
    let (bytes, rest) = rest.split_at_checked(usize::try_from(size).ok()?)?;
    Some((kind, bytes, rest))
}

impl IpcPlan {
    /// Takes the namespace in.
    pub(crate) fn set_space(&mut self, record: IpcSpace) -> Result<(), Refusal> {
        if self.space.is_some() {
            return Err(value("reserved", 0));
        }
        self.space = Some(KVBox::new(record, GFP_KERNEL_ACCOUNT)?);
        Ok(())
    }

    /// Takes a queue in; gives its place.
    pub(crate) fn add_queue(&mut self, record: Queue, name: &[u8]) -> Result<usize, Refusal> {
        let place = self.queues.len();
        self.queues
            .push(QueuePlan::new(record, name)?, GFP_KERNEL_ACCOUNT)?;
        Ok(place)
    }

    /// Takes a message in, of the queue at this place.
    pub(crate) fn add_message(
        &mut self,
        place: usize,
        record: &QueueMessage,
        bytes: &[u8],
    ) -> Result<(), Refusal> {
        self.queues.get_mut(place).ok_or(EINVAL)?.add(record, bytes)
    }

    /// Takes in who is told of a message there.
    pub(crate) fn add_notice(&mut self, place: usize, record: QueueNotice) -> Result<(), Refusal> {
        self.queues.get_mut(place).ok_or(EINVAL)?.tell(record)
    }

    /// Are the queues whole? `is_opened`: has one an open file, by its place?
    pub(crate) fn check_queues(&self, is_opened: impl Fn(usize) -> bool) -> Result<(), Refusal> {
        queues::check(&self.queues, self.space.is_some(), is_opened)
    }

    /// Takes an object in. `storage`: what its storage is, and which.
    pub(crate) fn add(
        &mut self,
        record: IpcObject,
        tail: &[u8],
        storage: Option<(usize, &StoragePlan)>,
    ) -> Result<(), Refusal> {
        let what = record.what.get();
        let sort = KINDS.iter().find(|(_, own, _)| *own == what);
        let (sort, ..) = sort.ok_or_else(|| value("what", what.into()))?;
        let size = record.size.get();
        if let Some((index, plan)) = &storage {
            let is_other = |other: &ObjectPlan| other.storage != Some(*index);
            let form = plan.record.form.get();
            if form != STORAGE_FORM_SEGMENT || !self.objects.iter().all(is_other) {
                return Err(value("storage", record.storage.get().into()));
            }
            let (own, shift) = (plan.record.size.get(), plan.record.page_shift.get());
            let rounded = 1u64.checked_shl(shift).filter(|_| shift > 0);
            let wanted = match rounded {
                Some(page) => size.div_ceil(page).saturating_mul(page),
                None => size,
            };
            if own != wanted {
                return Err(value("size", size));
            }
        }
        let length = tail.len() as u64;
        let is_fine = match sort {
            Sort::Semaphores => {
                let values = tail.chunks_exact(SEMAPHORE as usize);
                length == size.saturating_mul(SEMAPHORE)
                    && values.into_iter().all(|semaphore| {
                        word(semaphore, 0).is_some_and(|value| value <= SEMVMX.into())
                            && word(semaphore, 4).is_some_and(|pid| pid <= i32::MAX as u32)
                    })
            }
            Sort::Messages => {
                let mut rest = tail;
                while let Some((kind, _, after)) = message(rest).filter(|(kind, ..)| *kind > 0) {
                    let _ = kind;
                    rest = after;
                }
                rest.is_empty()
            }
            Sort::Memory => tail.is_empty(),
        };
        if !is_fine {
            return Err(value("tail", length));
        }
        let mut copy = KVVec::new();
        copy.extend_from_slice(tail, GFP_KERNEL_ACCOUNT)?;
        let plan = ObjectPlan {
            record,
            sort: *sort,
            storage: storage.map(|(index, _)| index),
            tail: copy,
        };
        Ok(self.objects.push(plan, GFP_KERNEL_ACCOUNT)?)
    }

    /// Is what tasks have to undo in sets of the image? Anybody else's they must not come to change.
    pub(crate) fn check(&self, tasks: &[TaskPlan]) -> Result<(), Refusal> {
        let mut sets = KVVec::new();
        let is_set = |object: &&ObjectPlan| object.sort == Sort::Semaphores;
        for object in self.objects.iter().filter(is_set) {
            let set = (object.record.identifier.get(), object.record.size.get());
            sets.push(set, GFP_KERNEL)?;
        }
        sort::values(&mut sets);
        for (index, task) in (0..).zip(tasks) {
            for (undo, _) in task.undo.iter() {
                let (id, count) = (undo.identifier.get(), u64::from(undo.count.get()));
                let thread = task.thread.as_deref();
                let first = thread.and_then(super::semaphores::first);
                if sets.binary_search(&(id, count)).is_err() || first != Some(TaskId::new(index)) {
                    let refusal = Refusal::new(Reason::ImageReference, EINVAL);
                    return Err(refusal.name("identifier").value(id as u64));
                }
            }
        }
        let limit = tasks.len() as u32;
        let beyond = |object: &&ObjectPlan| object.record.thread.get() > limit;
        match self.objects.iter().find(beyond) {
            Some(object) => Err(value("thread", object.record.thread.get().into())),
            None => Ok(()),
        }
    }

    /// Are the tasks where the image says?
    pub(crate) fn verify(&self, slots: &[Arc<Slot>]) -> Result<(), Refusal> {
        let differs = |name| Err(Refusal::new(Reason::IpcNamespace, EINVAL).name(name));
        let first = slots.first().ok_or(ESRCH)?;
        // The others are in the same one, or it has come to nothing before.
        let namespace = IpcNamespace::of(&first.task)?;
        if self.space.is_none() {
            return Ok(());
        }
        let here = IpcNamespace::of(&task::current())?;
        if namespace.identity() == here.identity() || !namespace.is_ours() {
            return differs("it is none of their own");
        }
        if !namespace.is_empty() {
            return differs("it is in use");
        }
        Ok(())
    }
}

impl ObjectPlan {
    fn id(&self) -> i32 {
        self.record.identifier.get()
    }

    fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        named(Refusal::new(reason, error), self.sort, self.id())
    }

    fn state(&self, storages: &[StoragePlan]) -> RawState {
        let record = &self.record;
        let storage = self.storage.and_then(|index| storages.get(index));
        let mut flags = 0;
        if let Some(storage) = storage.map(|storage| &storage.record) {
            let shift = storage.page_shift.get();
            if storage.flags.get() & STORAGE_NO_RESERVE != 0 || shift != 0 {
                flags |= SHM_NORESERVE;
            }
            if shift != 0 {
                flags |= SHM_HUGETLB | (shift & 63) << SHM_HUGE_SHIFT;
            }
        }
        let (used, left, changed) = (
            record.used_s.get(),
            record.left_s.get(),
            record.changed_s.get(),
        );
        RawState {
            id: self.id(),
            key: record.key.get(),
            name: storage.map_or(0, StoragePlan::segment_key),
            uid: record.uid.get(),
            gid: record.gid.get(),
            cuid: record.cuid.get(),
            cgid: record.cgid.get(),
            mode: record.mode.get(),
            flags,
            times: match self.sort {
                Sort::Semaphores => [used, changed, 0],
                _ => [used, left, changed],
            },
            size: record.size.get(),
            ..RawState::default()
        }
    }

    /// What nobody uses any more since the container was killed.
    fn is_left(&self, state: &RawState, users: &Users) -> bool {
        let record = &self.record;
        let changed = match self.sort {
            Sort::Semaphores => state.times[1],
            _ => state.times[2],
        };
        let is_idle = match self.sort {
            // The end of processes undoes what is to be undone.
            Sort::Semaphores | Sort::Memory => state.used == 0,
            Sort::Messages => true,
        };
        let all = [&users.maker, &users.last, &users.receiver];
        let lives = |pid: &&Option<PidRef>| pid.as_ref().is_some_and(PidRef::lives);
        is_idle
            && state.waiter == 0
            && !all.iter().any(lives)
            && state.id == self.id()
            && state.key == record.key.get()
            && state.cuid == record.cuid.get()
            && state.cgid == record.cgid.get()
            && state.size == record.size.get()
            && changed == record.changed_s.get()
    }

    /// May the caller make it?
    fn check_rights(&self, limits: &SpaceState) -> Result<(), Refusal> {
        let refused = |what| Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name(what));
        let (own, _) = creds::of(&task::current())?;
        let record = &self.record;
        let is_own = record.uid.get() == own.euid
            && record.cuid.get() == own.euid
            && record.gid.get() == own.egid
            && record.cgid.get() == own.egid;
        let may_give = is_own || (capable(CAP_SETUID) && capable(CAP_SETGID));
        if !may_give {
            return refused("the owners of its System V objects");
        }
        if self.sort != Sort::Messages {
            return Ok(());
        }
        let mut is_above = record.size.get() > u64::from(limits.msg_mnb);
        let mut rest = &self.tail[..];
        let mut bytes = 0u64;
        while let Some((_, message, after)) = message(rest) {
            is_above |= message.len() as u64 > u64::from(limits.msg_max);
            bytes = bytes.saturating_add(message.len() as u64);
            rest = after;
        }
        is_above |= bytes > u64::from(limits.msg_mnb);
        match is_above && !capable_initially(CAP_SYS_RESOURCE) {
            true => refused("message queues above the limits"),
            false => Ok(()),
        }
    }

    fn make(&self, namespace: &IpcNamespace, storages: &[StoragePlan]) -> Result<(), Refusal> {
        let made = namespace.make(self.sort, &self.state(storages));
        made.map_err(|error| match (error, self.storage) {
            (EEXIST, _) => self.refusal(Reason::IpcTaken, EEXIST),
            (error, Some(index)) if error == ENOMEM => match storages.get(index) {
                Some(plan) => plan.not_made()(error),
                None => error.into(),
            },
            (error, _) => self.refusal(Reason::IpcNotMade, error),
        })
    }

    fn semaphores(&self, pid: impl Fn(i32) -> Result<Option<PidRef>>) -> Result<KVVec<Semaphore>> {
        let mut all = KVVec::new();
        if self.sort == Sort::Semaphores {
            for semaphore in self.tail.chunks_exact(SEMAPHORE as usize) {
                let value = word(semaphore, 0).ok_or(EINVAL)?;
                let number = word(semaphore, 4).ok_or(EINVAL)?;
                all.push((value as u16, pid(number as i32)?), GFP_KERNEL)?;
            }
        }
        Ok(all)
    }
}

/// The objects of a restart. Until they are kept, they vanish with this.
pub(crate) struct Ipc {
    namespace: IpcNamespace,
    made: KVVec<(Sort, i32)>,
    /// What has stepped aside: its identifier, then that and the key that it had.
    aside: KVVec<(Sort, i32, i32, i32)>,
    /// Identifiers of memory, by index of storages.
    segments: KVVec<(usize, i32)>,
    queues: Queues,
    is_kept: bool,
}

impl Ipc {
    /// Makes all objects in the namespace of the caller.
    pub(crate) fn make(
        plan: &IpcPlan,
        storages: &[StoragePlan],
        same_boot: bool,
    ) -> Result<Self, Refusal> {
        let mut all = Self {
            namespace: IpcNamespace::of(&task::current())?,
            made: KVVec::new(),
            aside: KVVec::new(),
            segments: KVVec::new(),
            queues: Queues::default(),
            is_kept: false,
        };
        if !plan.objects.is_empty() && !all.namespace.may_choose() {
            let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
            return Err(refusal.name("the identifiers of its System V objects"));
        }
        if let Some(space) = &plan.space {
            if !capable(CAP_SYS_ADMIN) {
                let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
                return Err(refusal.name("the limits of its IPC namespace"));
            }
            let set = all.namespace.set_space(&space_state(space));
            set.map_err(|error| {
                Refusal::new(Reason::StateNotRestored, error)
                    .name("the limits of its IPC namespace")
            })?;
        }
        let limits = all.namespace.space();
        for object in plan.objects.iter() {
            object.check_rights(&limits)?;
        }
        all.step_aside(plan, same_boot)?;
        for object in plan.objects.iter() {
            all.made.reserve(1, GFP_KERNEL_ACCOUNT)?;
            object.make(&all.namespace, storages)?;
            let _ = all.made.push_within_capacity((object.sort, object.id()));
            if let Some(index) = object.storage {
                all.segments
                    .push((index, object.id()), GFP_KERNEL_ACCOUNT)?;
            }
            if object.sort != Sort::Messages {
                continue;
            }
            let mut rest = &object.tail[..];
            while let Some((kind, bytes, after)) = message(rest) {
                let put = all.namespace.put(object.id(), kind, bytes);
                put.map_err(|error| object.refusal(Reason::IpcNotMade, error))?;
                rest = after;
            }
        }
        all.queues.make(&plan.queues, &all.namespace)?;
        Ok(all)
    }

    /// The queues, for those who open them.
    pub(crate) fn queues(&self) -> Result<KVVec<crate::abstractions::queues::Queue>> {
        self.queues.handles()
    }

    /// Looks whether anything is in the way, and moves what the container has left behind.
    fn step_aside(&mut self, plan: &IpcPlan, same_boot: bool) -> Result<(), Refusal> {
        if plan.objects.is_empty() || plan.space.is_some() {
            return Ok(());
        }
        let mut left = KVVec::new();
        for sort in Sort::ALL {
            let mut place = 0;
            while let Some((at, state, users)) = self.namespace.find(sort, place) {
                let collides = |object: &&ObjectPlan| {
                    let (id, key) = (object.id(), object.record.key.get());
                    object.sort == sort && (id == state.id || (key != 0 && key == state.key))
                };
                for object in plan.objects.iter().filter(collides) {
                    if !same_boot || !object.is_left(&state, &users) {
                        return Err(object.refusal(Reason::IpcTaken, EEXIST));
                    }
                    left.push((sort, state.id, state.key), GFP_KERNEL)?;
                }
                if task::is_interrupted() {
                    return Err(Refusal::new(Reason::Interrupted, EINTR));
                }
                let Some(next) = at.checked_add(1) else {
                    break;
                };
                place = next;
            }
        }
        for (sort, id, key) in left {
            self.aside.reserve(1, GFP_KERNEL_ACCOUNT)?;
            let moved = match self.namespace.rename(sort, id, None, 0) {
                Err(error) if is_gone(error) => continue,
                // Somebody has come to use it since it was looked at.
                Err(error) if error == EBUSY => {
                    return Err(named(Refusal::new(Reason::IpcTaken, EEXIST), sort, id));
                }
                moved => moved?,
            };
            let _ = self.aside.push_within_capacity((sort, moved, id, key));
        }
        Ok(())
    }

    /// The memory that a storage is, and its identifier.
    pub(super) fn memory(&self, storage: usize) -> Result<(OpenFile, i32)> {
        let mut all = self.segments.iter();
        let (_, id) = all.find(|(index, _)| *index == storage).ok_or(EINVAL)?;
        Ok((self.namespace.memory(*id)?, *id))
    }

    /// Nobody uses them any more until the tasks run. `new_pids`: numbers are not what they were.
    pub(crate) fn settle(
        &self,
        plan: &Plan,
        slots: &[Arc<Slot>],
        new_pids: bool,
    ) -> Result<(), Refusal> {
        let mut living = plan.members.iter().zip(slots);
        let viewer = living.find(|(member, _)| !member.has_ended());
        let (_, viewer) = viewer.ok_or(ESRCH)?;
        let pid = |number: i32| -> Result<Option<PidRef>> {
            if number == 0 {
                return Ok(None);
            }
            if task::is_interrupted() {
                return Err(EINTR);
            }
            for (member, slot) in plan.members.iter().zip(slots) {
                if plan.number(member.pid).map_err(|refusal| refusal.error())? == number {
                    return Ok(PidRef::of(&slot.task));
                }
            }
            match new_pids {
                true => Ok(None),
                false => PidRef::numbered(&viewer.task, number).map(Some),
            }
        };
        for object in plan.ipc.objects.iter() {
            let failed = |error| object.refusal(Reason::IpcNotMade, error);
            let record = &object.record;
            let users = Users {
                maker: pid(record.maker.get()).map_err(failed)?,
                last: pid(record.last.get()).map_err(failed)?,
                receiver: pid(record.receiver.get()).map_err(failed)?,
                thread: None,
            };
            let semaphores = object.semaphores(pid).map_err(failed)?;
            let thread = record.thread.get().checked_sub(1);
            let thread = thread.and_then(|thread| {
                let member = plan.members.get(thread as usize)?;
                slots.get(thread as usize).filter(|_| !member.has_ended())
            });
            let thread: Option<&Task> = thread.map(|slot| &*slot.task);
            let state = object.state(&plan.storages);
            self.namespace
                .set(object.sort, &state, &users, &semaphores, thread)
                .map_err(failed)?;
        }
        let is_member = |pid: &PidRef| {
            let is_it = |own: PidRef| own.identity() == pid.identity();
            slots
                .iter()
                .any(|slot| PidRef::of(&slot.task).is_some_and(is_it))
        };
        self.queues.settle(&plan.ipc.queues, pid, is_member)?;
        if let Some(space) = &plan.ipc.space {
            self.namespace.set_next(&space_state(space));
        }
        Ok(())
    }

    /// The restart has succeeded.
    pub(crate) fn keep(mut self) {
        self.is_kept = true;
        self.queues.keep();
        for (sort, id, ..) in self.aside.iter() {
            let _ = self.namespace.remove(*sort, *id);
        }
    }
}

impl Drop for Ipc {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        for (sort, id) in self.made.iter() {
            let _ = self.namespace.remove(*sort, *id);
        }
        let mut is_patient = true;
        for (sort, id, old, key) in self.aside.iter() {
            let back = || self.namespace.rename(*sort, *id, Some(*old), *key);
            let is_back = || !back().is_err_and(|error| error == EBUSY);
            // Who has just looked at it is done in a moment; there may be many that are in use.
            is_patient &= is_back() || (is_patient && task::wait_until(1_000, is_back));
        }
    }
}

/// The caller, which has a list, comes to have that to undo.
pub(crate) fn restore_undo(undo: &[(IpcUndo, KVVec<u8>)]) -> Result<(), Refusal> {
    for (record, tail) in undo {
        let mut adjust = KVVec::new();
        for value in tail.chunks_exact(2) {
            let value = value.try_into().map_err(|_| EINVAL)?;
            adjust.push(i16::from_le_bytes(value), GFP_KERNEL)?;
        }
        let set = ipc::set_undo(record.identifier.get(), &adjust);
        set.map_err(|error| {
            Refusal::new(Reason::StateNotRestored, error).name("what it has to undo of semaphores")
        })?;
    }
    Ok(())
}
