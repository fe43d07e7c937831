// SPDX-License-Identifier: GPL-2.0

//! Files: open files found again by their path.
//!
//! Saves: regular files, directories, devices that hold no state, ends of pipes and FIFOs (what is
//! between them: `pipes`), files that the kernel makes while they are read (how far that has come:
//! `generated`), special files (what they are: `specials`), and anything opened with O_PATH:
//! offset, flags, advice, who is signalled (`owners`). What has no path for good has a storage.
//! Refuses: every other kind of file by its name (`kinds`); files that are removed, unreachable,
//! opened in a landlock domain, or that failed to be written and nobody knows; that can be stored to
//! without the kernel's knowledge (DAX); directories that were read in part where the offset only
//! counts entries. That a file is also open outside is for `descriptors` to find.
//! Restores: opened with the rights of the one who opened it at first (f_cred), which the caller must
//! be able to take on: nobody gets what he has put in its place meanwhile and could not open himself.
//! What its opener may not open any more the caller opens, if it is the same inode. A regular file has the
//! size and modification time that it had, unless it is open for writing, not mapped, has only
//! grown, and the caller says that it may (`Growth`).
//! Locks: flc_lock, f_lock; each inside one call of the glue.

use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::{U32, U64};

use super::credentials;
use super::generated::{self, ReadingPlan};
use super::kinds::{
    self, named, obstacle, FLAGS, SHOWN, S_IFDIR, S_IFIFO, S_IFLNK, S_IFMT, S_IFREG,
};
use super::locks;
use super::owners;
use super::pipes::{self, Pipes};
use super::specials::{self, SpecialPlan, Specials};
use super::storage::{self, StoragePlan, Storages};
use crate::abstractions::creds::Prepared;
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, FileState, OpenFile};
use crate::abstractions::path::{self, PATH_ROOM};
use crate::abstractions::pipes::End;
use crate::abstractions::specials::kind as special;
use crate::capture::{Capture, FrozenTask};
use crate::format::files::{
    FileOwner, OpenFile as Record, FILE_FIRST, OPEN_FILE_ALL_READ, OPEN_FILE_AWAITS_WRITER,
    OPEN_FILE_CREATED, OPEN_FILE_GENERATED, OPEN_FILE_NAME_GONE, OPEN_FILE_NEWS,
    OPEN_FILE_NO_REUSE, OPEN_FILE_RANDOM, OPEN_FILE_SEQUENTIAL,
};
use crate::format::reason::Reason;
use crate::format::storage::{STORAGE_FORM_SEGMENT, STORAGE_FORM_VOLATILE};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// The offset behind all entries of a directory of tmpfs, and of others that count up to it.
const END_OF_ALL: u64 = i32::MAX as u64;

