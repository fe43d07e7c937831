// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Storage: inodes whose content travels in the image, because no path leads to it for good.
//!
//! Saves: shared anonymous memory; that of System V (what else it has: `ipc`); memfds with name
//! and seals; removed files and O_TMPFILE files; files on tmpfs, ramfs, devtmpfs and hugetlbfs;
//! FIFOs likewise; memory in huge pages. Size, owner, mode, times, holes. One inode is one
//! storage, however many open files and areas share it. A file that has lost the name that it was
//! opened by and has another is found, or made, by that one.
//! Refuses: memory policies, ids without a number, attributes as `attributes` says; what a task
//! outside shares and could change; another name that cannot be found.
//! Restores: inodes are made with the rights of the caller before anything is opened or mapped, and
//! filled by the coordinator (`contents`). Where nothing outlives the kernel a file is made again with all
//! its names, if open files know them; by no symbolic link. They go again if the restart fails.
//! Locks: i_mmap_rwsem, tasklist_lock (read) over task_lock; the lock of an inode; each inside one
//! call of the glue.

use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::{U32, U64};

use super::attributes::{self, Attributes};
use super::contents::Content;
use super::files::text;
use super::ipc::Ipc;
use super::kinds::{SHOWN, S_IFDIR, S_IFMT, S_IFREG};
use super::scaffold::{c_str, copy, split, Scaffold};
use crate::abstractions::creds::Prepared;
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, FileState, OpenFile};
use crate::abstractions::ipc::IpcNamespace;
use crate::abstractions::specials::kind as special;
use crate::abstractions::storage::{self, object, StorageState, MAX_MEMFD_NAME};
use crate::abstractions::task;
use crate::abstractions::until_zero;
use crate::capture::{Capture, FrozenTask};
use crate::format::files::{OpenFile as FileRecord, FILE_FIRST, OPEN_FILE_NAME_GONE};
use crate::format::reason::Reason;
use crate::format::storage::{
    Storage, StorageAttribute, STORAGE_FORM_MEMFD, STORAGE_FORM_OTHER_NAME, STORAGE_FORM_REMOVED,
    STORAGE_FORM_SEGMENT, STORAGE_FORM_SHARED_MEMORY, STORAGE_FORM_VOLATILE, STORAGE_LINKABLE,
    STORAGE_NO_RESERVE,
};
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::sort;

/// File systems that do not outlive the kernel.
const VOLATILE: [u64; 3] = [
    0x0102_1994, // tmpfs, devtmpfs
    0x8584_58f6, // ramfs, rootfs
    0x9584_58f6, // hugetlbfs
];

const S_IFIFO: u32 = 0o010_000;
/// What is made is nobody else's to look into until it is what it was.
const ONLY_OWNER: u32 = 0o600;

/// Does it lie where nothing outlives the kernel?
pub(super) fn is_volatile(state: &FileState) -> bool {
    VOLATILE.contains(&state.fs_magic)
}

/// What form a storage of this file has, if its content has to travel.
pub(super) fn form_of(state: &FileState) -> Option<u32> {
    match state.object {
        object::SHARED_MEMORY => return Some(STORAGE_FORM_SHARED_MEMORY),
        object::MEMFD => return Some(STORAGE_FORM_MEMFD),
        object::SEGMENT => return Some(STORAGE_FORM_SEGMENT),
        _ => (),
    }
    if state.special == special::QUEUE {
        None
    } else if state.by_path && state.mode & S_IFMT == S_IFDIR {
        state.unlinked.then_some(STORAGE_FORM_REMOVED)
    } else if !state.by_path || !matches!(state.mode & S_IFMT, S_IFREG | S_IFIFO) {
        None
    } else if state.links == 0 {
        Some(STORAGE_FORM_REMOVED)
    } else if is_volatile(state) {
        Some(STORAGE_FORM_VOLATILE)
    } else {
        state.unlinked.then_some(STORAGE_FORM_OTHER_NAME)
    }
}

