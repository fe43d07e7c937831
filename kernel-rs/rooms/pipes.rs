// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Pipes and FIFOs: what lies between the ends.
//!
//! Saves: every buffer as it is, with its borders: what one read gets, how much a write can add, how
//! many are in use; room (F_SETPIPE_SZ) and to whom it counts; owner, mode and times of a pipe.
//! Pages of files and of programs that were spliced in are copied. The ends are open files like any
//! other (`files`); a FIFO that was removed, or lies on a tmpfs, has a storage.
//! Refuses: pipes of notifications; a pipe with an end outside, or in nobody's hands; content that
//! cannot be read.
//! Needs, at restart: room within the caller's limits; CAP_SETUID, if it counts to another user; of
//! a FIFO the right to read or to write, with something in it to write. Nobody else may have it open.
//! Restores: the two ends that pipe(2) makes, and all others by opening those again, never waiting
//! for a partner: until everything is open and filled by the coordinator, every pipe has a reader
//! and a writer. Inode numbers are new.
//! Locks: the mutex of a pipe, the lock of its inode, task_lock over files_struct; each inside one call
//! of the glue.

use core::mem::size_of;

use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromZeros, IntoBytes};

use super::descriptors::blame;
use super::files::{text, FilePlan};
use super::kinds::{SHOWN, S_IFIFO, S_IFMT};
use super::storage::Storages;
use crate::abstractions::creds::{self, capable, CAP_SETUID};
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, FileState, OpenFile};
use crate::abstractions::pipes::{may_open, may_write, Buffer, End};
use crate::abstractions::space::{Space, PAGE};
use crate::abstractions::storage::StorageState;
use crate::abstractions::task;
use crate::abstractions::until_zero;
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::format::files::{OpenFile as FileRecord, FILE_FIRST};
use crate::format::pipes::{
    Pipe, PipeData, BUFFER_MERGES, BUFFER_PACKET, MAX_PIPE_DATA, PIPE_FIFO, PIPE_POLLED,
};
use crate::format::reason::Reason;
use crate::format::{decode, Kind, ObjectId, Problem};
use crate::log::Refusal;
use crate::sort;
use crate::stream::{Arrived, Sink, Source};

/// What is in a pipe, for the stream to carry.
pub(crate) struct Contents {
    id: ObjectId,
    /// An end of it, by its place among the open files of the capture.
    file: usize,
    buffers: u32,
    longest: u32,
    /// Between which they lie.
    ends: (u32, u32),
    bytes: u64,
    name: KVVec<u8>,
    /// To be said if somebody outside has an end too.
    suspicion: Option<Refusal>,
}

/// What a pipe without a name is called: as in /proc/PID/fd, behind a slash.
pub(super) fn name_of(label: &[u8]) -> Result<KVVec<u8>> {
    let label = until_zero(label);
    let mut name = KVVec::new();
    name.push(b'/', GFP_KERNEL_ACCOUNT)?;
    name.extend_from_slice(label, GFP_KERNEL_ACCOUNT)?;
    Ok(name)
}

