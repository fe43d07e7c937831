// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Directories: root, working directory, umask.
//!
//! Saves: paths from the root of the mount namespace, umask; a directory that was removed as a
//! storage.
//! Refuses: what no path leads to and that was not removed.
//! Restores: with the rights of the task itself; where those do not suffice any more, with the caller's,
//! if no symbolic link leads there. A root of its own takes CAP_SYS_CHROOT.
//! Locks: task_lock; inside one call of the glue.

use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::U32;

use super::files::{self, text};
use crate::abstractions::creds::Prepared;
use crate::abstractions::family::Shared;
use crate::abstractions::file::OpenFile;
use crate::abstractions::{path, storage};
use crate::capture::{Capture, FrozenTask};
use crate::format::files::Directories;
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// Describes root, working directory and umask.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let (shared, _) = Shared::Directories.of(&task.task).ok_or(ESRCH)?;
    if let Some(known) = out.known(shared) {
        return Ok(known);
    }
    let found = path::directories(&task.task)?;
    let root = match found.root_is_there {
        true => ObjectId::NONE,
        false => capture_removed(task, true, out)?,
    };
    let cwd = match found.cwd_is_there {
        true => ObjectId::NONE,
        false => capture_removed(task, false, out)?,
    };
    let mut paths = KVVec::new();
    paths.extend_from_slice(found.root.as_bytes(), GFP_KERNEL_ACCOUNT)?;
    paths.extend_from_slice(found.cwd.as_bytes(), GFP_KERNEL_ACCOUNT)?;
    let (id, _) = out.object(shared)?;
    out.record(
        &Directories {
            id,
            umask: U32::new(found.umask),
            root_length: U32::new(u32::try_from(found.root.as_bytes().len())?),
            cwd_length: U32::new(u32::try_from(found.cwd.as_bytes().len())?),
            root,
            cwd,
        },
        &paths,
    )?;
    Ok(id)
}

fn capture_removed(task: &FrozenTask, is_root: bool, out: &mut Capture<'_>) -> Result<ObjectId> {
    let directory = storage::directory(&task.task, is_root)?;
    files::capture_file(&directory, task, None, |refusal| refusal, out)
}

/// Directories as the image describes them.
pub(crate) struct DirectoriesPlan {
    umask: u32,
    root: KVVec<u8>,
    cwd: KVVec<u8>,
    /// Removed ones: their place among the files.
    root_file: Option<usize>,
    cwd_file: Option<usize>,
}

impl DirectoriesPlan {
    /// Takes a record in.
    pub(crate) fn new(
        record: &Directories,
        paths: &[u8],
        root_file: Option<usize>,
        cwd_file: Option<usize>,
    ) -> Result<Self, Refusal> {
        let length = record.root_length.get() as usize;
        let (root, cwd) = paths.split_at_checked(length).ok_or(EINVAL)?;
        Ok(Self {
            umask: record.umask.get(),
            root: text(root)?,
            cwd: text(cwd)?,
            root_file,
            cwd_file,
        })
    }

    /// Goes there, as `visitor`, whom the caller may be. The new root last: paths are those of the old one.
    pub(crate) fn restore(
        &self,
        visitor: &Prepared,
        file_at: impl Fn(usize) -> Option<OpenFile>,
    ) -> Result<(), Refusal> {
        let missing = |path: &[u8], error| Refusal::new(Reason::FileMissing, error).text(path);
        match self.cwd_file {
            Some(index) => file_at(index).ok_or(EINVAL)?.enter(),
            None => {
                let cwd = CStr::from_bytes_with_nul(&self.cwd).map_err(|_| EINVAL)?;
                path::set_cwd(cwd, visitor).map_err(|error| missing(&self.cwd, error))?;
            }
        }
        match self.root_file {
            Some(index) => file_at(index).ok_or(EINVAL)?.enter_as_root(),
            None if self.root.as_slice() == b"/\0" => Ok(()),
            None => {
                let root = CStr::from_bytes_with_nul(&self.root).map_err(|_| EINVAL)?;
                path::set_root(root, visitor)
            }
        }
        .map_err(|error| match error {
            EPERM => Refusal::new(Reason::RestoreNotPermitted, error).name("a root of its own"),
            _ => missing(&self.root, error),
        })?;
        path::set_umask(self.umask);
        Ok(())
    }
}