/// How a file is called, as /proc/PID/fd shows it, without " (deleted)".
pub(super) fn name_of(file: &OpenFile, state: &FileState) -> Result<KVVec<u8>> {
    if state.object == 0 {
        return copy(file.path()?.as_bytes());
    }
    segment_name(file)
}

/// How memory without a path is called.
pub(super) fn segment_name(file: &OpenFile) -> Result<KVVec<u8>> {
    let found = file.storage()?;
    let name = until_zero(&found.name);
    let mut text = copy(b"/")?;
    text.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
    Ok(text)
}

/// Describes the inode of a file, once. `path`: how the file is called, for the record and for
/// refusals, of which there may be several. `unlinked`: it was called so. `links`: its names.
pub(super) fn capture(
    file: &OpenFile,
    (form, unlinked, links): (u32, bool, u32),
    path: &[u8],
    task: &FrozenTask,
    place: &impl Fn(Refusal) -> Refusal,
    out: &mut Capture<'_>,
) -> Result<ObjectId> {
    let (id, is_new) = out.object(file.inode())?;
    if !is_new {
        return Ok(id);
    }
    let refusal = |reason| place(task.refusal(reason).text(path));
    let state = match errno::answer(file.storage())? {
        Ok(state) => state,
        Err(_) => {
            out.refuse(refusal(Reason::StorageUnreadable));
            return Ok(id);
        }
    };
    let carries = form != STORAGE_FORM_OTHER_NAME;
    let nobody = u32::MAX;
    if carries {
        let has_odd = state.is_odd || state.uid == nobody || state.gid == nobody;
        if has_odd || attributes::capture(file, id, out)?.is_err() {
            out.refuse(refusal(Reason::StorageAttributes));
        }
        if state.has_policy {
            out.refuse(refusal(Reason::AreaKind).text(b"memory with a NUMA policy"));
        }
    }
    let is_object = matches!(
        form,
        STORAGE_FORM_MEMFD | STORAGE_FORM_SHARED_MEMORY | STORAGE_FORM_SEGMENT
    );
    let is_regular = state.mode & S_IFMT == S_IFREG;
    // Of what nobody can change any more everybody may have his own.
    let is_shared_in_vain = state.seals & storage::SEALS_OF_CONTENT == storage::SEALS_OF_CONTENT;
    let has_to_be_ours = match form {
        STORAGE_FORM_REMOVED => state.is_written,
        _ => is_object && !is_shared_in_vain,
    };
    if has_to_be_ours {
        let outsider = file.mapper_outside(out.cgroup);
        if outsider != 0 {
            out.refuse(refusal(Reason::StorageShared).outsider(outsider));
        }
    }
    let name = match form {
        STORAGE_FORM_OTHER_NAME => other_name(file, task),
        STORAGE_FORM_VOLATILE if unlinked => other_name(file, task),
        _ => copy(path),
    };
    let Ok(name) = errno::answer(name)? else {
        out.refuse(refusal(Reason::StorageNameless));
        return Ok(id);
    };
    let flags = [
        (
            matches!(form, STORAGE_FORM_SHARED_MEMORY | STORAGE_FORM_SEGMENT) && state.no_reserve,
            STORAGE_NO_RESERVE,
        ),
        (
            form == STORAGE_FORM_REMOVED && state.linkable,
            STORAGE_LINKABLE,
        ),
    ];
    let set = flags.iter().filter(|(set, _)| *set);
    let record = Storage {
        id,
        form: U32::new(form),
        mode: U32::new(state.mode),
        uid: U32::new(state.uid),
        gid: U32::new(state.gid),
        seals: U32::new(if form == STORAGE_FORM_MEMFD {
            state.seals
        } else {
            0
        }),
        flags: U32::new(set.fold(0, |all, (_, flag)| all | flag)),
        page_shift: U32::new(state.page_shift),
        size: U64::new(if is_regular { state.size } else { 0 }),
        atime_s: U64::new(state.atime_s),
        mtime_s: U64::new(state.mtime_s),
        atime_ns: U32::new(state.atime_ns),
        mtime_ns: U32::new(state.mtime_ns),
        inode_flags: U32::new(if carries { state.inode_flags } else { 0 }),
        links: U32::new(if form == STORAGE_FORM_VOLATILE {
            links
        } else {
            0
        }),
    };
    out.record(&record, &name)?;
    if carries && is_regular {
        match errno::answer(Content::new(file, &record, is_object, path))? {
            Ok(mut content) => {
                content.suspicion = has_to_be_ours.then(|| refusal(Reason::StorageShared));
                out.contents.push(content, GFP_KERNEL_ACCOUNT)?;
            }
            Err(_) => out.refuse(refusal(Reason::StorageUnreadable)),
        }
    }
    Ok(id)
}

