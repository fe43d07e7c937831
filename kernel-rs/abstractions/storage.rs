// SPDX-License-Identifier: GPL-2.0

//! Inodes whose content an image carries.

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};
use kernel::task::Task;

use super::cgroup::Cgroup;
use super::file::OpenFile;

pub(crate) use crate::bindings::{ckpt_storage as StorageState, F_SEAL_EXEC};

/// Seals after which nobody can change what is in a memfd.
pub(crate) const SEALS_OF_CONTENT: u32 =
    bindings::F_SEAL_WRITE | bindings::F_SEAL_GROW | bindings::F_SEAL_SHRINK;

/// Memory that has an inode and no name: what it is.
pub(crate) mod object {
    use crate::bindings;

    pub(crate) const SHARED_MEMORY: u32 = bindings::ckpt_object_CKPT_OBJECT_SHARED_MEMORY;
    pub(crate) const SEGMENT: u32 = bindings::ckpt_object_CKPT_OBJECT_SEGMENT;
    pub(crate) const MEMFD: u32 = bindings::ckpt_object_CKPT_OBJECT_MEMFD;
}

/// Longest name of a memfd, "memfd:" included.
pub(crate) const MAX_MEMFD_NAME: usize = bindings::NAME_MAX as usize;

/// Takes over what a function of the glue has opened.
///
/// # Safety
///
/// `file` must be an error pointer, or a file on which the caller gives up a reference.
pub(super) unsafe fn opened(file: *mut bindings::file) -> Result<OpenFile> {
    // SAFETY: By the contract of this function.
    unsafe { OpenFile::from_raw(from_err_ptr(file)?) }.ok_or(EIO)
}