/// Describes the pipe that an open file is an end of, once. The file itself is described next.
/// `storage`: of a FIFO that cannot be found by its path.
pub(super) fn capture(
    file: &OpenFile,
    state: &FileState,
    storage: ObjectId,
    path: &[u8],
    task: &FrozenTask,
    place: &impl Fn(Refusal) -> Refusal,
    out: &mut Capture<'_>,
) -> Result<Result<ObjectId, Refusal>> {
    let end = End::of(file).ok_or(EINVAL)?;
    if let Some(id) = out.known(end.identity()) {
        return Ok(Ok(id));
    }
    let shown = match state.by_path {
        true => path,
        false => path.get(1..).unwrap_or(path),
    };
    let refusal = |reason| task.refusal(reason).text(shown);
    let inside = end.state()?;
    if inside.notifies {
        let refusal = task.refusal(Reason::FileKind);
        return Ok(Err(refusal.name("a pipe of notifications")));
    }
    if inside.unreadable || u64::from(inside.longest) > MAX_PIPE_DATA {
        return Ok(Err(refusal(Reason::PipeContent)));
    }
    let mut record = Pipe::new_zeroed();
    let mut flags = 0;
    if state.by_path {
        flags |= PIPE_FIFO;
        record.mode = U32::new(state.mode & S_IFMT);
    } else {
        let inode = file.storage()?;
        if inode.uid == u32::MAX || inode.gid == u32::MAX {
            return Ok(Err(refusal(Reason::StorageAttributes)));
        }
        record.mode = U32::new(inode.mode);
        record.uid = U32::new(inode.uid);
        record.gid = U32::new(inode.gid);
        record.atime_s = U64::new(inode.atime_s);
        record.mtime_s = U64::new(inode.mtime_s);
        record.atime_ns = U32::new(inode.atime_ns);
        record.mtime_ns = U32::new(inode.mtime_ns);
    }
    if inside.user == u32::MAX {
        return Ok(Err(refusal(Reason::StorageAttributes)));
    }
    if inside.polled {
        flags |= PIPE_POLLED;
    }
    let (id, _) = out.object(end.identity())?;
    record.id = id;
    record.storage = storage;
    record.flags = U32::new(flags);
    record.user = U32::new(inside.user);
    record.buffers = U32::new(inside.buffers);
    record.size = U64::new(inside.room);
    record.bytes = U64::new(inside.bytes);
    out.record_waiting(Waiting::Message, &record, path)?;
    let mut name = KVVec::new();
    name.extend_from_slice(shown, GFP_KERNEL_ACCOUNT)?;
    let contents = Contents {
        id,
        file: out.files().len(),
        buffers: inside.buffers,
        longest: inside.longest,
        ends: (inside.head, inside.tail),
        bytes: inside.bytes,
        name,
        suspicion: Some(place(refusal(Reason::PipeHeld))),
    };
    out.pipes.push(contents, GFP_KERNEL_ACCOUNT)?;
    Ok(Ok(id))
}