/// A path that leads to the inode of a file whose own name is gone.
fn other_name(file: &OpenFile, task: &FrozenTask) -> Result<KVVec<u8>> {
    let other = file.other_name()?;
    let path = other.path()?;
    if task.foreign.is_none() && !other.is_at(&path, &task.task, false)? {
        return Err(ENOENT);
    }
    copy(path.as_bytes())
}

/// A storage as the image describes it.
pub(crate) struct StoragePlan {
    pub(crate) record: Storage,
    /// A path, or what a memfd is called; with a zero byte at the end.
    name: KVVec<u8>,
    attributes: Attributes,
}

impl StoragePlan {
    /// Takes a record in.
    pub(crate) fn new(record: Storage, name: &[u8]) -> Result<Self, Refusal> {
        let value = |name, value: u32| {
            Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name(name)
                .value(value.into()))
        };
        let form = record.form.get();
        match record.mode.get() & S_IFMT {
            S_IFREG => (),
            S_IFDIR if form == STORAGE_FORM_REMOVED && record.size.get() == 0 => (),
            S_IFIFO if record.size.get() == 0 && is_file(form) => (),
            _ => return value("mode", record.mode.get()),
        }
        if form != STORAGE_FORM_MEMFD && record.seals.get() != 0 {
            return value("seals", record.seals.get());
        }
        let name = text(name)?;
        if form == STORAGE_FORM_MEMFD
            && (name.len() > MAX_MEMFD_NAME.saturating_add(2) || !name.starts_with(b"/memfd:"))
        {
            return value("name", name.len() as u32);
        }
        Ok(Self {
            record,
            name,
            attributes: Attributes::default(),
        })
    }

    /// Takes an extended attribute in.
    pub(crate) fn add_attribute(
        &mut self,
        record: &StorageAttribute,
        tail: &[u8],
    ) -> Result<(), Refusal> {
        self.attributes.add(record, tail)
    }

    fn name(&self) -> Result<&CStr, Refusal> {
        Ok(c_str(&self.name)?)
    }

    pub(super) fn path(&self) -> &[u8] {
        &self.name
    }

    pub(super) fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        Refusal::new(reason, error).text(&self.name)
    }

    /// The key that System V shared memory was made with.
    pub(super) fn segment_key(&self) -> i32 {
        let digits = self.name.strip_prefix(b"/SYSV").unwrap_or(&[]);
        let digits = until_zero(digits);
        let digits = core::str::from_utf8(digits).unwrap_or("");
        u32::from_str_radix(digits, 16).unwrap_or(0) as i32
    }

    /// A removed directory?
    pub(crate) fn is_memfd(&self) -> bool {
        self.record.form.get() == STORAGE_FORM_MEMFD
    }

    pub(crate) fn is_segment(&self) -> bool {
        self.record.form.get() == STORAGE_FORM_SEGMENT
    }

    pub(crate) fn is_directory(&self) -> bool {
        self.record.mode.get() & S_IFMT == S_IFDIR
    }

    /// A FIFO?
    pub(crate) fn is_fifo(&self) -> bool {
        self.record.mode.get() & S_IFMT == S_IFIFO
    }

    pub(super) fn not_made(&self) -> impl Fn(Error) -> Refusal + '_ {
        |error| match self.record.page_shift.get() {
            shift @ 10.. if [ENOMEM, ENOSPC, ENODEV].contains(&error) => {
                let size = 1u64.checked_shl(shift.saturating_sub(10)).unwrap_or(0);
                Refusal::new(Reason::HugePagesMissing, error).value(size)
            }
            _ if error == EINTR => error.into(),
            _ => self.refusal(Reason::StorageNotMade, error),
        }
    }

    fn state(&self) -> Result<KVBox<StorageState>> {
        let mut state = inode_state!(self.record)?;
        state.size = self.record.size.get();
        Ok(state)
    }

    /// Makes it with the rights of the caller, or finds it; without content. `index`: its own.
    fn make(&self, index: usize, ipc: &Ipc) -> Result<Made, Refusal> {
        let made = match self.record.form.get() {
            STORAGE_FORM_SEGMENT => {
                let (file, id) = ipc.memory(index).map_err(self.not_made())?;
                let mut made = Made::new(file, false)?;
                made.segment = Some(id);
                Ok(made)
            }
            STORAGE_FORM_SHARED_MEMORY | STORAGE_FORM_MEMFD => self.make_object(),
            STORAGE_FORM_REMOVED if self.is_directory() => {
                self.make_removed_with(OpenFile::make_directory)
            }
            STORAGE_FORM_REMOVED if self.is_fifo() => {
                self.make_removed_with(|path| OpenFile::make(path, ONLY_OWNER | S_IFIFO, false))
            }
            STORAGE_FORM_REMOVED => self.make_removed(),
            STORAGE_FORM_VOLATILE => match OpenFile::open(self.name()?, oflag::O_PATH) {
                // Whoever opens it compares what it is; `contents`, what is in it.
                Ok(seen) => Ok(Made::found(seen)),
                Err(error) if error == ENOENT => self.make_volatile(),
                Err(error) => Err(self.refusal(Reason::FileMissing, error)),
            },
            _ => match OpenFile::open(self.name()?, oflag::O_PATH) {
                Ok(seen) => self.found(seen),
                Err(error) => Err(self.refusal(Reason::FileMissing, error)),
            },
        }?;
        Ok(made)
    }

    /// What a new one has before there is content in it.
    fn dress(&self, made: &Made) -> Result<(), Refusal> {
        let Some(file) = &made.file else {
            return Ok(());
        };
        if file.storage()?.page_shift != self.record.page_shift.get() {
            return Err(self.refusal(Reason::StorageNotMade, errno::not_supported()));
        }
        self.attributes.begin(file, &self.name)?;
        file.set_storage(&*self.state()?).map_err(self.not_made())
    }

    /// What it has once nothing will be written to it any more.
    fn complete(&self, file: &OpenFile) -> Result<(), Refusal> {
        let state = self.state()?;
        // Writing may have taken set-user-id bits away.
        file.set_storage(&state).map_err(self.not_made())?;
        self.attributes.end(file, &self.name)?;
        // And so may a list of rights.
        file.set_storage(&state).map_err(self.not_made())
    }

    /// Not if it is for ever without the right to.
    fn may_be_executed(&self) -> bool {
        const ANYBODY: u32 = 0o111;
        let is_sealed = self.record.seals.get() & storage::F_SEAL_EXEC != 0;
        !is_sealed || self.record.mode.get() & ANYBODY != 0
    }

    fn make_object(&self) -> Result<Made, Refusal> {
        let no_reserve = self.record.flags.get() & STORAGE_NO_RESERVE != 0;
        let (size, shift) = (self.record.size.get(), self.record.page_shift.get());
        let made = if self.record.form.get() == STORAGE_FORM_MEMFD {
            let name = self.name.get(1..).ok_or(EINVAL)?;
            let name = CStr::from_bytes_with_nul(name).map_err(|_| EINVAL)?;
            if self.may_be_executed() && !storage::memfd_may_execute() {
                let refusal = self.refusal(Reason::RestoreNotPermitted, EACCES);
                return Err(refusal.name("memory that can be executed (vm.memfd_noexec)"));
            }
            storage::make(object::MEMFD, name, 0, true, shift)
        } else {
            storage::make(object::SHARED_MEMORY, c"dev/zero", size, no_reserve, shift)
        };
        Made::new(made.map_err(self.not_made())?, false)
    }

    /// A file without a name in the directory that it was in.
    fn make_removed(&self) -> Result<Made, Refusal> {
        let (directory, name) = split(&self.name)?;
        let scaffold = Scaffold::up_to(&directory).map_err(self.not_made())?;
        let exclusive = match self.record.flags.get() & STORAGE_LINKABLE {
            0 => oflag::O_EXCL,
            _ => 0,
        };
        let file = match OpenFile::create(c_str(&directory)?, exclusive) {
            Err(error) if error == errno::not_supported() && exclusive != 0 => {
                self.make_apart(scaffold, &directory, &name, |path| {
                    OpenFile::make(path, ONLY_OWNER | S_IFREG, false)
                })
            }
            other => other,
        };
        Made::new(file.map_err(self.not_made())?, false)
    }

    /// A directory or FIFO that is removed again at once.
    fn make_removed_with(&self, make: impl Fn(&CStr) -> Result<OpenFile>) -> Result<Made, Refusal> {
        let (directory, name) = split(&self.name)?;
        let scaffold = Scaffold::up_to(&directory).map_err(self.not_made())?;
        let seat = self
            .make_apart(scaffold, &directory, &name, make)
            .map_err(self.not_made())?;
        self.attributes.begin(&seat, &self.name)?;
        self.complete(&seat)?;
        Ok(Made {
            file: None,
            seat,
            is_new: true,
            is_named: false,
            names: KVVec::new(),
            segment: None,
        })
    }

    /// Makes something by its name, and takes the name away. If the name is taken, it is made in a
    /// directory beside it that nobody else gets to see into.
    fn make_apart(
        &self,
        mut scaffold: Scaffold,
        directory: &[u8],
        name: &[u8],
        make: impl Fn(&CStr) -> Result<OpenFile>,
    ) -> Result<OpenFile> {
        let made = match make(CStr::from_bytes_with_nul(&self.name).map_err(|_| EINVAL)?) {
            Err(error) if error == EEXIST => {
                let inside = scaffold.private(directory, name)?;
                make(CStr::from_bytes_with_nul(&inside).map_err(|_| EINVAL)?)
            }
            other => other,
        }?;
        made.unlink()?;
        Ok(made)
    }

    fn make_volatile(&self) -> Result<Made, Refusal> {
        // Only there is it the restart's business to make files that outlive the container.
        let (directory, _) = split(&self.name)?;
        let directory =
            OpenFile::open(c_str(&directory)?, oflag::O_PATH).map_err(self.not_made())?;
        if !is_volatile(&*directory.state(None)?) {
            return Err(self.refusal(Reason::FileMissing, ENOENT));
        }
        let mode = ONLY_OWNER | self.record.mode.get() & S_IFMT;
        let file = OpenFile::make(self.name()?, mode, true).map_err(self.not_made())?;
        if !self.is_fifo() {
            return Made::new(file, true);
        }
        let mut made = Made::found(file);
        (made.is_new, made.is_named) = (true, true);
        if let Err(error) = made.seat.set_storage(&*self.state()?) {
            let _ = made.seat.unlink();
            return Err(self.not_made()(error));
        }
        Ok(made)
    }

    /// Opens what still has a name by one that is gone.
    fn open_by_lost_name(
        &self,
        made: &Made,
        record: &FileRecord,
        path: &[u8],
        twin: Option<&OpenFile>,
        opener: &Prepared,
    ) -> Result<Result<OpenFile>, Refusal> {
        let flags = record.flags.get() & !SHOWN;
        if !made.is_new {
            self.compare_kind(&made.seat)?;
            // Here its opener has to have the right to open it.
            let (usual, number) = (flags & !oflag::O_TMPFILE, record.inode.get());
            let allowed = OpenFile::open_as(self.name()?, usual, opener, number)
                .map_err(|error| self.refusal(Reason::FileMissing, error))?;
            let is_other = allowed.inode() != made.seat.inode();
            // Of a FIFO that is one end less, at once.
            allowed.close();
            if is_other {
                return Err(self.refusal(Reason::FileChanged, errno::stale()));
            }
        }
        let (directory, name) = split(path)?;
        let (directory, name) = (c_str(&directory)?, c_str(&name)?);
        Ok(match twin {
            Some(twin) => twin.open_again(flags),
            None => made.seat.open_removed(Some(directory), name, flags),
        })
    }

    /// Is it in a directory, and of the same type? To open something else can do things.
    fn compare_kind(&self, seen: &OpenFile) -> Result<(), Refusal> {
        let state = seen.state(None)?;
        // /proc leads to what has no name as well.
        if !state.by_path {
            return Err(self.refusal(Reason::FileKind, EINVAL));
        }
        match (state.mode ^ self.record.mode.get()) & S_IFMT {
            0 => Ok(()),
            _ => Err(self.refusal(Reason::FileChanged, errno::stale())),
        }
    }

    /// It is there; it must be what it was.
    fn found(&self, seen: OpenFile) -> Result<Made, Refusal> {
        self.compare_kind(&seen)?;
        let state = seen.storage()?;
        let record = &self.record;
        let same = self.is_fifo()
            || state.size == record.size.get()
                && state.mtime_s == record.mtime_s.get()
                && state.mtime_ns == record.mtime_ns.get();
        match same {
            true => Ok(Made::found(seen)),
            false => Err(self.refusal(Reason::FileChanged, errno::stale())),
        }
    }
}

