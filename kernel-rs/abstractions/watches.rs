// SPDX-License-Identifier: GPL-2.0

//! inotify instances, and what they watch.

use core::ffi::c_void;
use core::ptr::NonNull;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::task::Task;
use kernel::types::Opaque;

use super::errno;
use super::file::OpenFile;
use super::path::Path;
use super::specials::kind;
use super::storage::opened;

pub(crate) use crate::bindings::{
    ckpt_directory_watch as DirectoryWatchState, ckpt_watcher as WatcherState,
};

/// An open file that is an inotify instance.
///
/// # Invariants
///
/// The file is one.
pub(crate) struct Watcher<'a>(&'a OpenFile);

/// What is watched.
///
/// # Invariants
///
/// Points to an inode on which this holds a reference, and one on its file system.
pub(crate) struct Watched(NonNull<bindings::inode>);

/// An event that is queued: watch descriptor, mask, cookie, and the name's place among the bytes.
pub(crate) type Event = (i32, u32, u32, core::ops::Range<usize>);

impl<'a> Watcher<'a> {
    /// This open file, if it is one.
    pub(crate) fn of(file: &'a OpenFile) -> Option<Self> {
        // INVARIANT: Checked just now; an open file never becomes another kind of file.
        (file.special() == kind::WATCHER).then_some(Self(file))
    }

    /// Makes one, of which nobody has heard yet.
    pub(crate) fn make(state: &WatcherState) -> Result<OpenFile> {
        // SAFETY: `state` is valid; a reference or an error returns.
        unsafe { opened(bindings::ckpt_watcher_make(state)) }
    }

    /// What it has besides watches and events.
    pub(crate) fn state(&self) -> WatcherState {
        let mut state = WatcherState::default();
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_watcher_get(self.0.as_ptr(), &mut state) };
        state
    }

    /// Has it count as one of whoever opened it. Only while it watches nothing.
    pub(crate) fn charge(&self) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_watcher_charge(self.0.as_ptr()) })
    }

    /// The watch with the lowest descriptor from `number` on: that, its mask, and what is watched.
    /// EAGAIN: it is ending, or that is being unmounted.
    pub(crate) fn next(&self, number: i32) -> Result<Option<(i32, u32, Watched)>> {
        let (mut number, mut mask) = (number, 0);
        // SAFETY: By the type invariant; both numbers are valid for writing.
        let inode = unsafe { bindings::ckpt_watch_next(self.0.as_ptr(), &mut number, &mut mask) };
        // INVARIANT: The function returns references.
        let watched = NonNull::new(from_err_ptr(inode)?).map(Watched);
        Ok(watched.map(|watched| (number, mask, watched)))
    }

    /// All events that are queued, and the bytes that their names are in.
    pub(crate) fn events(&self) -> Result<(KVVec<Event>, KVVec<u8>)> {
        /// How often others may cause more events meanwhile.
        const PATIENCE: u32 = 100;
        /// Bytes before the name.
        const FIXED: usize = 16;

        let mut bytes = KVVec::new();
        for _ in 0..PATIENCE {
            let room = bytes.len();
            let buffer: *mut u8 = bytes.as_mut_ptr();
            // SAFETY: By the type invariant; there is as much room as is said.
            let size = unsafe { bindings::ckpt_watch_events(self.0.as_ptr(), buffer.cast(), room) };
            if size > room {
                bytes.resize(size.saturating_add(size / 8), 0, GFP_KERNEL)?;
                continue;
            }
            bytes.truncate(size);
            let mut events = KVVec::new();
            let mut next = 0usize;
            while let Some(fixed) = bytes.get(next..).and_then(|rest| rest.get(..FIXED)) {
                let word = |index: usize| -> Result<[u8; 4]> {
                    let chunk = fixed.chunks_exact(4).nth(index).ok_or(EIO)?;
                    chunk.try_into().map_err(|_| EIO)
                };
                let length = u32::from_ne_bytes(word(3)?) as usize;
                let name = next.checked_add(FIXED).ok_or(EOVERFLOW)?;
                next = name.checked_add(length).ok_or(EOVERFLOW)?;
                let event = (
                    i32::from_ne_bytes(word(0)?),
                    u32::from_ne_bytes(word(1)?),
                    u32::from_ne_bytes(word(2)?),
                    name..next,
                );
                events.push(event, GFP_KERNEL)?;
            }
            return Ok((events, bytes));
        }
        Err(errno::stale())
    }

    /// Queues an event behind the others.
    pub(crate) fn queue(&self, (number, mask, cookie): (i32, u32, u32), name: &[u8]) -> Result {
        // SAFETY: By the type invariant; the name is valid for its length.
        to_result(unsafe {
            bindings::ckpt_watch_event_add(
                self.0.as_ptr(),
                number,
                mask,
                cookie,
                name.as_ptr().cast(),
                name.len() as u32,
            )
        })
    }

    /// Watches what `target` is open for, but sees nothing yet.
    pub(crate) fn place(&self, target: &OpenFile, number: i32, mask: u32) -> Result {
        // SAFETY: By the type invariants.
        to_result(unsafe {
            bindings::ckpt_watch_place(self.0.as_ptr(), target.as_ptr(), number, mask)
        })
    }

    /// Begins to see what happens there.
    pub(crate) fn arm(&self, number: i32, mask: u32) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_watch_arm(self.0.as_ptr(), number, mask) };
    }
}

