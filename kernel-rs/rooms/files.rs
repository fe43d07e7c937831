// SPDX-License-Identifier: GPL-2.0

//! Files: descriptor tables, open files found again by their path, directories, umask.
//!
//! Saves: regular files and directories with offset and flags; /dev/null, zero, full, random and
//! urandom; which descriptors are the same open file; close-on-exec; root, working directory.
//! Regular files are checked against size and modification time when they are opened again.
//! Refuses: every other kind of file by its name; files that are removed, unreachable, locked,
//! owned (F_SETOWN), on file systems that make up their contents, or also open outside (the five
//! devices hold no state of an open file, so they may be).
//! Locks: files_struct, task_lock, flc_lock, tasklist_lock (read); each inside one call of the glue.

use kernel::bindings;
use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::errno;
use crate::abstractions::file::{self, FileState, OpenFile};
use crate::capture::{Capture, FrozenTask};
use crate::format::files::{
    Descriptor, DescriptorTable, Directories, OpenFile as Record, DESCRIPTOR_CLOSE_ON_EXEC,
};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// /dev/null, zero, full, random, urandom.
const STATELESS_DEVICES: [u32; 5] = [dev(3), dev(5), dev(7), dev(8), dev(9)];

const fn dev(minor: u32) -> u32 {
    1 << 20 | minor
}

/// Flags that open(2) gives back. O_PATH files are only paths and need no others.
const FLAGS: u32 = bindings::O_ACCMODE
    | bindings::O_APPEND
    | bindings::O_NONBLOCK
    | bindings::O_DSYNC
    | bindings::O_SYNC
    | bindings::O_DIRECT
    | bindings::O_LARGEFILE
    | bindings::O_DIRECTORY
    | bindings::O_NOFOLLOW
    | bindings::O_NOATIME
    | bindings::O_PATH;

/// Set on the files that exec opens; not a flag of open(2), and without an effect afterwards.
const FMODE_EXEC: u32 = 0x20;

/// File systems whose files are what was written to them.
const STORES: [u64; 17] = [
    0xef53,      // ext2, ext3, ext4
    0x5846_5342, // xfs
    0x9123_683e, // btrfs
    0x0102_1994, // tmpfs, devtmpfs
    0x8584_58f6, // ramfs, rootfs
    0x0102_1997, // 9p
    0x794c_7630, // overlayfs
    0x6969,      // nfs
    0x6573_5546, // fuse, virtiofs
    0xf2f5_2010, // f2fs
    0x4d44,      // vfat
    0x2011_bab0, // exfat
    0xe0f5_e1e2, // erofs
    0x7371_7368, // squashfs
    0x9660,      // iso9660
    0xca45_1a4e, // bcachefs
    0x5346_4846, // wslfs and others that only pass on
];

const S_IFMT: u32 = 0o170_000;
const S_IFREG: u32 = 0o100_000;
const S_IFDIR: u32 = 0o040_000;
const S_IFCHR: u32 = 0o020_000;

fn is_stateless_device(state: &FileState) -> bool {
    state.mode & S_IFMT == S_IFCHR && STATELESS_DEVICES.contains(&state.device)
}

/// Why a file cannot be found again by its path, if so.
fn obstacle(state: &FileState) -> Option<Reason> {
    let kind = state.mode & S_IFMT;
    let stored = STORES.contains(&state.fs_magic);
    let is_path = state.flags & bindings::O_PATH != 0;
    let supported = match kind {
        S_IFREG => stored || is_path,
        S_IFDIR => true,
        S_IFCHR => is_stateless_device(state) || is_path,
        _ => false,
    };
    if !state.by_path || !supported {
        return Some(Reason::FileKind);
    }
    if state.unlinked {
        return Some(Reason::FileRemoved);
    }
    // A lease and an owner both set flags of their own.
    if state.locked {
        return Some(Reason::FileLock);
    }
    if state.owned {
        return Some(Reason::FileOwner);
    }
    let unknown = state.flags & !FLAGS & !FMODE_EXEC != 0 || state.random_access;
    unknown.then_some(Reason::FileFlags)
}

