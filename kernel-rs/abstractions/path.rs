// SPDX-License-Identifier: GPL-2.0

//! Paths as text; root and working directory of tasks.

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};
use kernel::task::Task;
use kernel::types::Opaque;

use super::creds::Prepared;
use super::errno::answer;
use super::file::FileSystem;

/// Room for any path, its zero byte included.
pub(crate) const PATH_ROOM: usize = 4096;

/// A path as text.
pub(crate) struct Path {
    room: KVVec<u8>,
    start: usize,
    end: usize,
}

impl Path {
    pub(super) fn new() -> Self {
        Self {
            room: KVVec::new(),
            start: 0,
            end: 0,
        }
    }

    /// # Safety
    ///
    /// `path` must stay valid during the call.
    pub(super) unsafe fn fill(&mut self, path: *const bindings::path) -> Result {
        self.room.resize(PATH_ROOM, 0, GFP_KERNEL_ACCOUNT)?;
        let buffer = self.room.as_mut_ptr();
        // SAFETY: The buffer has that size, and `path` is valid by the contract of this function.
        let found = unsafe { bindings::ckpt_path_get(path, buffer.cast(), PATH_ROOM as i32) };
        let found = from_err_ptr(found.cast_mut())?;
        // OVERFLOW: The text lies in the buffer.
        self.start = found as usize - buffer as usize;
        let tail = self.room.get(self.start..).ok_or(EIO)?;
        let length = tail.iter().position(|byte| *byte == 0).ok_or(EIO)?;
        self.end = self.start.checked_add(length).ok_or(EIO)?;
        Ok(())
    }

    /// Fills in a path; does it, looked up for `task`, still lead there? `is_link`: as for
    /// [`Path::leads`].
    ///
    /// # Safety
    ///
    /// As for [`Path::fill`].
    pub(super) unsafe fn find(
        &mut self,
        path: *const bindings::path,
        task: &Task,
        is_link: bool,
    ) -> Result<bool> {
        // SAFETY: By the contract of this function.
        let filled = unsafe { self.fill(path) };
        if answer(filled)?.is_err() {
            return Ok(false);
        }
        // SAFETY: As above.
        unsafe { self.leads(task, path, is_link) }
    }

    /// Does it, looked up for `task`, lead to `to`? `is_link`: to a symbolic link itself.
    ///
    /// # Safety
    ///
    /// `to` must stay valid during the call.
    pub(super) unsafe fn leads(
        &self,
        task: &Task,
        to: *const bindings::path,
        is_link: bool,
    ) -> Result<bool> {
        let name = self.as_c_str().as_char_ptr();
        // SAFETY: The task and the name are valid, `to` is by the contract of this function.
        let leads = unsafe { bindings::ckpt_path_leads(task.as_ptr(), name, to, is_link) };
        to_result(leads)?;
        Ok(leads > 0)
    }

    /// The text, without a zero byte.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.room.get(self.start..self.end).unwrap_or(&[])
    }

    pub(super) fn as_c_str(&self) -> &CStr {
        let tail = self.room.get(self.start..).unwrap_or(&[]);
        CStr::from_bytes_until_nul(tail).unwrap_or(c"")
    }
}

/// Directories of a task.
pub(crate) struct Directories {
    pub(crate) root: Path,
    pub(crate) cwd: Path,
    pub(crate) umask: u32,
    /// The paths still lead to them.
    pub(crate) root_is_there: bool,
    pub(crate) cwd_is_there: bool,
}

/// Root, working directory and umask of a task.
pub(crate) fn directories(task: &Task) -> Result<Directories> {
    let root = Opaque::<bindings::path>::uninit();
    let cwd = Opaque::<bindings::path>::uninit();
    let mut found = Directories {
        root: Path::new(),
        cwd: Path::new(),
        umask: 0,
        root_is_there: false,
        cwd_is_there: false,
    };
    // SAFETY: On success both paths are filled, with references that are dropped below.
    to_result(unsafe {
        bindings::ckpt_directories_get(task.as_ptr(), root.get(), cwd.get(), &mut found.umask)
    })?;
    // SAFETY: Both paths are held until they are put, and not used after that.
    unsafe {
        let root_is_there = found.root.find(root.get(), task, false);
        let cwd_is_there = found.cwd.find(cwd.get(), task, false);
        bindings::ckpt_path_put(root.get());
        bindings::ckpt_path_put(cwd.get());
        found.root_is_there = root_is_there?;
        found.cwd_is_there = cwd_is_there?;
    }
    Ok(found)
}

/// Where something is, which is held.
pub(crate) struct Held(Opaque<bindings::path>);

impl Held {
    /// # Safety
    ///
    /// `path` must be filled, with references that the caller gives up.
    pub(super) unsafe fn new(path: Opaque<bindings::path>) -> Self {
        Self(path)
    }

    pub(super) fn as_ptr(&self) -> *const bindings::path {
        self.0.get()
    }

    /// What it lies on.
    pub(crate) fn file_system(&self) -> FileSystem<'_> {
        // SAFETY: The path is held for as long as this lives.
        unsafe { FileSystem::new(bindings::ckpt_path_fs(self.0.get())) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: The reference is ours to drop.
        unsafe { bindings::ckpt_path_put(self.0.get()) };
    }
}

/// Root and working directory of a task.
pub(crate) fn held_directories(task: &Task) -> Result<[Held; 2]> {
    let (root, cwd) = (Opaque::uninit(), Opaque::uninit());
    let mut umask = 0;
    // SAFETY: On success both paths are filled, with references that are given to `Held`.
    to_result(unsafe {
        bindings::ckpt_directories_get(task.as_ptr(), root.get(), cwd.get(), &mut umask)
    })?;
    Ok([Held(root), Held(cwd)])
}

/// Type and device of what lies at `path`, as the caller sees it; a link leads on.
pub(crate) fn kind(path: &CStr) -> Result<(u32, u32)> {
    let (mut mode, mut device) = (0, 0);
    // SAFETY: `path` is a C string, and both numbers are valid for writing.
    to_result(unsafe { bindings::ckpt_path_kind(path.as_char_ptr(), &mut mode, &mut device) })?;
    Ok((mode, device))
}

/// Sets the caller's working directory, to one that `visitor` may enter, or has stayed in.
pub(crate) fn set_cwd(path: &CStr, visitor: &Prepared) -> Result {
    let path = path.as_char_ptr();
    // SAFETY: `path` is a C string, the credentials are held.
    to_result(unsafe { bindings::ckpt_cwd_set(path, visitor.as_ptr()) })
}

/// Sets the caller's root directory, as chroot(2) does; likewise.
pub(crate) fn set_root(path: &CStr, visitor: &Prepared) -> Result {
    let path = path.as_char_ptr();
    // SAFETY: `path` is a C string, the credentials are held.
    to_result(unsafe { bindings::ckpt_root_set(path, visitor.as_ptr()) })
}

/// Sets the caller's umask.
pub(crate) fn set_umask(umask: u32) {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_umask_set(umask) };
}