impl Watched {
    /// As `OpenFile::inode` has it.
    pub(crate) fn identity(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// Its number in its file system.
    pub(crate) fn number(&self) -> u64 {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_inode_number(self.0.as_ptr()) }
    }

    /// A path that leads to it, for `task`.
    pub(crate) fn path(&self, task: &Task) -> Result<Option<Path>> {
        /// Most mounts of a file system that are looked at.
        const MOUNTS: u32 = 1000;

        for which in 0..MOUNTS {
            let path = Opaque::<bindings::path>::uninit();
            // SAFETY: By the type invariant, and `task` is a valid task; `path` is valid for writing.
            let is_mount = unsafe {
                bindings::ckpt_inode_path(self.0.as_ptr(), task.as_ptr(), which, path.get())
            };
            if !is_mount {
                return Ok(None);
            }
            // SAFETY: It was filled just now.
            if unsafe { (*path.get()).dentry.is_null() } {
                continue;
            }
            let mut text = Path::new();
            // SAFETY: The path is held until it is put, and not used after that.
            let leads = unsafe {
                let leads = text.find(path.get(), task, true);
                bindings::ckpt_path_put(path.get());
                leads
            };
            if leads? {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // SAFETY: By the type invariant these references are ours to drop.
        unsafe { bindings::ckpt_inode_put(self.0.as_ptr()) };
    }
}

/// The number of a file's inode in its file system.
pub(crate) fn inode_number(file: &OpenFile) -> u64 {
    // SAFETY: By the type invariant.
    unsafe { bindings::ckpt_file_inode_number(file.as_ptr()) }
}

/// A parked task, and its descriptor table, by which a directory is watched; that is only to be
/// compared.
pub(crate) struct DirectoryWatcher(ARef<Task>, *const c_void);

impl OpenFile {
    /// Who watches its directory by F_NOTIFY, in the order in which they are told. What it tells is
    /// only to be compared.
    pub(crate) fn directory_watches(&self) -> Result<KVVec<DirectoryWatchState>> {
        /// How often others may begin to watch it meanwhile.
        const PATIENCE: u32 = 100;

        let mut watches = KVVec::new();
        for _ in 0..PATIENCE {
            let (list, room) = (watches.as_mut_ptr(), u32::try_from(watches.len())?);
            // SAFETY: By the type invariant; there is as much room as is said.
            let count = unsafe { bindings::ckpt_directory_watches(self.as_ptr(), list, room) };
            if count <= room {
                watches.truncate(count as usize);
                return Ok(watches);
            }
            let with_some = count.saturating_add(count / 8) as usize;
            watches.resize(with_some, DirectoryWatchState::default(), GFP_KERNEL)?;
        }
        Err(errno::stale())
    }

    /// Has it watched by the descriptor table of `holder`, which has it open, but see nothing yet.
    pub(crate) fn place_directory_watch(
        &self,
        holder: &Task,
        number: u32,
        events: u32,
    ) -> Result<DirectoryWatcher> {
        let mut error = 0;
        // SAFETY: By the type invariant, and `holder` is a valid task.
        let table = unsafe {
            let (file, holder) = (self.as_ptr(), holder.as_ptr());
            bindings::ckpt_directory_watch_place(file, holder, number, events, &mut error)
        };
        to_result(error)?;
        Ok(DirectoryWatcher(ARef::from(holder), table))
    }

    /// Begins to see what happens there.
    pub(crate) fn arm_directory_watch(&self, watcher: &DirectoryWatcher, events: u32) {
        let DirectoryWatcher(holder, table) = watcher;
        // SAFETY: By the type invariant, and the task is held; the table is only compared.
        unsafe {
            let (file, holder) = (self.as_ptr(), holder.as_ptr());
            bindings::ckpt_directory_watch_arm(file, holder, *table, events);
        }
    }
}