/// Describes an open file, once. `place` says whose it is, for refusals.
pub(crate) fn capture_file(
    file: &OpenFile,
    task: &FrozenTask,
    descriptor: Option<u32>,
    place: impl Fn(Refusal) -> Refusal,
    out: &mut Capture<'_>,
) -> Result<ObjectId> {
    if let Some(id) = out.known(file.identity()).filter(|id| !out.is_refused(*id)) {
        return Ok(id);
    }
    if out.is_first_of_inode(file.inode())? {
        // Its time has to tell whether it is still what it was.
        match file.catch_stores() {
            Err(error) if error == errno::not_supported() => {
                out.refuse(place(task.refusal(Reason::FileDirect)).text(&file.label()));
            }
            caught => caught?,
        }
    }
    let mut seen = look(file, task, descriptor)?;
    // Its storage first: an object only refers to what has a lower number.
    let storage = match &seen {
        Ok(Seen {
            form: Some(form),
            path,
            state,
        }) => {
            let with = (*form, state.unlinked, state.links);
            storage::capture(file, with, path, task, &place, out)?
        }
        _ => ObjectId::NONE,
    };
    let (mut inode, mut marks) = (storage, 0);
    if let Ok(Seen { state, .. }) = &seen {
        if state.special != special::NONE {
            match specials::capture(file, state, task, descriptor, &place, out)? {
                Ok(object) => (inode, marks) = object,
                Err(refusal) => seen = Err(refusal),
            }
        }
    }
    if let Ok(Seen { state, path, .. }) = &seen {
        if state.pipe {
            match pipes::capture(file, state, storage, path, task, &place, out)? {
                Ok(pipe) => inode = pipe,
                Err(refusal) => seen = Err(refusal),
            }
        }
    }
    let opener = match &seen {
        Ok(_) => credentials::capture_opener(file, out)?,
        Err(_) => None,
    };
    let (id, _) = out.file(file)?;
    match (seen, opener) {
        (Err(refusal), _) => out.refuse_file(id, place(refusal))?,
        (Ok(Seen { path, .. }), None) => {
            let refusal = task.refusal(Reason::FileOpener).text(&path);
            out.refuse_file(id, place(refusal))?;
        }
        (Ok(Seen { state, form, path }), Some(opener)) => {
            let owner = match state.has_owner {
                true => owners::capture(file, id, task, &path, out)?,
                false => Ok(None),
            };
            if form == Some(STORAGE_FORM_VOLATILE) && state.unlinked {
                marks |= OPEN_FILE_NAME_GONE;
            }
            out.record(&record(id, opener, inode, &state, marks), &path)?;
            match owner {
                Ok(None) => (),
                Ok(Some(owner)) => out.record(&owner, &[])?,
                Err(refusal) => out.refuse_file(id, place(refusal))?,
            }
            if state.generated {
                if let Err(refusal) = generated::capture(file, id, &path, task, out)? {
                    out.refuse_file(id, place(refusal))?;
                }
            }
        }
    }
    Ok(id)
}

/// A file that can be saved: what it is, what form its storage has, how it is called.
struct Seen {
    state: KVBox<FileState>,
    form: Option<u32>,
    path: KVVec<u8>,
}

/// What is to be said of a file, or why it cannot be saved.
fn look(
    file: &OpenFile,
    task: &FrozenTask,
    descriptor: Option<u32>,
) -> Result<Result<Seen, Refusal>> {
    let locks_of = descriptor.map(|_| &*task.task);
    let label = file.label();
    let Ok(state) = errno::answer(file.state(locks_of))? else {
        return Ok(Err(task.refusal(Reason::FileUnreachable).text(&label)));
    };
    let form = storage::form_of(&state);
    // Only /proc/PID/map_files leads to memory of System V.
    let is_segment_open = descriptor.is_some() && form == Some(STORAGE_FORM_SEGMENT);
    let reason = match is_segment_open {
        true => Some(Reason::FileKind),
        false => obstacle(&state, form),
    };
    let is_made = state.pipe || state.special != special::NONE;
    let named_as = match is_made && !state.by_path {
        true => pipes::name_of(&label),
        false => storage::name_of(file, &state),
    };
    let path = match errno::answer(named_as)? {
        Ok(path) => path,
        Err(error) => {
            let is_long = error == errno::name_too_long();
            let refusal = match reason {
                Some(reason) => task.refusal(reason),
                None if is_long => task
                    .refusal(Reason::FilePathLong)
                    .value((PATH_ROOM as u64).saturating_sub(1)),
                None => task.refusal(Reason::FileUnreachable),
            };
            return Ok(Err(named(refusal, &label, &state)?));
        }
    };
    if let Some(reason) = reason {
        let refusal = task.refusal(reason).value(state.flags.into());
        let name = if state.by_path { &path[..] } else { &label[..] };
        return Ok(Err(named(refusal, name, &state)?));
    }
    let has_path = state.by_path && !state.unlinked;
    let is_link = state.mode & S_IFMT == S_IFLNK;
    if let Some(reason) = locks::obstacle(file)? {
        return Ok(Err(named(task.refusal(reason), &path, &state)?));
    }
    if task.foreign.is_none() && has_path && !file.is_at(&file.path()?, &task.task, is_link)? {
        return Ok(Err(task.refusal(Reason::FilePath).text(&path)));
    }
    Ok(Ok(Seen { state, form, path }))
}