/// A storage that has been made or found.
pub(crate) struct Made {
    /// Open for writing until it is filled; nothing if it was found as it was.
    pub(super) file: Option<OpenFile>,
    /// To open it by, whatever becomes of its name.
    seat: OpenFile,
    /// It was not found but made.
    is_new: bool,
    /// The restart has given it a name that everybody sees.
    is_named: bool,
    /// Further names in ascending order, and what to open it by as that.
    names: KVVec<(KVVec<u8>, OpenFile)>,
    /// The identifier of System V shared memory.
    segment: Option<i32>,
}

impl Made {
    fn found(seat: OpenFile) -> Self {
        Self {
            file: None,
            seat,
            is_new: false,
            is_named: false,
            names: KVVec::new(),
            segment: None,
        }
    }

    fn new(file: OpenFile, is_named: bool) -> Result<Self, Refusal> {
        match file.open_again(oflag::O_PATH) {
            Ok(seat) => Ok(Self {
                file: Some(file),
                seat,
                is_new: true,
                is_named,
                names: KVVec::new(),
                segment: None,
            }),
            Err(error) => {
                if is_named {
                    let _ = file.unlink();
                }
                Err(error.into())
            }
        }
    }

    /// What to open it by, called `path`.
    fn seat_called(&self, path: &[u8]) -> &OpenFile {
        let other = self.names.binary_search_by(|(name, _)| (**name).cmp(path));
        let other = other.ok().and_then(|place| self.names.get(place));
        other.map_or(&self.seat, |(_, seat)| seat)
    }
}

