// SPDX-License-Identifier: GPL-2.0

//! Open files; reading and writing of streams.

use core::marker::PhantomData;
use core::ptr::NonNull;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::fs::file::{flags, File, FileDescriptorReservation};
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};
use kernel::sync::aref::ARef;
use kernel::task::Task;

use super::creds::Prepared;
use super::path::Path;
use super::storage::opened;

pub(crate) use crate::bindings::{ckpt_file as FileState, ckpt_owner as FileOwnerState};

/// Flags of open(2), and of F_SETFL.
pub(crate) mod oflag {
    pub(crate) use crate::bindings::{
        FASYNC, O_ACCMODE, O_APPEND, O_CLOEXEC, O_DIRECT, O_DIRECTORY, O_DSYNC, O_EMPTYPATH,
        O_EXCL, O_LARGEFILE, O_NOATIME, O_NOFOLLOW, O_NONBLOCK, O_PATH, O_RDWR, O_SYNC, O_TMPFILE,
        O_WRONLY,
    };
}

/// What an owner is, for F_SETOWN_EX.
pub(crate) mod owner {
    pub(crate) use crate::bindings::{F_OWNER_PGRP, F_OWNER_PID, F_OWNER_TID};
}

/// An open file.
///
/// # Invariants
///
/// Points to a file on which this holds a reference.
pub(crate) struct OpenFile(NonNull<bindings::file>);

// SAFETY: References on a file may be used and dropped from any task.
unsafe impl Send for OpenFile {}
// SAFETY: As above.
unsafe impl Sync for OpenFile {}

impl OpenFile {
    /// The file behind a descriptor of the caller's.
    pub(crate) fn from_fd(fd: i32) -> Result<Self> {
        let fd = u32::try_from(fd).map_err(|_| EBADF)?;
        // SAFETY: Any number may be passed.
        // INVARIANT: fget() returns a reference.
        NonNull::new(unsafe { bindings::fget(fd) })
            .map(Self)
            .ok_or(EBADF)
    }

    /// Likewise, also one that was opened with O_PATH.
    pub(crate) fn from_any_fd(fd: i32) -> Result<Self> {
        let fd = u32::try_from(fd).map_err(|_| EBADF)?;
        // SAFETY: Any number may be passed.
        // INVARIANT: fget_raw() returns a reference.
        NonNull::new(unsafe { bindings::fget_raw(fd) })
            .map(Self)
            .ok_or(EBADF)
    }

    /// Opens a file as open(2) would for the caller.
    pub(crate) fn open(path: &CStr, flags: u32) -> Result<Self> {
        // SAFETY: `path` is a C string. Without O_CREAT the mode does not count.
        let file = unsafe { bindings::filp_open(path.as_char_ptr(), flags as i32, 0) };
        // INVARIANT: filp_open() returns a reference.
        NonNull::new(from_err_ptr(file)?).map(Self).ok_or(EIO)
    }

    /// Opens one as `opener` would, which the caller may be; by the caller, if that may not any more
    /// and it is the inode of this number. Zero is none.
    pub(crate) fn open_as(path: &CStr, flags: u32, opener: &Prepared, number: u64) -> Result<Self> {
        let path = path.as_char_ptr();
        // SAFETY: `path` is a C string, the credentials are held; a reference or an error returns.
        unsafe {
            opened(bindings::ckpt_path_open(
                path,
                flags,
                opener.as_ptr(),
                number,
            ))
        }
    }

    /// May `reader` read what it is of?
    pub(crate) fn may_be_read_by(&self, reader: &Prepared) -> bool {
        // SAFETY: By the type invariant, and the credentials are held.
        unsafe {
            let path = bindings::ckpt_file_path(self.as_ptr());
            bindings::ckpt_path_readable_by(path, reader.as_ptr())
        }
    }