/// Pipes with more ends than the container has. When all its tasks have been looked at; those
/// outside are gone through once.
pub(crate) fn refuse_shared(out: &mut Capture<'_>) -> Result {
    let mut ends = KVVec::new();
    for file in out.files() {
        if let Some(end) = End::of(file) {
            ends.push(end.identity(), GFP_KERNEL)?;
        }
    }
    sort::values(&mut ends);
    let mut found = KVVec::new();
    for (index, pipe) in out.pipes.iter().enumerate() {
        let file = out.files().get(pipe.file).ok_or(EINVAL)?;
        let Some(end) = End::of(file) else {
            continue;
        };
        let first = ends.partition_point(|other| *other < end.identity());
        let after = ends.partition_point(|other| *other <= end.identity());
        let ours = after.saturating_sub(first) as u32;
        let others = end.count().saturating_sub(ours);
        if others > 0 {
            found.push((file.inode(), index, others), GFP_KERNEL)?;
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    sort::values(&mut found);
    let mut suspects = KVVec::with_capacity(found.len(), GFP_KERNEL)?;
    for (_, index, _) in found.iter() {
        let pipe = out.pipes.get(*index).ok_or(EINVAL)?;
        let file = out.files().get(pipe.file).ok_or(EINVAL)?;
        suspects.push(Suspect::of_inode(file), GFP_KERNEL)?;
    }
    descriptors::find_outside(out.cgroup, &mut suspects)?;
    for (suspect, (_, index, others)) in suspects.iter().zip(found.iter()) {
        let pipe = out.pipes.get_mut(*index).ok_or(EINVAL)?;
        let Some(suspicion) = pipe.suspicion.take() else {
            continue;
        };
        let refusal = if suspect.outsider() == 0 {
            suspicion.value((*others).into())
        } else {
            let refusal = suspicion.because(Reason::PipeOutside);
            blame(refusal, &pipe.name, b" is also open in ", suspect)?
        };
        out.refuse(refusal);
    }
    Ok(())
}

/// Bytes of the fixed part of a `PipeData`.
const FIXED: usize = size_of::<PipeData>();

impl Contents {
    /// Writes it. `files`: those of the capture.
    pub(crate) fn stream(&self, files: &[OpenFile], sink: &mut Sink) -> Result<(), Refusal> {
        let refusal = |reason, error| Refusal::new(reason, error).text(&self.name);
        let end = files.get(self.file).and_then(End::of).ok_or(EINVAL)?;
        let size = FIXED.saturating_add(self.longest as usize);
        let mut payload = KVVec::from_elem(0u8, size, GFP_KERNEL)?;
        let mut bytes = 0u64;
        for index in 0..self.buffers {
            let (fixed, data) = payload.split_at_mut_checked(FIXED).ok_or(EINVAL)?;
            // Whoever may look into /proc/PID/fd can open an end too.
            let peeked = end.peek(index, self.ends, data);
            let (buffer, length) = peeked.map_err(|error| match error == errno::stale() {
                true => refusal(Reason::StorageChanged, EAGAIN),
                false => refusal(Reason::PipeContent, error),
            })?;
            bytes = bytes.saturating_add(length as u64);
            let mark = |is: bool, mark| if is { mark } else { 0 };
            let record = PipeData {
                pipe: self.id,
                flags: U32::new(
                    mark(buffer.is_packet, BUFFER_PACKET) | mark(buffer.merges, BUFFER_MERGES),
                ),
                offset: U32::new(buffer.offset),
                reserved: U32::ZERO,
            };
            fixed.copy_from_slice(record.as_bytes());
            let whole = payload.get(..FIXED.saturating_add(length)).ok_or(EINVAL)?;
            sink.record(Kind::PipeData, FIXED as u32, whole)?;
        }
        // Of a buffer that was there some may be read, and to one something be added.
        if bytes != self.bytes {
            return Err(refusal(Reason::StorageChanged, EAGAIN));
        }
        Ok(())
    }
}

/// A pipe as the image describes it.
pub(crate) struct PipePlan {
    record: Pipe,
    /// Index of its storage, if it has one.
    pub(crate) storage: Option<usize>,
    /// A path, or what the pipe was called; with a zero byte at the end.
    name: KVVec<u8>,
}

impl PipePlan {
    /// Takes a record in.
    pub(crate) fn new(record: Pipe, name: &[u8], storage: Option<usize>) -> Result<Self, Refusal> {
        if u64::from(record.buffers.get()) > record.size.get() / PAGE {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name("buffers");
            return Err(refusal.value(record.buffers.get().into()));
        }
        Ok(Self {
            record,
            storage,
            name: text(name)?,
        })
    }

    fn is_fifo(&self) -> bool {
        self.record.flags.get() & PIPE_FIFO != 0
    }

    fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        let name = match self.is_fifo() {
            true => &self.name[..],
            false => self.name.get(1..).unwrap_or(&[]),
        };
        Refusal::new(reason, error).text(name)
    }

    fn not_made(&self) -> impl Fn(Error) -> Refusal + '_ {
        |error| self.refusal(Reason::StorageNotMade, error)
    }

    /// The attributes of a pipe.
    fn state(&self) -> Result<KVBox<StorageState>> {
        Ok(inode_state!(self.record)?)
    }

    /// Makes a pipe, or opens a FIFO, with the rights and within the limits of the caller.
    fn make(&self, storages: &Storages) -> Result<Made, Refusal> {
        let mut ends = KVec::new();
        if self.is_fifo() {
            ends.push(self.open_fifo(storages)?, GFP_KERNEL_ACCOUNT)?;
        } else {
            ends.reserve(2, GFP_KERNEL_ACCOUNT)?;
            for end in End::make_both().map_err(self.not_made())? {
                let _ = ends.push_within_capacity(end);
            }
        }
        let end = ends.first().ok_or(EINVAL)?;
        if !self.is_fifo() {
            let state = self.state()?;
            end.file().set_storage(&state).map_err(self.not_made())?;
        }
        let room = self.record.size.get();
        end.resize(room)
            .map_err(|error| self.refusal(Reason::PipeSize, error).value(room))?;
        self.charge(end)?;
        Ok(Made {
            is_fifo: self.is_fifo(),
            ends,
            given: [false; 2],
            buffers: 0,
            bytes: 0,
        })
    }

    fn open_fifo(&self, storages: &Storages) -> Result<End, Refusal> {
        let (found, is_new) = match self.storage {
            Some(index) => storages.seat(index).ok_or(EINVAL)?,
            None => {
                let name = CStr::from_bytes_with_nul(&self.name).map_err(|_| EINVAL)?;
                let found = OpenFile::open(name, oflag::O_PATH);
                let missing = |error| self.refusal(Reason::FileMissing, error);
                (found.map_err(missing)?, false)
            }
        };
        if found.state(None)?.mode & S_IFMT != S_IFIFO {
            return Err(self.refusal(Reason::FileChanged, errno::stale()));
        }
        // Its ends are opened later, each with the rights that it takes; this one is seen before.
        if !is_new && !may_open(&found) {
            return Err(self.refusal(Reason::FileMissing, EACCES));
        }
        if !is_new && self.record.buffers.get() > 0 && !may_write(&found) {
            let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
            return Err(refusal.name("what is in its FIFOs"));
        }
        End::open_fifo(&found).map_err(|error| {
            let reason = match error == EBUSY {
                true => Reason::FifoInUse,
                false => Reason::FileMissing,
            };
            self.refusal(reason, error)
        })
    }

    /// Its room counts to the user to whom it did.
    fn charge(&self, end: &End) -> Result<(), Refusal> {
        let (current, _) = creds::of(&task::current())?;
        let user = self.record.user.get();
        if user == current.uid {
            return Ok(());
        }
        if !capable(CAP_SETUID) {
            let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
            return Err(refusal.name("the users of its pipes"));
        }
        end.charge(user).map_err(|error| match error == EPERM {
            true => self
                .refusal(Reason::PipeSize, error)
                .value(self.record.size.get()),
            false => self.not_made()(error),
        })
    }
}