/// The storages of a restart. Until they are kept, names that were made for them vanish with them.
pub(crate) struct Storages {
    made: KVVec<Made>,
}

impl Storages {
    /// Makes or finds all of them.
    pub(crate) fn make(plans: &[StoragePlan], ipc: &Ipc) -> Result<Self, Refusal> {
        let mut all = Self { made: KVVec::new() };
        for (index, plan) in plans.iter().enumerate() {
            if task::is_interrupted() {
                return Err(Refusal::new(Reason::Interrupted, EINTR));
            }
            all.made.reserve(1, GFP_KERNEL_ACCOUNT)?;
            let made = plan.make(index, ipc)?;
            let _ = all.made.push_within_capacity(made);
            let made = all.made.last().ok_or(EINVAL)?;
            plan.dress(made)?;
        }
        Ok(all)
    }

    /// Gives what was made all the names that it had. `names`: what files call it, and by a name that is
    /// gone or not.
    pub(crate) fn link<'a>(
        &mut self,
        plans: &[StoragePlan],
        names: impl Iterator<Item = (usize, &'a [u8], bool)>,
    ) -> Result<(), Refusal> {
        let mut there = KVVec::new();
        for (index, name, _) in names.filter(|(_, _, is_gone)| !is_gone) {
            there.push((index, name), GFP_KERNEL_ACCOUNT)?;
        }
        sort::values(&mut there);
        for same in there.chunk_by(|one, other| one == other) {
            if task::is_interrupted() {
                return Err(Refusal::new(Reason::Interrupted, EINTR));
            }
            let (index, name) = *same.first().ok_or(EINVAL)?;
            let plan = plans.get(index).ok_or(EINVAL)?;
            let Some(made) = self.made.get_mut(index).filter(|made| made.is_named) else {
                continue;
            };
            if *name == *plan.name {
                continue;
            }
            made.names.reserve(1, GFP_KERNEL_ACCOUNT)?;
            let known = copy(name)?;
            let linked = made.seat.link(c_str(name)?).map_err(plan.not_made())?;
            let _ = made.names.push_within_capacity((known, linked));
        }
        for (made, plan) in self
            .made
            .iter()
            .zip(plans)
            .filter(|(made, _)| made.is_named)
        {
            let (had, has) = (plan.record.links.get(), made.names.len().saturating_add(1));
            if had != 0 && had as usize != has {
                let refusal = plan.refusal(Reason::StorageNames, ENOENT);
                return Err(refusal.value(had.into()));
            }
        }
        Ok(())
    }