/// A refusal that names a file and, where that is the point, what it lies on.
fn named(refusal: Refusal, name: &[u8], state: &FileState) -> Result<Refusal> {
    let name = name.split(|byte| *byte == 0).next().unwrap_or(&[]);
    let fs_name = state.fs_name.split(|byte| *byte == 0).next().unwrap_or(&[]);
    let mut text = KVec::new();
    text.extend_from_slice(name, GFP_KERNEL)?;
    if state.by_path && !STORES.contains(&state.fs_magic) {
        text.extend_from_slice(b" (", GFP_KERNEL)?;
        text.extend_from_slice(fs_name, GFP_KERNEL)?;
        text.extend_from_slice(b")", GFP_KERNEL)?;
    }
    Ok(refusal.text(&text))
}

/// Describes an open file, once. `place` says whose it is, for refusals.
pub(crate) fn capture_file(
    file: &OpenFile,
    task: &FrozenTask,
    descriptor: Option<u32>,
    place: impl Fn(Refusal) -> Refusal,
    out: &mut Capture<'_>,
) -> Result<ObjectId> {
    let (id, is_new) = out.file(file)?;
    if !is_new && !out.is_refused(id) {
        return Ok(id);
    }
    let locks_of = descriptor.map(|_| &*task.task);
    let state = match file.state(locks_of) {
        Ok(state) => state,
        Err(_) => {
            let refusal = task.refusal(Reason::FileUnreachable).text(&file.label());
            out.refuse_file(id, place(refusal))?;
            return Ok(id);
        }
    };
    let Ok(path) = file.path() else {
        let reason = obstacle(&state).unwrap_or(Reason::FileUnreachable);
        out.refuse_file(
            id,
            place(named(task.refusal(reason), &file.label(), &state)?),
        )?;
        return Ok(id);
    };
    if let Some(reason) = obstacle(&state) {
        let refusal = task.refusal(reason).value(state.flags.into());
        let label = file.label();
        let name = if state.by_path {
            path.as_bytes()
        } else {
            &label[..]
        };
        out.refuse_file(id, place(named(refusal, name, &state)?))?;
        return Ok(id);
    }
    if task.foreign.is_none() && !file.is_at(&path, &task.task) {
        out.refuse_file(
            id,
            place(task.refusal(Reason::FilePath).text(path.as_bytes())),
        )?;
        return Ok(id);
    }
    if descriptor.is_some() && !is_stateless_device(&state) {
        let outsider = file.sharer(out.cgroup);
        if outsider != 0 {
            let refusal = task.refusal(Reason::FileSharedOutside);
            out.refuse_file(
                id,
                place(refusal.text(path.as_bytes()).value(outsider as u64)),
            )?;
            return Ok(id);
        }
    }
    let is_regular = state.mode & S_IFMT == S_IFREG;
    out.record(
        &Record {
            id,
            mode: U32::new(state.mode),
            flags: U32::new(state.flags & FLAGS),
            device: U32::new(state.device),
            position: U64::new(state.position),
            size: U64::new(if is_regular { state.size } else { 0 }),
            mtime_s: U64::new(if is_regular { state.mtime_s } else { 0 }),
            mtime_ns: U32::new(if is_regular { state.mtime_ns } else { 0 }),
            reserved: U32::ZERO,
        },
        path.as_bytes(),
    )?;
    Ok(id)
}