    /// Takes over a reference.
    ///
    /// # Safety
    ///
    /// `file` must be null or a file on which the caller gives up a reference.
    pub(super) unsafe fn from_raw(file: *mut bindings::file) -> Option<Self> {
        // INVARIANT: By the contract of this function.
        NonNull::new(file).map(Self)
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::file {
        self.0.as_ptr()
    }

    /// Tells whether two references are to the same open file, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// What it is. `task`: whose POSIX locks count.
    pub(crate) fn state(&self, task: Option<&Task>) -> Result<KVBox<FileState>> {
        let mut state = super::zeroed::<FileState>()?;
        let task = task.map_or(core::ptr::null_mut(), |task| task.as_ptr());
        // SAFETY: By the type invariant; the other pointers are valid or null as documented.
        to_result(unsafe { bindings::ckpt_file_get(self.as_ptr(), task, &mut *state) })?;
        Ok(state)
    }

    /// The device behind it (major << 20 | minor), if it is a character device. Asks no file system.
    pub(crate) fn character_device(&self) -> Option<u32> {
        const S_IFMT: u16 = 0o170_000;
        const S_IFCHR: u16 = 0o020_000;

        // SAFETY: By the type invariant; an open file holds its inode, of which neither changes.
        let (mode, device) = unsafe {
            let inode = (*self.as_ptr()).f_inode;
            ((*inode).i_mode, (*inode).i_rdev)
        };
        (mode & S_IFMT == S_IFCHR).then_some(device)
    }

    /// How /proc/PID/fd would call it.
    pub(crate) fn label(&self) -> [u8; 64] {
        let mut label = [0; 64];
        // SAFETY: By the type invariant; the size is that of the buffer.
        unsafe { bindings::ckpt_file_label(self.as_ptr(), label.as_mut_ptr().cast(), 64) };
        label
    }

    /// Its path from the root of its mount namespace.
    pub(crate) fn path(&self) -> Result<Path> {
        let mut path = Path::new();
        // SAFETY: By the type invariant; the path is used while the file is held.
        unsafe { path.fill(bindings::ckpt_file_path(self.as_ptr())) }?;
        Ok(path)
    }

    /// Does `path`, looked up for `task`, lead to this file? `is_link`: it is a symbolic link.
    pub(crate) fn is_at(&self, path: &Path, task: &Task, is_link: bool) -> Result<bool> {
        // SAFETY: By the type invariant; the path is used while the file is held.
        unsafe { path.leads(task, bindings::ckpt_file_path(self.as_ptr()), is_link) }
    }

    /// How many references there are, ours among them.
    pub(crate) fn references(&self) -> u64 {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_file_references(self.as_ptr()) }
    }

    /// Whom it signals.
    pub(crate) fn owner(&self) -> FileOwnerState {
        let mut owner = FileOwnerState::default();
        // SAFETY: By the type invariant; the struct is valid for writing.
        unsafe { bindings::ckpt_owner_get(self.as_ptr(), &mut owner) };
        owner
    }

    /// Has it signal what bears the number of `task`, or nobody. The caller has checked the rights.
    pub(crate) fn set_owner(&self, task: Option<&Task>, owner: &FileOwnerState) -> Result {
        let task = task.map_or(core::ptr::null_mut(), |task| task.as_ptr());
        // SAFETY: By the type invariant; `task` is null or a valid task.
        to_result(unsafe { bindings::ckpt_owner_set(self.as_ptr(), task, owner) })
    }

