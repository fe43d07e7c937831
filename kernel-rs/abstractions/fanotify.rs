// SPDX-License-Identifier: GPL-2.0

//! fanotify groups, what they have marked, and what they have to tell.

use core::ptr::{null_mut, NonNull};

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::task::Task;

use super::file::OpenFile;
use super::specials::kind;
use super::storage::opened;

pub(crate) use crate::bindings::{
    ckpt_group as GroupState, ckpt_group_event as EventState, ckpt_mark as MarkState,
};

/// What is marked.
pub(crate) mod marked {
    use crate::bindings;

    pub(crate) const INODE: u32 = bindings::ckpt_marked_CKPT_MARKED_INODE;
    pub(crate) const MOUNT: u32 = bindings::ckpt_marked_CKPT_MARKED_MOUNT;
    pub(crate) const FILESYSTEM: u32 = bindings::ckpt_marked_CKPT_MARKED_FILESYSTEM;
}

/// What is told of an event.
pub(crate) mod told {
    use crate::bindings;

    pub(crate) const PATH: u32 = bindings::ckpt_told_CKPT_TOLD_PATH;
    pub(crate) const HANDLE: u32 = bindings::ckpt_told_CKPT_TOLD_HANDLE;
    pub(crate) const NAME: u32 = bindings::ckpt_told_CKPT_TOLD_NAME;
    pub(crate) const ERROR: u32 = bindings::ckpt_told_CKPT_TOLD_ERROR;
    pub(crate) const OVERFLOW: u32 = bindings::ckpt_told_CKPT_TOLD_OVERFLOW;
}

/// An open file that is a fanotify group.
///
/// # Invariants
///
/// The file is one.
pub(crate) struct Group<'a>(&'a OpenFile);

impl<'a> Group<'a> {
    /// This open file, if it is one.
    pub(crate) fn of(file: &'a OpenFile) -> Option<Self> {
        // INVARIANT: Checked just now; an open file never becomes another kind of file.
        (file.special() == kind::GROUP).then_some(Self(file))
    }

    /// Makes one, if the caller may have it.
    pub(crate) fn make(state: &GroupState) -> Result<OpenFile> {
        // SAFETY: `state` is valid; a reference or an error returns.
        unsafe { opened(bindings::ckpt_group_make(state)) }
    }

    /// What it has besides marks and events.
    pub(crate) fn state(&self) -> GroupState {
        let mut state = GroupState::default();
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_group_get(self.0.as_ptr(), &mut state) };
        state
    }

    /// Has it count as one of whoever opened it. Only while it has marked nothing.
    pub(crate) fn charge(&self) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_group_charge(self.0.as_ptr()) })
    }

    /// All that it has marked.
    pub(crate) fn marks(&self) -> Result<Marks<'a>> {
        // SAFETY: By the type invariant.
        let marks = from_err_ptr(unsafe { bindings::ckpt_group_marks(self.0.as_ptr()) })?;
        // INVARIANT: The function gives it to us.
        let marks = NonNull::new(marks).ok_or(EIO)?;
        Ok(Marks {
            marks,
            group: self.0,
        })
    }

    /// Marks what `target` is open for, but sees nothing yet.
    pub(crate) fn place(&self, target: &OpenFile, state: &MarkState) -> Result<Mark> {
        // SAFETY: By the type invariants; `state` is valid.
        let mark = unsafe { bindings::ckpt_mark_place(self.0.as_ptr(), target.as_ptr(), state) };
        // INVARIANT: The function returns a reference.
        NonNull::new(from_err_ptr(mark)?).map(Mark).ok_or(EIO)
    }

    /// All events that are queued.
    pub(crate) fn queue(&self) -> Result<Queue<'a>> {
        // SAFETY: By the type invariant.
        let queue = from_err_ptr(unsafe { bindings::ckpt_group_queue(self.0.as_ptr()) })?;
        // INVARIANT: The function gives it to us.
        let queue = NonNull::new(queue).ok_or(EIO)?;
        Ok(Queue {
            queue,
            group: self.0,
        })
    }

    /// Queues an event behind the others. `by`: who has done it, if he is there; if not, his number
    /// is one of the namespace so far `above` that of `within`.
    pub(crate) fn add(
        &self,
        event: &EventState,
        target: Option<&OpenFile>,
        by: Option<&Task>,
        (within, above): (&Task, u32),
    ) -> Result {
        let target = target.map_or(null_mut(), |target| target.as_ptr());
        let by = by.map_or(null_mut(), |by| by.as_ptr());
        // SAFETY: By the type invariants; tasks are valid or null.
        to_result(unsafe {
            let (group, within) = (self.0.as_ptr(), within.as_ptr());
            bindings::ckpt_group_event_add(group, event, target, by, within, above)
        })
    }
}