/// A refusal because somebody outside has it too, unless the open file itself holds nothing.
pub(super) fn shared(file: &OpenFile, task: &FrozenTask) -> Result<Option<Refusal>> {
    let state = file.state(None)?;
    if kinds::is_stateless(state.mode, state.flags) && state.special == special::NONE {
        return Ok(None);
    }
    let refusal = task.refusal(Reason::FileSharedOutside);
    Ok(Some(match file.path() {
        Ok(path) => refusal.text(path.as_bytes()),
        Err(_) => refusal.text(&file.label()),
    }))
}

fn record(
    id: ObjectId,
    opener: ObjectId,
    storage: ObjectId,
    state: &FileState,
    marks: u32,
) -> Record {
    let mark = |is: bool, mark| if is { mark } else { 0 };
    Record {
        id,
        mode: U32::new(state.mode),
        flags: U32::new(state.flags & FLAGS),
        device: U32::new(state.device),
        position: U64::new(state.position),
        size: U64::new(state.size),
        mtime_s: U64::new(state.mtime_s),
        mtime_ns: U32::new(state.mtime_ns),
        opener,
        storage,
        origin: U32::new(mark(state.first, FILE_FIRST)),
        inode: U64::new(state.inode),
        marks: U32::new(
            mark(state.created, OPEN_FILE_CREATED)
                | mark(state.random, OPEN_FILE_RANDOM)
                | mark(state.sequential, OPEN_FILE_SEQUENTIAL)
                | mark(state.no_reuse, OPEN_FILE_NO_REUSE)
                | mark(state.awaits_writer, OPEN_FILE_AWAITS_WRITER)
                | mark(state.generated, OPEN_FILE_GENERATED)
                | mark(state.news, OPEN_FILE_NEWS)
                | mark(state.at_end, OPEN_FILE_ALL_READ)
                | marks,
        ),
        write_hint: U32::new(state.write_hint),
        async_number: U32::new(state.async_number),
        reserved: U32::ZERO,
    }
}

/// What is allowed to files that are open for writing: logs that others went on writing, or the
/// program itself after the checkpoint.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Growth {
    /// Nothing: they are as they were.
    Strict,
    /// They may be longer, and stay so.
    Keep,
    /// They may be longer, and are cut back.
    Truncate,
}

/// An open file as the image describes it.
pub(crate) struct FilePlan {
    pub(crate) record: Record,
    /// An address space has it mapped, or runs it: no other content will do.
    pub(crate) is_mapped: bool,
    /// There is a lease on it: nobody could write to it unknown to the container.
    pub(crate) is_leased: bool,
    /// Whom it signals, and the task that bears that number.
    pub(crate) owner: Option<(FileOwner, Option<TaskId>)>,
    /// How far its reader has come, if the kernel makes what is read.
    pub(crate) reading: Option<ReadingPlan>,
    /// Index of its storage, if it has one.
    pub(crate) storage: Option<usize>,
    /// Index of the pipe that it is an end of.
    pub(crate) pipe: Option<usize>,
    /// Index of what it is, if it is a special file.
    pub(crate) special: Option<usize>,
    /// Index of the identity that opened it.
    opener: usize,
    path: KVVec<u8>,
}

impl FilePlan {
    /// Takes a record in; the path must be absolute text.
    pub(crate) fn new(
        record: Record,
        path: &[u8],
        (storage, pipe): (Option<usize>, Option<usize>),
        opener: usize,
    ) -> Result<Self, Refusal> {
        let is_end =
            record.mode.get() & S_IFMT == S_IFIFO && record.flags.get() & oflag::O_PATH == 0;
        let awaits = record.marks.get() & OPEN_FILE_AWAITS_WRITER != 0;
        if is_end != pipe.is_some() || (awaits && !is_end) {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("storage");
            return Err(refusal.value(record.storage.get().into()));
        }
        let marks = record.marks.get();
        let is_regular = record.mode.get() & S_IFMT == S_IFREG;
        let is_alone = record.storage == ObjectId::NONE && record.flags.get() & oflag::O_PATH == 0;
        let is_possible = match marks & (OPEN_FILE_GENERATED | OPEN_FILE_NEWS) {
            0 => true,
            OPEN_FILE_NEWS => false,
            _ => is_regular && is_alone,
        };
        let is_nowhere = marks & OPEN_FILE_NAME_GONE != 0 && storage.is_none();
        if !is_possible || is_nowhere {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name("marks");
            return Err(refusal.value(marks.into()));
        }
        Ok(Self {
            record,
            is_mapped: false,
            is_leased: false,
            owner: None,
            reading: None,
            storage,
            pipe,
            special: None,
            opener,
            path: text(path)?,
        })
    }