/// A pipe that has been made, or a FIFO that has been opened.
struct Made {
    is_fifo: bool,
    /// What holds it until it is filled: reader and writer of a pipe, a FIFO's one that is both.
    ends: KVec<End>,
    /// Which of them are open files of the image.
    given: [bool; 2],
    /// What has come so far.
    buffers: u32,
    bytes: u64,
}

/// The pipes of a restart, until they are filled.
pub(crate) struct Pipes {
    made: KVVec<Made>,
}

impl Pipes {
    /// Makes or opens all of them.
    pub(crate) fn make(plans: &[PipePlan], storages: &Storages) -> Result<Self, Refusal> {
        let mut all = Self { made: KVVec::new() };
        for plan in plans {
            let made = plan.make(storages)?;
            all.made.push(made, GFP_KERNEL_ACCOUNT)?;
        }
        Ok(all)
    }

    /// Has it a name?
    pub(super) fn is_fifo(&self, index: usize) -> bool {
        self.made.get(index).is_some_and(|made| made.is_fifo)
    }

    /// Is this an open file of it?
    pub(super) fn has(&self, index: usize, file: &OpenFile) -> bool {
        let end = self.made.get(index).and_then(|made| made.ends.first());
        end.is_some_and(|end| end.file().inode() == file.inode())
    }

    /// An end of a pipe without a name: one of the two that there are, or a new one.
    pub(super) fn open(&mut self, index: usize, record: &FileRecord) -> Result<OpenFile> {
        let made = self.made.get_mut(index).ok_or(EINVAL)?;
        let flags = record.flags.get();
        if record.origin.get() & FILE_FIRST == 0 {
            let any = made.ends.first().ok_or(EINVAL)?;
            let flags = flags & !SHOWN & !oflag::O_DIRECT | oflag::O_NONBLOCK;
            return any.file().open_again(flags);
        }
        let which = match flags & oflag::O_ACCMODE {
            0 => 0,
            oflag::O_WRONLY => 1,
            _ => return Err(EINVAL),
        };
        let given = made.given.get_mut(which).ok_or(EINVAL)?;
        if core::mem::replace(given, true) {
            return Err(EINVAL);
        }
        Ok(made.ends.get(which).ok_or(EINVAL)?.file().clone())
    }