/// What a group had marked at one moment, in the order in which it did; all of it is held.
///
/// # Invariants
///
/// The list is ours.
pub(crate) struct Marks<'a> {
    marks: NonNull<bindings::ckpt_group_marks>,
    group: &'a OpenFile,
}

impl Marks<'_> {
    /// The mark with this number.
    pub(crate) fn get(&self, which: u32) -> Result<Option<KVBox<MarkState>>> {
        let mut state = super::zeroed::<MarkState>()?;
        // SAFETY: By the type invariant; `state` is valid for writing.
        let is_there =
            unsafe { bindings::ckpt_group_mark_get(self.marks.as_ptr(), which, &mut *state) };
        Ok(is_there.then_some(state))
    }

    /// Opens what that is on as `task` reaches it, if it does.
    pub(crate) fn open(&self, which: u32, task: &Task) -> Result<Option<OpenFile>> {
        // SAFETY: By the type invariants, and `task` is a valid task; a reference, an error or null
        // returns.
        unsafe {
            let (marks, group) = (self.marks.as_ptr(), self.group.as_ptr());
            let file = bindings::ckpt_group_mark_open(marks, which, task.as_ptr(), group);
            Ok(OpenFile::from_raw(from_err_ptr(file)?))
        }
    }
}

impl Drop for Marks<'_> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_group_marks_put(self.marks.as_ptr()) };
    }
}

impl OpenFile {
    /// Fills in the handle by which programs know its inode.
    pub(crate) fn name_mark(&self, state: &mut MarkState) {
        // SAFETY: By the type invariant; the struct is valid for writing.
        unsafe { bindings::ckpt_mark_name(self.as_ptr(), state) };
    }
}

/// A mark that was placed.
///
/// # Invariants
///
/// Points to a mark on which this holds a reference.
pub(crate) struct Mark(NonNull<bindings::fsnotify_mark>);

impl Mark {
    /// From now on it sees what happens.
    pub(crate) fn arm(&self, mask: u32, ignored: u32) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_mark_arm(self.0.as_ptr(), mask, ignored) };
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        // SAFETY: By the type invariant this reference is ours to drop.
        unsafe { bindings::ckpt_mark_put(self.0.as_ptr()) };
    }
}

/// The events of a group as they were queued at one moment.
///
/// # Invariants
///
/// The queue is ours.
pub(crate) struct Queue<'a> {
    queue: NonNull<bindings::ckpt_group_queue>,
    group: &'a OpenFile,
}

impl Queue<'_> {
    /// The next one. `space`: the pid namespace in which whoever has done it has a number.
    pub(crate) fn next(&mut self, space: u64, event: &mut EventState) -> bool {
        // SAFETY: By the type invariant; `event` is valid for writing.
        unsafe { bindings::ckpt_group_queue_next(self.queue.as_ptr(), space, event) }
    }

    /// What the one that was told last was done to, while this is there: mount and name. Only after
    /// `next` has told one.
    pub(crate) fn place(&self) -> (usize, usize) {
        // SAFETY: By the type invariant; the path lies in the queue.
        unsafe {
            let path = bindings::ckpt_group_queue_path(self.queue.as_ptr());
            match path.as_ref() {
                Some(path) => (path.mnt as usize, path.dentry as usize),
                None => (0, 0),
            }
        }
    }

    /// Opens that, as `task` reaches it, if it does.
    pub(crate) fn open(&mut self, task: &Task) -> Result<Option<OpenFile>> {
        // SAFETY: By the type invariants, and `task` is a valid task; a reference, an error or null
        // returns.
        unsafe {
            let (queue, group) = (self.queue.as_ptr(), self.group.as_ptr());
            let file = bindings::ckpt_group_queue_open(queue, task.as_ptr(), group);
            Ok(OpenFile::from_raw(from_err_ptr(file)?))
        }
    }
}

impl Drop for Queue<'_> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_group_queue_put(self.queue.as_ptr()) };
    }
}