    pub(super) fn path(&self) -> Result<&CStr, Refusal> {
        Ok(CStr::from_bytes_with_nul(&self.path).map_err(|_| EINVAL)?)
    }

    pub(super) fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        Refusal::new(reason, error).text(&self.path)
    }

    fn has(&self, mark: u32) -> bool {
        self.record.marks.get() & mark != 0
    }

    fn is_path(&self) -> bool {
        self.record.flags.get() & oflag::O_PATH != 0
    }

    pub(super) fn is_regular(&self) -> bool {
        let is_stored = self.special.is_none() && !self.is_generated();
        self.record.mode.get() & S_IFMT == S_IFREG && !self.is_path() && is_stored
    }

    /// Does the kernel make its content while it is read?
    pub(crate) fn is_generated(&self) -> bool {
        self.has(OPEN_FILE_GENERATED)
    }

    /// A directory, and its reader is between two entries, behind the dots?
    fn is_read_in_part(&self) -> bool {
        let is_directory = self.record.mode.get() & S_IFMT == S_IFDIR;
        let position = self.record.position.get();
        let is_at_end = position == END_OF_ALL || self.has(OPEN_FILE_ALL_READ);
        is_directory && position > 2 && !is_at_end
    }

    fn may_grow(&self) -> bool {
        let access = self.record.flags.get() & oflag::O_ACCMODE;
        let writes = access == oflag::O_WRONLY || access == oflag::O_RDWR;
        let is_free = !self.is_mapped && !self.is_leased;
        self.is_regular() && self.storage.is_none() && is_free && writes
    }

    /// A FIFO that has had no writer since this end was opened?
    pub(super) fn awaits_writer(&self) -> bool {
        self.has(OPEN_FILE_AWAITS_WRITER)
    }

    /// Are signals sent when something happens to it (O_ASYNC)?
    pub(super) fn is_async(&self) -> bool {
        self.record.flags.get() & oflag::FASYNC != 0
    }

    /// The descriptor that these signals name, if that is known.
    pub(super) fn async_number(&self) -> Option<u32> {
        self.record.async_number.get().checked_sub(1)
    }

    /// Its storage, and what it is called there, by a name that is gone or not.
    pub(crate) fn name_in_storage(&self) -> Option<(usize, &[u8], bool)> {
        Some((self.storage?, &self.path, self.has(OPEN_FILE_NAME_GONE)))
    }

    /// Opens it with the rights of its opener, and compares. `same_boot`: inode numbers mean what
    /// they meant. `twin`: an open file of the same storage by the same name.
    pub(crate) fn open(
        &self,
        growth: Growth,
        same_boot: bool,
        (storages, twin): (&Storages, Option<&OpenFile>),
        plans: &[StoragePlan],
        (pipes, openers): (&mut Pipes, &[Prepared]),
        (specials, special_plans): (&Specials, &[SpecialPlan]),
    ) -> Result<OpenFile, Refusal> {
        let flags = self.record.flags.get();
        if flags & !FLAGS != 0 {
            return Err(self.refusal(Reason::FileFlags, EINVAL).value(flags.into()));
        }
        let made = match self.storage {
            Some(index) => Some((index, plans.get(index).ok_or(EINVAL)?)),
            None => None,
        };
        let is_found = made.is_some_and(|(index, plan)| storages.is_at_path(index, plan));
        let made = made.filter(|_| !is_found || self.has(OPEN_FILE_NAME_GONE));
        let opener = self.opener(openers)?;
        let file = match (self.special, self.pipe, made) {
            (Some(index), _, _) => specials.open(index, special_plans, self, opener)?,
            (None, Some(pipe), _) => {
                self.open_end(pipe, made, (storages, twin), (&mut *pipes, opener))?
            }
            (None, None, Some((index, plan))) => {
                if plan.is_fifo() && !self.is_path() {
                    return Err(self.refusal(Reason::FileKind, EINVAL));
                }
                storages.open((index, plan), &self.record, &self.path, twin, opener)?
            }
            (None, None, None) => self.open_path(flags, opener)?,
        };
        if let (Some(index), true) = (self.storage, is_found) {
            // What is compared is the storage.
            let seat = storages.seat(index);
            if seat.is_none_or(|(seat, _)| seat.inode() != file.inode()) {
                return Err(self.changed("it was replaced", errno::stale()));
            }
        }
        file.set_opener(opener);
        file.show(flags, self.has(OPEN_FILE_CREATED));
        let is_nameless = self.pipe.is_some_and(|pipe| !pipes.is_fifo(pipe));
        if (made.is_none() || is_found) && !is_nameless && self.special.is_none() {
            self.compare(&file, growth, same_boot)?;
        }
        match self.is_generated() {
            true => generated::go_on(&file, self)?,
            false => {
                let position = self.record.position.get();
                let moved = match self.has(OPEN_FILE_ALL_READ) {
                    true => file.seek_to_end(position),
                    false => file.seek(position),
                };
                moved.map_err(|error| self.changed("its offset cannot be set", error))?;
            }
        }
        file.advise(
            self.has(OPEN_FILE_SEQUENTIAL),
            self.has(OPEN_FILE_RANDOM),
            self.has(OPEN_FILE_NO_REUSE),
        )
        .map_err(|error| self.changed("it does not take its advice", error))?;
        Ok(file)
    }

    /// Opens an end of a pipe or FIFO, without waiting for the other.
    fn open_end(
        &self,
        index: usize,
        made: Option<(usize, &StoragePlan)>,
        (storages, twin): (&Storages, Option<&OpenFile>),
        (pipes, opener): (&mut Pipes, &Prepared),
    ) -> Result<OpenFile, Refusal> {
        let flags = self.record.flags.get();
        // That one only fcntl(2) gives.
        let at_once = flags & !oflag::O_DIRECT | oflag::O_NONBLOCK;
        let file = match made {
            _ if !pipes.is_fifo(index) => pipes
                .open(index, &self.record)
                .map_err(|error| self.missing(error))?,
            Some((storage, plan)) => {
                let mut record = self.record;
                record.flags = U32::new(at_once);
                storages.open((storage, plan), &record, &self.path, twin, opener)?
            }
            None => self.open_path(at_once, opener)?,
        };
        if !pipes.has(index, &file) {
            return Err(self.changed("it was replaced", errno::stale()));
        }
        let end = End::of(&file).ok_or_else(|| self.refusal(Reason::FileKind, EINVAL))?;
        end.set_flags(flags)
            .map_err(|error| self.refusal(Reason::FileFlags, error).value(flags.into()))?;
        Ok(file)
    }

    fn open_path(&self, flags: u32, opener: &Prepared) -> Result<OpenFile, Refusal> {
        let asked = match self.is_path() {
            true => flags & !SHOWN | flags & oflag::O_NOFOLLOW,
            false => flags & !SHOWN,
        };
        if !self.is_path() {
            let (mode, device) = (self.record.mode.get(), self.record.device.get());
            if self.pipe.is_none() && !kinds::opens_harmlessly(mode, device) {
                return Err(self.refusal(Reason::FileKind, EINVAL));
            }
            let found = path::kind(self.path()?).map_err(|error| self.missing(error))?;
            self.compare_type(found)?;
        }
        // What the kernel makes asks its opener again whenever it is read.
        let known = match self.is_generated() {
            true => 0,
            false => self.record.inode.get(),
        };
        OpenFile::open_as(self.path()?, asked, opener, known).map_err(|error| self.missing(error))
    }

    /// Who opened it at first.
    pub(super) fn opener<'a>(&self, openers: &'a [Prepared]) -> Result<&'a Prepared> {
        openers.get(self.opener).ok_or(EINVAL)
    }

    fn compare_type(&self, (mode, device): (u32, u32)) -> Result<(), Refusal> {
        let differs = |what| Err(self.changed(what, errno::stale()));
        if (mode ^ self.record.mode.get()) & S_IFMT != 0 {
            return differs("it is of another type");
        }
        if device != self.record.device.get() {
            return differs("it is another device");
        }
        Ok(())
    }

    fn compare(&self, file: &OpenFile, growth: Growth, same_boot: bool) -> Result<(), Refusal> {
        let now = file.state(None)?;
        let was = &self.record;
        self.compare_type((now.mode, now.device))?;
        if !now.by_path || now.of_process || now.generated != self.is_generated() {
            return Err(self.refusal(Reason::FileKind, EINVAL));
        }
        // Whoever opened the file with a flag of another kernel, or without one that is forced here.
        if (now.flags ^ was.flags.get()) & !oflag::FASYNC != 0 {
            let flags = was.flags.get().into();
            return Err(self.refusal(Reason::FileFlags, EINVAL).value(flags));
        }
        if self.is_read_in_part() {
            let is_same = same_boot && was.inode.get() == now.inode;
            if storage::is_volatile(&now) && !is_same {
                return Err(self.changed("its entries are numbered anew", errno::stale()));
            }
            if same_boot && was.inode.get() != 0 && !is_same {
                return Err(self.changed("it was replaced", errno::stale()));
            }
        }
        let same_time = now.mtime_s == was.mtime_s.get() && now.mtime_ns == was.mtime_ns.get();
        if !self.is_regular() || (now.size == was.size.get() && same_time) {
            return Ok(());
        }
        let differs = |what| Err(self.changed(what, errno::stale()));
        let is_other = same_boot && was.inode.get() != 0 && was.inode.get() != now.inode;
        let longer = now.size.checked_sub(was.size.get());
        match longer {
            Some(longer) if self.may_grow() && !is_other => match growth {
                Growth::Keep | Growth::Truncate => Ok(()),
                Growth::Strict => Err(self.refusal(Reason::FileGrew, errno::stale()).value(longer)),
            },
            _ if is_other => differs("it was replaced"),
            Some(0) => differs("it was modified"),
            _ => differs("its size differs"),
        }
    }

    fn missing(&self, error: Error) -> Refusal {
        self.refusal(Reason::FileMissing, error)
    }

    pub(super) fn changed(&self, what: &'static str, error: Error) -> Refusal {
        changed(&self.path, what, error)
    }
}