/// Describes a descriptor table and the open files in it.
pub(crate) fn capture_table(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let mut entries = KVVec::new();
    let mut number = 0;
    while let Some((found, file, close_on_exec)) = file::next_descriptor(&task.task, number) {
        let place = |refusal: Refusal| refusal.fd(found);
        let id = capture_file(&file, task, Some(found), place, out)?;
        entries.push((found, id, close_on_exec), GFP_KERNEL_ACCOUNT)?;
        number = found.saturating_add(1);
    }
    let table = out.new_object()?;
    out.record(
        &DescriptorTable {
            id: table,
            count: U32::new(u32::try_from(entries.len())?),
        },
        &[],
    )?;
    for (number, file, close_on_exec) in entries {
        let flags = if close_on_exec {
            DESCRIPTOR_CLOSE_ON_EXEC
        } else {
            0
        };
        out.record(
            &Descriptor {
                table,
                number: U32::new(number),
                file,
                flags: U32::new(flags),
            },
            &[],
        )?;
    }
    Ok(table)
}

/// Describes root, working directory and umask.
pub(crate) fn capture_directories(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let id = out.new_object()?;
    let found = file::directories(&task.task)?;
    if !found.root_is_there || found.root.as_bytes() != b"/" {
        let refusal = task.refusal(Reason::TaskFeature);
        out.refuse(refusal.name("a root directory of its own (chroot)"));
    } else if !found.cwd_is_there {
        let refusal = task.refusal(Reason::FileRemoved);
        out.refuse(refusal.text(b"its working directory"));
    }
    let mut paths = KVVec::new();
    paths.extend_from_slice(found.root.as_bytes(), GFP_KERNEL_ACCOUNT)?;
    paths.extend_from_slice(found.cwd.as_bytes(), GFP_KERNEL_ACCOUNT)?;
    out.record(
        &Directories {
            id,
            umask: U32::new(found.umask),
            root_length: U32::new(u32::try_from(found.root.as_bytes().len())?),
            cwd_length: U32::new(u32::try_from(found.cwd.as_bytes().len())?),
        },
        &paths,
    )?;
    Ok(id)
}

/// An open file as the image describes it.
pub(crate) struct FilePlan {
    pub(crate) record: Record,
    path: KVVec<u8>,
}

impl FilePlan {
    /// Takes a record in; the path must be absolute text.
    pub(crate) fn new(record: Record, path: &[u8]) -> Result<Self, Refusal> {
        Ok(Self {
            record,
            path: text(path)?,
        })
    }

    fn path(&self) -> Result<&CStr, Refusal> {
        Ok(CStr::from_bytes_with_nul(&self.path).map_err(|_| EINVAL)?)
    }

    fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        Refusal::new(reason, error).text(&self.path)
    }

    /// Opens it with the rights of the caller, and compares.
    pub(crate) fn open(&self) -> Result<OpenFile, Refusal> {
        let flags = self.record.flags.get();
        if flags & !FLAGS != 0 {
            return Err(self.refusal(Reason::FileFlags, EINVAL).value(flags.into()));
        }
        let kind = self.record.mode.get() & S_IFMT;
        if !matches!(kind, S_IFREG | S_IFDIR | S_IFCHR) {
            return Err(self.refusal(Reason::FileKind, EINVAL));
        }
        let flags = flags | bindings::O_LARGEFILE & self.record.flags.get();
        // Opening a device can do things; only those that do nothing are opened unseen.
        let is_path = flags & bindings::O_PATH != 0;
        if kind == S_IFCHR && !is_path && !STATELESS_DEVICES.contains(&self.record.device.get()) {
            return Err(self.refusal(Reason::FileKind, EINVAL));
        }
        let seen = OpenFile::open(
            self.path()?,
            bindings::O_PATH | flags & bindings::O_NOFOLLOW,
        )
        .map_err(|error| self.refusal(Reason::FileMissing, error))?;
        self.compare(&seen)?;
        let file = OpenFile::open(self.path()?, flags)
            .map_err(|error| self.refusal(Reason::FileMissing, error))?;
        self.compare(&file)?;
        file.seek(self.record.position.get())
            .map_err(|error| self.changed("its offset cannot be set", error))?;
        Ok(file)
    }

    fn compare(&self, file: &OpenFile) -> Result<(), Refusal> {
        let state = file.state(None)?;
        let differs = |what| Err(self.changed(what, errno::stale()));
        if (state.mode ^ self.record.mode.get()) & S_IFMT != 0 || !state.by_path {
            return differs("it is of another type");
        }
        if state.device != self.record.device.get() {
            return differs("it is another device");
        }
        let is_path = self.record.flags.get() & bindings::O_PATH != 0;
        if state.mode & S_IFMT != S_IFREG || is_path {
            return Ok(());
        }
        if state.size != self.record.size.get() {
            return differs("its size differs");
        }
        if state.mtime_s != self.record.mtime_s.get()
            || state.mtime_ns != self.record.mtime_ns.get()
        {
            return differs("it was modified");
        }
        Ok(())
    }

    fn changed(&self, what: &'static str, error: Error) -> Refusal {
        let path = self.path.strip_suffix(b"\0").unwrap_or(&self.path);
        let mut text = KVec::new();
        let said = text
            .extend_from_slice(path, GFP_KERNEL)
            .and_then(|()| text.extend_from_slice(b": ", GFP_KERNEL))
            .and_then(|()| text.extend_from_slice(what.as_bytes(), GFP_KERNEL));
        let name = if said.is_ok() { &text[..] } else { path };
        Refusal::new(Reason::FileChanged, error).text(name)
    }
}

