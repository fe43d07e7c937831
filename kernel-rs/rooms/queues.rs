// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! POSIX message queues.
//!
//! Saves: name, also if it was removed; messages with their priorities, in their order; how many and
//! how long they may be; owner, mode, times; as whose it counts; who is told of the next message by a
//! signal, or keeps others from being told. Of an IPC namespace of the container's own: all queues,
//! and the directory that they lie in. Of one that others are in too: those that the container has
//! open, and nobody else. Who slept at one begins that call anew (`syscalls`), as after a plain freeze.
//! Refuses: one that is open outside, lies in another namespace, or tells somebody outside, or a
//! socket (SIGEV_THREAD); in a namespace of its own: one opened through a mount, whose place the new
//! namespace could not take, and one without a name that only somebody outside still has; one that
//! somebody sends to or receives from meanwhile.
//! Needs, at restart: RLIMIT_MSGQUEUE and the limits of the namespace, or CAP_SYS_RESOURCE; CAP_SETUID
//! and CAP_SETGID for what others own; CAP_SETUID, if it counts to another user; the mount that it was
//! opened through.
//! Restores: made and filled before files are opened; nothing keeps a name from being there still
//! when a container is killed: that very queue, if it is as it was, to the last byte and nanosecond,
//! and nobody has it open, is used again, unless it has changed until the tasks run. Inode numbers are
//! new.
//! Locks: that of a queue, mq_lock, the lock of its directory; each inside one call of the glue.

use core::cell::Cell;
use core::mem::size_of;

use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::{I32, I64, U32, U64};
use zerocopy::IntoBytes;

use super::descriptors::blame;
use super::files::FilePlan;
use super::kinds::SHOWN;
use crate::abstractions::creds::{self, capable, CAP_SETGID, CAP_SETUID};
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, FileState, OpenFile};
use crate::abstractions::ipc::{IpcNamespace, PidRef};
use crate::abstractions::queues::{notify, Message, Queue, QueueState};
use crate::abstractions::task;
use crate::abstractions::until_zero;
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::format::files::OPEN_FILE_BY_NAME;
use crate::format::queues::{
    Queue as Record, QueueMessage, QueueNotice, QUEUE_NOTICE_NONE, QUEUE_NOTICE_SIGNAL,
    QUEUE_REMOVED,
};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::sort;

/// Bytes in front of a message: priority and size.
const HEAD: usize = 2 * size_of::<u32>();
/// Room to look at messages, if they are not longer.
const ROOM: usize = 256 * 1024;

/// A queue that was met.
pub(crate) struct Met {
    queue: Queue,
    /// As it was described.
    record: Record,
    /// Who was to be told of a message then.
    owner: Option<PidRef>,
    has_changed: bool,
    /// That of the descriptor or namespace where it was met.
    refusal: Option<Refusal>,
}

impl Met {
    /// Is it as it was described? Who sends or receives sets its times, and a message takes with it who
    /// was to be told: neither may be in the image without the other.
    fn is_same(&self, state: &QueueState, owner: Option<&PidRef>) -> bool {
        let now = record(self.record.id, state);
        let told = self.owner.as_ref().map(PidRef::identity);
        now.as_bytes() == self.record.as_bytes() && owner.map(PidRef::identity) == told
    }
}

/// A queue as mq_open(2) calls it.
fn label(name: &[u8]) -> Result<KVec<u8>> {
    let mut text = KVec::new();
    text.extend_from_slice(b"message queue /", GFP_KERNEL)?;
    text.extend_from_slice(until_zero(name), GFP_KERNEL)?;
    Ok(text)
}

fn called(refusal: Refusal, name: &[u8]) -> Refusal {
    match label(name) {
        Ok(text) => refusal.text(&text),
        Err(_) => refusal.name("a message queue"),
    }
}

/// The first message of those that the kernel gives, and the others.
fn message(bytes: &[u8]) -> Option<(Message<'_>, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let (priority, size) = head.split_at_checked(size_of::<u32>())?;
    let priority = u32::from_ne_bytes(priority.try_into().ok()?);
    let size = u32::from_ne_bytes(size.try_into().ok()?);
    let (bytes, rest) = rest.split_at_checked(size as usize)?;
    Some(((priority, bytes), rest))
}