    /// Fills all of them; gives back the first record that is of another kind.
    pub(crate) fn fill(
        &mut self,
        plans: &[PipePlan],
        payer: &Space,
        source: &mut Source,
        first: Arrived,
    ) -> Result<Arrived, Refusal> {
        let mut arrived = first;
        let mut last = 0;
        loop {
            match arrived.frame.kind() {
                Some(Kind::PipeData) => last = self.put(plans, payer, &arrived, last)?,
                None => (),
                Some(_) => break,
            }
            arrived = source.next()?;
        }
        for (plan, made) in plans.iter().zip(self.made.iter()) {
            let (buffers, bytes) = (plan.record.buffers.get(), plan.record.bytes.get());
            if made.buffers != buffers || made.bytes != bytes {
                let problem = Problem::Value("bytes", made.bytes);
                return Err(arrived.frame.error(problem).into());
            }
        }
        Ok(arrived)
    }

    /// Puts a buffer into its pipe, mostly the same as the `last`; gives the place of that pipe.
    fn put(
        &mut self,
        plans: &[PipePlan],
        payer: &Space,
        arrived: &Arrived,
        last: usize,
    ) -> Result<usize, Refusal> {
        let frame = &arrived.frame;
        let (record, bytes) = decode::<PipeData>(frame, &arrived.payload)?;
        if task::is_interrupted() {
            return Err(Refusal::new(Reason::Interrupted, EINTR));
        }
        let is_of = |plan: &PipePlan| plan.record.id == record.pipe;
        let index = match plans.get(last).is_some_and(is_of) {
            true => Some(last),
            false => plans.iter().position(is_of),
        };
        let unknown = || frame.error(Problem::Reference("pipe", record.pipe.get()));
        let index = index.ok_or_else(unknown)?;
        let plan = plans.get(index).ok_or(EINVAL)?;
        let made = self.made.get_mut(index).ok_or(EINVAL)?;
        let (flags, offset) = (record.flags.get(), record.offset.get());
        let merges = flags & BUFFER_MERGES != 0;
        let end = u64::from(offset).saturating_add(bytes.len() as u64);
        if u64::from(offset) >= PAGE || (merges && end > PAGE) {
            return Err(frame.error(Problem::Value("offset", offset.into())).into());
        }
        made.buffers = made.buffers.saturating_add(1);
        made.bytes = made.bytes.saturating_add(bytes.len() as u64);
        if made.buffers > plan.record.buffers.get() || made.bytes > plan.record.bytes.get() {
            return Err(frame.error(Problem::Value("bytes", made.bytes)).into());
        }
        let buffer = Buffer {
            offset,
            is_packet: flags & BUFFER_PACKET != 0,
            merges,
        };
        let holder = made.ends.first().ok_or(EINVAL)?;
        holder
            .put(payer, buffer, bytes)
            .map_err(|error| plan.refusal(Reason::StorageNotMade, error))?;
        Ok(index)
    }

    /// All is open and filled: lets go of what is not an open file of the image.
    pub(crate) fn finish(
        self,
        plans: &[PipePlan],
        files: &[FilePlan],
        opened: &[OpenFile],
    ) -> Result<(), Refusal> {
        for (plan, made) in plans.iter().zip(self.made.iter()) {
            let end = made.ends.first().ok_or(EINVAL)?;
            if !plan.is_fifo() {
                let state = plan.state()?;
                end.file().set_times(&state).map_err(plan.not_made())?;
            }
            if plan.record.flags.get() & PIPE_POLLED != 0 {
                end.note_polled();
            }
        }
        let all = files.iter().zip(opened);
        for (_, file) in all.filter(|(plan, _)| plan.awaits_writer()) {
            End::of(file).ok_or(EINVAL)?.await_writer();
        }
        for made in self.made {
            for end in made.ends {
                end.close();
            }
        }
        Ok(())
    }
}