/// `path`: may have its zero byte at the end.
pub(super) fn changed(path: &[u8], what: &'static str, error: Error) -> Refusal {
    let path = path.strip_suffix(b"\0").unwrap_or(path);
    let mut text = KVec::new();
    let said = text
        .extend_from_slice(path, GFP_KERNEL)
        .and_then(|()| text.extend_from_slice(b": ", GFP_KERNEL))
        .and_then(|()| text.extend_from_slice(what.as_bytes(), GFP_KERNEL));
    let name = if said.is_ok() { &text[..] } else { path };
    Refusal::new(Reason::FileChanged, error).text(name)
}

/// What others can see of a restart in the files that it opens, as late as possible: nothing but
/// the death of its tasks can stop it any more. There is no way back from a cut; so that comes last.
pub(crate) fn take_effect(
    plans: &[FilePlan],
    files: &[OpenFile],
    growth: Growth,
) -> Result<(), Refusal> {
    let all = || plans.iter().zip(files);
    let is_hinted = |plan: &FilePlan| !plan.is_path() && plan.record.write_hint.get() != 0;
    for (plan, file) in all().filter(|(plan, _)| is_hinted(plan)) {
        file.hint(plan.record.write_hint.get())
            .map_err(|error| plan.changed("its write hint cannot be set", error))?;
    }
    if growth == Growth::Truncate {
        for (plan, file) in all().filter(|(plan, _)| plan.may_grow()) {
            file.cut(plan.record.size.get())
                .map_err(|error| plan.refusal(Reason::FileNotCut, error))?;
        }
    }
    Ok(())
}

/// A path as the image gives it: absolute text with a zero byte at the end and none before.
pub(super) fn text(path: &[u8]) -> Result<KVVec<u8>, Refusal> {
    if path.first() != Some(&b'/') || path.contains(&0) {
        return Err(Refusal::new(Reason::ImageValue, EINVAL).name("path"));
    }
    let mut text = KVVec::new();
    text.extend_from_slice(path, GFP_KERNEL_ACCOUNT)?;
    text.push(0, GFP_KERNEL_ACCOUNT)?;
    Ok(text)
}