    /// Is the file at its path, to be opened like any other?
    pub(super) fn is_at_path(&self, index: usize, plan: &StoragePlan) -> bool {
        let found = self.get(index).is_some_and(|made| !made.is_new);
        plan.record.form.get() == STORAGE_FORM_VOLATILE && found
    }

    pub(super) fn get(&self, index: usize) -> Option<&Made> {
        self.made.get(index)
    }

    /// What to open one by (O_PATH), and whether it was made, not found.
    pub(super) fn seat(&self, index: usize) -> Option<(OpenFile, bool)> {
        let made = self.made.get(index)?;
        Some((made.seat.clone(), made.is_new))
    }

    /// Opens one as `record` says, called `path` there. `twin`: one that was opened by the same name,
    /// which ends when none of them is open any more.
    pub(super) fn open(
        &self,
        (index, plan): (usize, &StoragePlan),
        record: &FileRecord,
        path: &[u8],
        twin: Option<&OpenFile>,
        opener: &Prepared,
    ) -> Result<OpenFile, Refusal> {
        let flags = record.flags.get() & !SHOWN;
        let made = self.get(index).ok_or(EINVAL)?;
        let missing = |error| plan.refusal(Reason::FileMissing, error);
        if let Some(id) = made.segment {
            if flags & !oflag::O_RDWR != 0 {
                return Err(missing(EINVAL));
            }
            let namespace = IpcNamespace::of(&task::current()).map_err(missing)?;
            return namespace.attach(id, flags).map_err(missing);
        }
        if record.origin.get() & FILE_FIRST != 0 {
            let is_object = !matches!(
                plan.record.form.get(),
                STORAGE_FORM_REMOVED | STORAGE_FORM_VOLATILE | STORAGE_FORM_OTHER_NAME
            );
            let first = made.file.as_ref().filter(|_| is_object).ok_or(EINVAL)?;
            if flags & oflag::O_ACCMODE != oflag::O_RDWR || flags & oflag::O_PATH != 0 {
                return Err(missing(EINVAL));
            }
            first.set_flags(flags);
            return Ok(first.clone());
        }
        let is_gone = match plan.record.form.get() {
            STORAGE_FORM_VOLATILE => record.marks.get() & OPEN_FILE_NAME_GONE != 0,
            form => form == STORAGE_FORM_OTHER_NAME,
        };
        let opened = match (plan.record.form.get(), twin) {
            (STORAGE_FORM_REMOVED, _) if plan.is_directory() => made.seat.open_again(flags),
            (STORAGE_FORM_REMOVED, Some(twin)) => twin.open_again(flags),
            (STORAGE_FORM_REMOVED, None) => {
                let (directory, name) = split(path)?;
                let home = split(&plan.name)?.0;
                // What has no O_TMPFILE was made beside it, if its name was taken.
                let is_elsewhere = *directory != *home || plan.is_fifo();
                let elsewhere = is_elsewhere.then_some(c_str(&directory)?);
                made.seat.open_removed(elsewhere, c_str(&name)?, flags)
            }
            _ if is_gone => plan.open_by_lost_name(made, record, path, twin, opener)?,
            _ => made.seat_called(path).open_again(flags),
        };
        opened.map_err(missing)
    }