impl OpenFile {
    /// Tells whether two files are of the same inode, while both are held.
    pub(crate) fn inode(&self) -> usize {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_file_inode(self.as_ptr()) as usize }
    }

    /// Its inode.
    pub(crate) fn storage(&self) -> Result<KVBox<StorageState>> {
        let mut state = super::zeroed::<StorageState>()?;
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_storage_get(self.as_ptr(), &mut *state) })?;
        Ok(state)
    }

    /// From now on a store to it through a mapping moves its time of modification, unless it is memory.
    pub(crate) fn catch_stores(&self) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_storage_catch_stores(self.as_ptr()) })
    }

    /// Gives its inode size, owner and mode, with the rights of the caller.
    pub(crate) fn set_storage(&self, state: &StorageState) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_storage_set(self.as_ptr(), state) })
    }

    /// Gives its inode the times of the last access and modification.
    pub(crate) fn set_times(&self, state: &StorageState) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_storage_set_times(self.as_ptr(), state) })
    }

    /// Seals a memfd that has no seals.
    pub(crate) fn seal(&self, seals: u32) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_storage_seal(self.as_ptr(), seals) })
    }

    /// Does something as if there were no F_SEAL_FUTURE_WRITE. Only for what a restart has made.
    pub(crate) fn without_write_seal<T>(&self, action: impl FnOnce() -> T) -> T {
        // SAFETY: By the type invariant.
        let seal = unsafe { bindings::ckpt_storage_lift_seal(self.as_ptr()) };
        let result = action();
        // SAFETY: As above.
        unsafe { bindings::ckpt_storage_put_seal(self.as_ptr(), seal) };
        result
    }

    /// Number of a task outside the cgroup that has its inode mapped, or zero.
    pub(crate) fn mapper_outside(&self, cgroup: &Cgroup) -> i32 {
        // SAFETY: Both are valid.
        unsafe { bindings::ckpt_storage_mapper(self.as_ptr(), cgroup.as_ptr()) }
    }

    /// The file by a name that it still has, as O_PATH.
    pub(crate) fn other_name(&self) -> Result<Self> {
        // SAFETY: By the type invariant; a reference or an error returns.
        unsafe { opened(bindings::ckpt_storage_other_name(self.as_ptr())) }
    }

    /// Opens its inode once more; whether the caller may is not asked.
    pub(crate) fn open_again(&self, flags: u32) -> Result<Self> {
        // SAFETY: By the type invariant; dentry_open() returns a reference or an error.
        unsafe { opened(bindings::ckpt_storage_open(self.as_ptr(), flags as i32)) }
    }

    /// Likewise, as a file whose name `name` was removed: in `directory`, or where it is now.
    pub(crate) fn open_removed(
        &self,
        directory: Option<&CStr>,
        name: &CStr,
        flags: u32,
    ) -> Result<Self> {
        let directory = directory.map_or(core::ptr::null(), CStrExt::as_char_ptr);
        // SAFETY: By the type invariant; both are C strings, and a reference or an error returns.
        unsafe {
            opened(bindings::ckpt_storage_open_as(
                self.as_ptr(),
                directory,
                name.as_char_ptr(),
                flags as i32,
            ))
        }
    }

    /// Sets status flags.
    pub(crate) fn set_flags(&self, flags: u32) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_storage_set_flags(self.as_ptr(), flags) };
    }

    /// Takes its name away.
    pub(crate) fn unlink(&self) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_storage_unlink(self.as_ptr()) })
    }

    /// Makes a file without a name in the directory `path`, open for reading and writing, for its owner
    /// only. `flags`: O_EXCL, or nothing, beside O_TMPFILE.
    pub(crate) fn create(path: &CStr, flags: u32) -> Result<Self> {
        let flags = flags
            | bindings::O_TMPFILE
            | bindings::O_RDWR
            | bindings::O_LARGEFILE
            | bindings::O_NOFOLLOW;
        // SAFETY: `path` is a C string.
        unsafe { opened(bindings::filp_open(path.as_char_ptr(), flags as i32, 0o600)) }
    }

    /// Makes a regular file that is not there yet, open for reading and writing, or a FIFO, as O_PATH;
    /// `mode` says which. `straight`: no symbolic link leads there.
    pub(crate) fn make(path: &CStr, mode: u32, straight: bool) -> Result<Self> {
        let path = path.as_char_ptr();
        // SAFETY: `path` is a C string; a reference or an error returns.
        unsafe { opened(bindings::ckpt_inode_make(path, mode, straight)) }
    }

    /// Gives it another name, to which no symbolic link leads; opens it by that, as O_PATH.
    pub(crate) fn link(&self, path: &CStr) -> Result<Self> {
        // SAFETY: By the type invariant; `path` is a C string; a reference or an error returns.
        unsafe {
            opened(bindings::ckpt_storage_link(
                self.as_ptr(),
                path.as_char_ptr(),
            ))
        }
    }

    /// Makes a directory for its owner only; gives it as O_PATH.
    pub(crate) fn make_directory(path: &CStr) -> Result<Self> {
        // SAFETY: `path` is a C string; a reference or an error returns.
        unsafe { opened(bindings::ckpt_directory_make(path.as_char_ptr())) }
    }

    /// Makes it the caller's working directory; whether the caller may is not asked.
    pub(crate) fn enter(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_cwd_enter(bindings::ckpt_file_path(self.as_ptr())) };
    }

    /// Makes it the caller's root directory, if the caller may have another one.
    pub(crate) fn enter_as_root(&self) -> Result {
        to_result(
            // SAFETY: By the type invariant.
            unsafe { bindings::ckpt_root_enter(bindings::ckpt_file_path(self.as_ptr())) },
        )
    }

    /// Lets go of it, and if this was the last reference, does not return before it is closed.
    pub(crate) fn close(self) {
        // SAFETY: By the type invariant this reference is ours to drop, once.
        unsafe { bindings::__fput_sync(self.as_ptr()) };
        core::mem::forget(self);
    }
}

/// Root or working directory of a task, as O_PATH.
pub(crate) fn directory(task: &Task, is_root: bool) -> Result<OpenFile> {
    // SAFETY: `task` is a valid task; a reference or an error returns.
    unsafe { opened(bindings::ckpt_directory_open(task.as_ptr(), is_root)) }
}

/// May the caller make memory that can be executed by memfd_create(2)?
pub(crate) fn memfd_may_execute() -> bool {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_memfd_may_execute() }
}

/// Makes memory without a name. A memfd is called `name`, "memfd:" included, and is empty; so is
/// memory in huge pages of this size, a power of two.
pub(crate) fn make(
    object: u32,
    name: &CStr,
    size: u64,
    no_reserve: bool,
    page_shift: u32,
) -> Result<OpenFile> {
    let name = name.as_char_ptr();
    // SAFETY: `name` is a C string; a reference or an error returns.
    unsafe {
        opened(bindings::ckpt_object_make(
            object, name, size, no_reserve, page_shift,
        ))
    }
}