    /// Has it signal nobody.
    pub(crate) fn clear_owner(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_owner_clear(self.as_ptr()) };
    }

    /// Has it opened by somebody else. Only of a file that nobody else has got yet.
    pub(crate) fn set_opener(&self, opener: &Prepared) {
        // SAFETY: By the type invariant; the file takes a reference on the credentials.
        unsafe { bindings::ckpt_file_set_opener(self.as_ptr(), opener.as_ptr()) };
    }

    /// Sets the flags that fcntl(2) shows and that do nothing to an open file.
    pub(crate) fn show(&self, flags: u32, created: bool) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_file_show(self.as_ptr(), flags, created) };
    }

    /// posix_fadvise(2) of the whole file.
    pub(crate) fn advise(&self, sequential: bool, random: bool, no_reuse: bool) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe {
            bindings::ckpt_file_advise(self.as_ptr(), sequential, random, no_reuse)
        })
    }

    /// Sets the offset of a directory of which all has been read.
    pub(crate) fn seek_to_end(&self, position: u64) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_directory_end(self.as_ptr(), position) })
    }

    /// O_ASYNC by way of this descriptor; nothing happens the second time.
    pub(crate) fn make_async(&self, number: u32) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_file_async(self.as_ptr(), number) })
    }

    /// fcntl(F_SET_RW_HINT), unless it is so already.
    pub(crate) fn hint(&self, hint: u32) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_file_hint(self.as_ptr(), hint) })
    }

    /// Cuts it to a size that it has at least.
    pub(crate) fn cut(&self, size: u64) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_file_cut(self.as_ptr(), size) })
    }

    /// Brings it to the disk, if it is a regular file open for writing.
    pub(crate) fn sync(&self) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_file_sync(self.as_ptr()) })
    }

    /// What it lies on.
    pub(crate) fn file_system(&self) -> FileSystem<'_> {
        // SAFETY: By the type invariant; an open file holds its file system.
        unsafe { FileSystem::new(bindings::ckpt_file_fs(self.as_ptr())) }
    }

    /// Sets the file offset of a file that nobody else has.
    pub(crate) fn seek(&self, position: u64) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_file_seek(self.as_ptr(), position) })
    }

    /// Makes it a descriptor of the caller's.
    pub(crate) fn install(&self, number: u32, close_on_exec: bool) -> Result {
        // SAFETY: By the type invariant; the table takes a reference of its own.
        to_result(unsafe { bindings::ckpt_file_install(number, self.as_ptr(), close_on_exec) })
    }

    /// Writes once, at the file offset; may be short.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize> {
        // SAFETY: By the type invariant; the slice is valid for its length.
        length(unsafe {
            bindings::ckpt_stream_write(self.as_ptr(), bytes.as_ptr().cast(), bytes.len())
        })
    }

    /// Reads once, at the file offset; may be short, zero is the end.
    pub(crate) fn read(&self, bytes: &mut [u8]) -> Result<usize> {
        // SAFETY: By the type invariant; the slice is valid for its length.
        length(unsafe {
            bindings::ckpt_stream_read(self.as_ptr(), bytes.as_mut_ptr().cast(), bytes.len())
        })
    }
}

impl Clone for OpenFile {
    fn clone(&self) -> Self {
        // SAFETY: By the type invariant the count is not zero.
        unsafe { bindings::get_file(self.as_ptr()) };
        // INVARIANT: The reference was taken just now.
        Self(self.0)
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::fput(self.as_ptr()) };
    }
}

/// An open file that becomes a descriptor of the caller's, if nothing comes between.
pub(crate) struct Promised(FileDescriptorReservation, ARef<File>);

impl Promised {
    /// Keeps a number free for a file that is in no table yet.
    pub(crate) fn new(file: OpenFile) -> Result<Self> {
        let reserved = FileDescriptorReservation::get_unused_fd_flags(flags::O_CLOEXEC)?;
        let file = core::mem::ManuallyDrop::new(file).0;
        // SAFETY: The reference is handed over; nobody is using its offset without the lock, as it
        // is in no table.
        Ok(Self(reserved, unsafe { ARef::from_raw(file.cast()) }))
    }

    /// Which number it will have.
    pub(crate) fn number(&self) -> i32 {
        self.0.reserved_fd() as i32
    }

    /// The caller has it.
    pub(crate) fn install(self) {
        self.0.fd_install(self.1);
    }
}

/// A length or a negative error.
pub(super) fn length(result: isize) -> Result<usize> {
    usize::try_from(result).map_err(|_| Error::from_errno(result as i32))
}

/// A file system, while something that lies on it is held.
pub(crate) struct FileSystem<'a>(*mut bindings::super_block, PhantomData<&'a ()>);

impl FileSystem<'_> {
    /// # Safety
    ///
    /// Something that lies on it must be held for as long as this lives.
    pub(super) unsafe fn new(fs: *mut bindings::super_block) -> Self {
        Self(fs, PhantomData)
    }

    /// Tells whether two are the same, while both are held.
    pub(crate) fn identity(&self) -> usize {
        self.0 as usize
    }

    /// What the kernel calls it in its messages: mostly its device.
    pub(crate) fn name(&self) -> [u8; 32] {
        let mut name = [0; 32];
        // SAFETY: It is held; the size is that of the buffer.
        unsafe { bindings::ckpt_fs_name(self.0, name.as_mut_ptr().cast(), 32) };
        name
    }

    /// syncfs(2).
    pub(crate) fn sync(&self) -> Result {
        // SAFETY: It is held.
        to_result(unsafe { bindings::ckpt_fs_sync(self.0) })
    }
}