/// Absolute text with a zero byte at the end and none before.
fn text(path: &[u8]) -> Result<KVVec<u8>, Refusal> {
    if path.first() != Some(&b'/') || path.contains(&0) {
        return Err(Refusal::new(Reason::ImageValue, EINVAL).name("path"));
    }
    let mut text = KVVec::new();
    text.extend_from_slice(path, GFP_KERNEL_ACCOUNT)?;
    text.push(0, GFP_KERNEL_ACCOUNT)?;
    Ok(text)
}

/// A descriptor table as the image describes it.
pub(crate) struct TablePlan {
    pub(crate) count: u32,
    /// Number, index of the file, close-on-exec.
    pub(crate) entries: KVVec<(u32, usize, bool)>,
}

/// Puts a table in place of the caller's.
pub(crate) fn restore_table(
    plan: &TablePlan,
    file_at: impl Fn(usize) -> Option<OpenFile>,
) -> Result<(), Refusal> {
    file::close_all();
    if let Some((last, ..)) = plan.entries.last() {
        file::raise_limit(last.saturating_add(1));
    }
    for (number, index, close_on_exec) in plan.entries.iter() {
        let file = file_at(*index).ok_or(EINVAL)?;
        file.install(*number, *close_on_exec)
            .map_err(|error| Refusal::new(Reason::DescriptorNotInstalled, error).fd(*number))?;
    }
    Ok(())
}

/// Directories as the image describes them.
pub(crate) struct DirectoriesPlan {
    umask: u32,
    root: KVVec<u8>,
    cwd: KVVec<u8>,
}

impl DirectoriesPlan {
    /// Takes a record in.
    pub(crate) fn new(record: &Directories, paths: &[u8]) -> Result<Self, Refusal> {
        let length = record.root_length.get() as usize;
        let (root, cwd) = paths.split_at_checked(length).ok_or(EINVAL)?;
        Ok(Self {
            umask: record.umask.get(),
            root: text(root)?,
            cwd: text(cwd)?,
        })
    }

    /// Goes there.
    pub(crate) fn restore(&self) -> Result<(), Refusal> {
        let missing = |path: &[u8], error| Refusal::new(Reason::FileMissing, error).text(path);
        let cwd = CStr::from_bytes_with_nul(&self.cwd).map_err(|_| EINVAL)?;
        file::set_cwd(cwd).map_err(|error| missing(&self.cwd, error))?;
        if self.root.as_slice() != b"/\0" {
            return Err(Refusal::new(Reason::ImageValue, EINVAL).name("root"));
        }
        file::set_umask(self.umask);
        Ok(())
    }
}