    /// All of them are filled: seals them, and lets go of the files that were open for writing.
    pub(super) fn finish(&mut self, plans: &[StoragePlan]) -> Result<(), Refusal> {
        for (made, plan) in self.made.iter_mut().zip(plans) {
            let Some(file) = made.file.take() else {
                continue;
            };
            plan.complete(&file)?;
            if plan.record.form.get() == STORAGE_FORM_MEMFD {
                file.seal(plan.record.seals.get())
                    .map_err(plan.not_made())?;
            }
            file.close();
        }
        Ok(())
    }

    /// Nobody looks at them, or changes them, any more until the tasks run.
    pub(crate) fn settle(&self, plans: &[StoragePlan]) -> Result<(), Refusal> {
        for (made, plan) in self.made.iter().zip(plans).filter(|(made, _)| made.is_new) {
            made.seat
                .set_times(&*plan.state()?)
                .map_err(plan.not_made())?;
            attributes::set_flags(&made.seat, plan.record.inode_flags.get(), &plan.name)?;
        }
        Ok(())
    }

    /// Lets go of what has no name that would have to be taken away again. Of what was removed nothing
    /// is left then but the container's own open files.
    pub(crate) fn release(&mut self) -> Result {
        let mut kept = KVVec::with_capacity(self.made.len(), GFP_KERNEL)?;
        for made in core::mem::take(&mut self.made) {
            match made.is_named {
                true => drop(kept.push_within_capacity(made)),
                false => made.seat.close(),
            }
        }
        self.made = kept;
        Ok(())
    }

    /// The restart has succeeded.
    pub(crate) fn keep(mut self) {
        for made in self.made.iter_mut() {
            made.is_named = false;
        }
    }
}

impl Drop for Storages {
    fn drop(&mut self) {
        for made in self.made.iter().filter(|made| made.is_named) {
            let _ = made.seat.set_inode_flags(0);
            // There is nothing to be done about a name that somebody else has moved meanwhile.
            let _ = made.seat.unlink();
            for (_, name) in made.names.iter() {
                let _ = name.unlink();
            }
        }
    }
}

/// Is it found, or made, by a name?
fn is_file(form: u32) -> bool {
    matches!(
        form,
        STORAGE_FORM_REMOVED | STORAGE_FORM_VOLATILE | STORAGE_FORM_OTHER_NAME
    )
}