/// Calls `see` for each message, until it says no. Gives whether it never did, and how many it saw.
fn for_each(
    queue: &Queue,
    state: &QueueState,
    mut see: impl FnMut(Message<'_>) -> Result<bool>,
) -> Result<(bool, u32)> {
    let longest = (state.inside.msgsize as usize).saturating_add(HEAD);
    let all = (state.inside.messages as usize).saturating_mul(HEAD);
    let all = all.saturating_add(usize::try_from(state.inside.bytes)?);
    let room = longest.max(ROOM.min(all));
    let mut bytes = KVVec::from_elem(0u8, room, GFP_KERNEL)?;
    let mut count = 0u32;
    loop {
        let used = queue.messages(count, &mut bytes)?;
        if used == 0 {
            return Ok((true, count));
        }
        let mut rest = bytes.get(..used).ok_or(EINVAL)?;
        while let Some((message, after)) = message(rest) {
            count = count.saturating_add(1);
            if !see(message)? {
                return Ok((false, count));
            }
            rest = after;
        }
        if task::is_interrupted() {
            return Err(EINTR);
        }
    }
}

/// Describes the queue that an open file is of, once; and whether mq_open(2) has opened it.
pub(super) fn capture(
    file: &OpenFile,
    state: &FileState,
    task: &FrozenTask,
    place: &impl Fn(Refusal) -> Refusal,
    out: &mut Capture<'_>,
) -> Result<Result<(ObjectId, u32), Refusal>> {
    let queue = Queue::of(file).ok_or(EINVAL)?;
    let (inside, _) = queue.state()?;
    let refusal = |reason| called(task.refusal(reason), &inside.name);
    let namespace = IpcNamespace::of(&task.task)?;
    if !queue.is_in(&namespace) {
        return Ok(Err(refusal(Reason::QueueElsewhere)));
    }
    let marks = match state.by_path {
        true => 0,
        false => OPEN_FILE_BY_NAME,
    };
    let here = IpcNamespace::of(&task::current())?;
    if state.by_path && namespace.identity() != here.identity() {
        return Ok(Err(refusal(Reason::QueueMounted)));
    }
    if let Some(id) = out.known(file.inode()) {
        return Ok(Ok((id, marks)));
    }
    let said = place(task.refusal(Reason::QueueUnreadable));
    let cannot = oflag::O_WRONLY | oflag::O_PATH;
    let may_read = state.flags & cannot == 0 || queue.is_readable();
    match describe(&queue, may_read, said, out)? {
        Some(id) => Ok(Ok((id, marks))),
        None => Ok(Err(refusal(Reason::QueueUnreadable))),
    }
}

/// Describes one that was not met before; none: it cannot be. `may_read`: the caller, or a task that it
/// may look into.
fn describe(
    queue: &Queue,
    may_read: bool,
    refusal: Refusal,
    out: &mut Capture<'_>,
) -> Result<Option<ObjectId>> {
    let (state, owner) = queue.state()?;
    let name = until_zero(&state.name);
    let is_known = ![state.uid, state.gid, state.inside.user].contains(&u32::MAX);
    if !may_read || !is_known || !Record::takes_name(name) {
        return Ok(None);
    }
    let (id, _) = out.object(queue.file().inode())?;
    let record = record(id, &state);
    out.record(&record, name)?;
    let (_, count) = for_each(queue, &state, |(priority, bytes)| {
        let message = QueueMessage {
            queue: id,
            priority: U32::new(priority),
        };
        out.record_waiting(Waiting::Message, &message, bytes)?;
        Ok(true)
    })?;
    let met = Met {
        queue: queue.again(),
        record,
        owner,
        // Somebody outside has taken one out, or put one in.
        has_changed: count != state.inside.messages,
        refusal: Some(called(refusal, name)),
    };
    out.queues.push(met, GFP_KERNEL)?;
    Ok(Some(id))
}

fn record(id: ObjectId, state: &QueueState) -> Record {
    let [accessed_s, modified_s, changed_s] = state.times.s;
    let [accessed_ns, modified_ns, changed_ns] = state.times.ns;
    Record {
        id,
        flags: U32::new(if state.removed { QUEUE_REMOVED } else { 0 }),
        mode: U32::new(state.mode),
        uid: U32::new(state.uid),
        gid: U32::new(state.gid),
        user: U32::new(state.inside.user),
        room: U32::new(state.inside.maxmsg),
        longest: U32::new(state.inside.msgsize),
        messages: U32::new(state.inside.messages),
        accessed_ns: U32::new(accessed_ns),
        modified_ns: U32::new(modified_ns),
        changed_ns: U32::new(changed_ns),
        accessed_s: I64::new(accessed_s),
        modified_s: I64::new(modified_s),
        changed_s: I64::new(changed_s),
        size: U64::new(state.size),
    }
}

/// Describes those of a namespace of its own that nobody has open. `count`: how many there are.
pub(super) fn capture_rest(
    namespace: &IpcNamespace,
    count: u32,
    viewer: &FrozenTask,
    out: &mut Capture<'_>,
) -> Result {
    let mut index = 0u32;
    while let Some(queue) = namespace.queue(index)? {
        index = index.saturating_add(1);
        if out.known(queue.file().inode()).is_some() {
            continue;
        }
        let refusal = viewer.refusal(Reason::QueueUnreadable);
        if describe(&queue, queue.is_readable(), refusal, out)?.is_none() {
            let (state, _) = queue.state()?;
            let refusal = viewer.refusal(Reason::QueueUnreadable);
            out.refuse(called(refusal, &state.name));
        }
        if task::is_interrupted() {
            return Err(EINTR);
        }
    }
    let others = (count as usize).saturating_sub(out.queues.len());
    if others > 0 {
        let refusal = viewer.refusal(Reason::QueueLost);
        out.refuse(refusal.value(others as u64));
    }
    Ok(())
}

/// Who is told of messages; and queues that somebody outside has open too. When all are known.
pub(super) fn finish(viewer: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let mut all = core::mem::take(&mut out.queues);
    for met in all.iter_mut() {
        let (state, owner) = met.queue.state()?;
        met.has_changed |= !met.is_same(&state, owner.as_ref());
        let Some(owner) = owner.filter(|_| !met.has_changed) else {
            continue;
        };
        let number = owner.number(&viewer.task);
        let what = match state.inside.notify {
            notify::SIGEV_NONE => QUEUE_NOTICE_NONE,
            notify::SIGEV_SIGNAL => QUEUE_NOTICE_SIGNAL,
            _ => 0,
        };
        let outsider = owner.outside(out.cgroup);
        let is_ours = out.member(owner.identity()).is_some() || !owner.lives();
        if what == 0 || number == 0 || outsider != 0 || !is_ours || state.inside.foreign {
            if let Some(refusal) = met.refusal.take() {
                out.refuse(refusal.because(Reason::QueueNotice));
            }
            continue;
        }
        let record = QueueNotice {
            queue: met.record.id,
            owner: I32::new(number),
            what: U32::new(what),
            signal: U32::new(state.inside.signal),
            same_program: U32::new(state.same_program.into()),
            reserved: U32::ZERO,
            value: U64::new(state.inside.value),
        };
        out.record(&record, &[])?;
    }
    refuse_shared(&mut all, out)?;
    for met in all.iter_mut().filter(|met| met.has_changed) {
        if let Some(refusal) = met.refusal.take() {
            out.refuse(refusal.changed());
        }
    }
    // Their addresses are numbers of objects.
    out.queues = all;
    Ok(())
}

/// Queues that are open more often than in the container; those outside are gone through once.
fn refuse_shared(all: &mut [Met], out: &mut Capture<'_>) -> Result {
    let mut ours = KVVec::new();
    for file in out.files().iter().filter(|file| file.uses_queue()) {
        ours.push(file.inode(), GFP_KERNEL)?;
    }
    sort::values(&mut ours);
    let mut found = KVVec::new();
    for (index, met) in all.iter().enumerate() {
        let inode = met.queue.file().inode();
        let first = ours.partition_point(|other| *other < inode);
        let after = ours.partition_point(|other| *other <= inode);
        let (state, _) = met.queue.state()?;
        let others = state
            .opens
            .saturating_sub(after.saturating_sub(first) as u64);
        if others > 0 {
            found.push((inode, index, others), GFP_KERNEL)?;
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    sort::values(&mut found);
    let mut suspects = KVVec::with_capacity(found.len(), GFP_KERNEL)?;
    for (_, index, _) in found.iter() {
        let met = all.get(*index).ok_or(EINVAL)?;
        suspects.push(Suspect::of_inode(met.queue.file()), GFP_KERNEL)?;
    }
    descriptors::find_outside(out.cgroup, &mut suspects)?;
    for (suspect, (_, index, others)) in suspects.iter().zip(found.iter()) {
        let met = all.get_mut(*index).ok_or(EINVAL)?;
        let (state, _) = met.queue.state()?;
        let Some(refusal) = met.refusal.take() else {
            continue;
        };
        if suspect.outsider() == 0 {
            out.refuse(refusal.because(Reason::QueueHeld).value(*others));
            continue;
        }
        let refusal = refusal.because(Reason::QueueOutside);
        let what = label(&state.name)?;
        out.refuse(blame(refusal, &what, b" is also open in ", suspect)?);
    }
    Ok(())
}

/// A queue as the image describes it.
pub(crate) struct QueuePlan {
    record: Record,
    /// With a zero byte at the end.
    name: KVVec<u8>,
    /// Priority and bytes.
    messages: KVVec<(u32, KVVec<u8>)>,
    notice: Option<QueueNotice>,
}

fn value(name: &'static str, value: u64) -> Refusal {
    let refusal = Refusal::new(Reason::ImageValue, EINVAL);
    refusal.name(name).value(value)
}

impl QueuePlan {
    /// Takes a record in.
    pub(super) fn new(record: Record, name: &[u8]) -> Result<Self, Refusal> {
        if !Record::takes_name(name) {
            return Err(value("name", name.len() as u64));
        }
        let mut text = KVVec::with_capacity(name.len().saturating_add(1), GFP_KERNEL_ACCOUNT)?;
        text.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        text.push(0, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            record,
            name: text,
            messages: KVVec::new(),
            notice: None,
        })
    }

    /// Takes the next message in.
    pub(super) fn add(&mut self, record: &QueueMessage, bytes: &[u8]) -> Result<(), Refusal> {
        let length = bytes.len() as u64;
        if length > self.record.longest.get().into() {
            return Err(value("longest", length));
        }
        let priority = record.priority.get();
        let follows = |(before, _): &(u32, _)| priority <= *before;
        if !self.messages.last().is_none_or(follows) {
            return Err(value("priority", priority.into()));
        }
        if self.messages.len() as u64 >= self.record.messages.get().into() {
            return Err(value("messages", self.record.messages.get().into()));
        }
        let mut copy = KVVec::with_capacity(bytes.len(), GFP_KERNEL_ACCOUNT)?;
        copy.extend_from_slice(bytes, GFP_KERNEL_ACCOUNT)?;
        Ok(self.messages.push((priority, copy), GFP_KERNEL_ACCOUNT)?)
    }

    /// Takes in who is told.
    pub(super) fn tell(&mut self, record: QueueNotice) -> Result<(), Refusal> {
        match self.notice.replace(record) {
            None => Ok(()),
            Some(other) => Err(value("owner", other.owner.get() as u64)),
        }
    }

    fn is_removed(&self) -> bool {
        self.record.flags.get() & QUEUE_REMOVED != 0
    }

    fn called(&self, reason: Reason, error: Error) -> Refusal {
        called(Refusal::new(reason, error), &self.name)
    }

    fn name(&self) -> Result<&CStr> {
        CStr::from_bytes_with_nul(&self.name).map_err(|_| EINVAL)
    }

    fn state(&self) -> Result<KVBox<QueueState>> {
        let record = &self.record;
        let mut state = crate::abstractions::zeroed::<QueueState>()?;
        for (to, from) in state.name.iter_mut().zip(self.name.iter()) {
            *to = *from;
        }
        state.removed = self.is_removed();
        state.mode = record.mode.get();
        state.uid = record.uid.get();
        state.gid = record.gid.get();
        state.inside.user = record.user.get();
        state.inside.maxmsg = record.room.get();
        state.inside.msgsize = record.longest.get();
        state.times.s = [
            record.accessed_s.get(),
            record.modified_s.get(),
            record.changed_s.get(),
        ];
        state.times.ns = [
            record.accessed_ns.get(),
            record.modified_ns.get(),
            record.changed_ns.get(),
        ];
        state.size = record.size.get();
        if let Some(notice) = &self.notice {
            state.inside.notify = match notice.what.get() {
                QUEUE_NOTICE_SIGNAL => notify::SIGEV_SIGNAL,
                _ => notify::SIGEV_NONE,
            };
            state.inside.signal = notice.signal.get();
            state.inside.value = notice.value.get();
            state.same_program = notice.same_program.get() != 0;
        }
        Ok(state)
    }

    /// May the caller give it away?
    fn check_rights(&self) -> Result<(), Refusal> {
        let refused = |what| Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name(what));
        let (own, _) = creds::of(&task::current())?;
        let record = &self.record;
        let is_own = record.uid.get() == own.euid && record.gid.get() == own.egid;
        if !(is_own || capable(CAP_SETUID) && capable(CAP_SETGID)) {
            return refused("the owners of its message queues");
        }
        if record.user.get() != own.uid && !capable(CAP_SETUID) {
            return refused("as whose its message queues count");
        }
        Ok(())
    }

    /// Is this the very queue, and nobody uses it?
    fn is(&self, queue: &Queue) -> Result<bool> {
        let is_as_it_was = self.is_as_it_was(queue)?;
        let (state, _) = queue.state()?;
        Ok(is_as_it_was && state.opens == 0)
    }

    /// Is it as it was, and nobody is to be told?
    fn is_as_it_was(&self, queue: &Queue) -> Result<bool> {
        let (state, owner) = queue.state()?;
        let now = record(self.record.id, &state);
        let is_alike = now.as_bytes() == self.record.as_bytes();
        if !is_alike || owner.is_some() {
            return Ok(false);
        }
        let mut rest = self.messages.iter();
        let (is_same, _) = for_each(queue, &state, |(priority, bytes)| {
            let is = |(own, copy): &(u32, KVVec<u8>)| *own == priority && **copy == *bytes;
            Ok(rest.next().is_some_and(is))
        })?;
        Ok(is_same && rest.next().is_none())
    }
}

/// Are all messages there, and have those with a name different ones? `is_opened`: has one an open
/// file, by its place; `is_own`: the namespace is the container's own.
pub(super) fn check(
    plans: &[QueuePlan],
    is_own: bool,
    is_opened: impl Fn(usize) -> bool,
) -> Result<(), Refusal> {
    let mut names = KVVec::new();
    for (index, plan) in plans.iter().enumerate() {
        if plan.messages.len() as u64 != plan.record.messages.get().into() {
            return Err(value("messages", plan.record.messages.get().into()));
        }
        let may_be_closed = is_own && !plan.is_removed();
        if !may_be_closed && !is_opened(index) {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("storage");
            return Err(refusal.value(plan.record.id.get().into()));
        }
        if !plan.is_removed() {
            names.push(&*plan.name, GFP_KERNEL)?;
        }
    }
    sort::values(&mut names);
    match names.windows(2).find(|pair| pair.first() == pair.last()) {
        Some(_) => Err(value("name", names.len() as u64)),
        None => Ok(()),
    }
}

/// A queue of a restart.
struct Made {
    queue: Queue,
    was_there: bool,
    /// It tells whom the image says.
    is_set: Cell<bool>,
}

/// The queues of a restart. Until they are kept, their names vanish with this.
#[derive(Default)]
pub(crate) struct Queues {
    all: KVVec<Made>,
    is_kept: bool,
}

impl Queues {
    /// Makes all, and fills them.
    pub(super) fn make(
        &mut self,
        plans: &[QueuePlan],
        namespace: &IpcNamespace,
    ) -> Result<(), Refusal> {
        self.all.reserve(plans.len(), GFP_KERNEL_ACCOUNT)?;
        for plan in plans {
            plan.check_rights()?;
            let (queue, was_there) = match namespace.make_queue(&*plan.state()?) {
                Ok(queue) => (queue, false),
                Err(EEXIST) => {
                    let queue = namespace.queue_called(plan.name()?)?;
                    if !plan.is(&queue)? {
                        return Err(plan.called(Reason::QueueTaken, EEXIST));
                    }
                    (queue, true)
                }
                Err(error) => return Err(plan.called(Reason::QueueNotMade, error)),
            };
            let made = Made {
                queue,
                was_there,
                is_set: Cell::new(false),
            };
            self.all.push(made, GFP_KERNEL_ACCOUNT)?;
            let Some(made) = self.all.last().filter(|made| !made.was_there) else {
                continue;
            };
            for (priority, bytes) in plan.messages.iter() {
                let put = made.queue.put(*priority, bytes);
                put.map_err(|error| plan.called(Reason::QueueNotMade, error))?;
            }
            if task::is_interrupted() {
                return Err(Refusal::new(Reason::Interrupted, EINTR));
            }
        }
        Ok(())
    }

    /// All of them, for those who open them.
    pub(super) fn handles(&self) -> Result<KVVec<Queue>> {
        let mut all = KVVec::with_capacity(self.all.len(), GFP_KERNEL_ACCOUNT)?;
        for made in self.all.iter() {
            all.push(made.queue.again(), GFP_KERNEL_ACCOUNT)?;
        }
        Ok(all)
    }

    /// Nobody uses them any more until the tasks run. `pid`: what has a number; `is_member`: is it of
    /// the container?
    pub(super) fn settle(
        &self,
        plans: &[QueuePlan],
        pid: impl Fn(i32) -> Result<Option<PidRef>>,
        is_member: impl Fn(&PidRef) -> bool,
    ) -> Result<(), Refusal> {
        for (plan, made) in plans.iter().zip(self.all.iter()) {
            // Somebody may have opened it since it was found, and what is in it now is theirs.
            if made.was_there && !plan.is_as_it_was(&made.queue)? {
                return Err(plan.called(Reason::QueueTaken, EEXIST));
            }
            let failed = |error| plan.called(Reason::QueueNotMade, error);
            let owner = match &plan.notice {
                None => None,
                Some(notice) => {
                    let owner = pid(notice.owner.get()).map_err(failed)?;
                    let owner = owner.ok_or_else(|| failed(ESRCH))?;
                    // A signal to anybody else would be none of the caller's.
                    if !is_member(&owner) && owner.lives() {
                        return Err(failed(EPERM));
                    }
                    Some(owner)
                }
            };
            let state = plan.state().map_err(failed)?;
            made.is_set.set(true);
            made.queue.set(&state, owner.as_ref()).map_err(failed)?;
        }
        Ok(())
    }

    /// The restart has succeeded.
    pub(super) fn keep(&mut self) {
        self.is_kept = true;
    }
}

impl Drop for Queues {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        for made in self.all.iter() {
            if made.is_set.get() {
                made.queue.forget_owner();
            }
            if !made.was_there {
                made.queue.remove();
            }
        }
    }
}

/// Opens one as it was.
pub(super) fn open(queue: &Queue, plan: &FilePlan) -> Result<OpenFile, Refusal> {
    let flags = plan.record.flags.get() & !SHOWN;
    let failed = |error| match error {
        error if error == errno::stale() => plan.refusal(Reason::QueueNotMounted, error),
        error => plan.refusal(Reason::FileMissing, error),
    };
    if plan.record.marks.get() & OPEN_FILE_BY_NAME != 0 {
        return queue.open(None, flags).map_err(failed);
    }
    let path = plan.path()?.to_bytes();
    let end = path.iter().rposition(|byte| *byte == b'/').ok_or(EINVAL)?;
    let mut directory = KVVec::new();
    directory.extend_from_slice(path.get(..end).ok_or(EINVAL)?, GFP_KERNEL)?;
    directory.extend_from_slice(b"/\0", GFP_KERNEL)?;
    let directory = CStr::from_bytes_with_nul(&directory).map_err(|_| EINVAL)?;
    queue.open(Some(directory), flags).map_err(failed)
}
