// SPDX-License-Identifier: GPL-2.0

//! POSIX message queues.
//!
//! C header: [`include/linux/mqueue_restore.h`](srctree/include/linux/mqueue_restore.h).

use core::ptr::null_mut;

use crate::bindings;
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};

use super::file::{length, OpenFile};
use super::ipc::{IpcNamespace, PidRef};
use super::specials::kind;
use super::storage::opened;

pub(crate) use crate::bindings::ckpt_queue as QueueState;
use kernel::error::to_result;

/// Ways to tell of a message (SIGEV_*), but by a thread.
pub(crate) mod notify {
    pub(crate) use crate::bindings::{SIGEV_NONE, SIGEV_SIGNAL};
}

/// Priority and bytes.
pub(crate) type Message<'a> = (u32, &'a [u8]);

/// A POSIX message queue.
///
/// # Invariants
///
/// The file is one of a queue; it may be open with O_PATH.
pub(crate) struct Queue(OpenFile);

impl Queue {
    /// That of an open file, if it is of one.
    pub(crate) fn of(file: &OpenFile) -> Option<Self> {
        // INVARIANT: It is of one, as said.
        (file.special() == kind::QUEUE).then(|| Self(file.clone()))
    }

    fn as_ptr(&self) -> *mut bindings::file {
        self.0.as_ptr()
    }

    /// A file of it.
    pub(crate) fn file(&self) -> &OpenFile {
        &self.0
    }

    /// Another reference.
    pub(crate) fn again(&self) -> Self {
        // INVARIANT: As of this one.
        Self(self.0.clone())
    }

    /// May the caller receive from it, whoever has opened it?
    pub(crate) fn is_readable(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_queue_is_readable(self.as_ptr()) }
    }

    /// Does it lie there?
    pub(crate) fn is_in(&self, namespace: &IpcNamespace) -> bool {
        // SAFETY: By the type invariant; a reference or null returns.
        let own = unsafe { IpcNamespace::from_raw(bindings::mqueue_restore_ns(self.as_ptr())) };
        own.is_some_and(|own| own.identity() == namespace.identity())
    }

    /// What it is, and who is to be told of a message.
    pub(crate) fn state(&self) -> Result<(KVBox<QueueState>, Option<PidRef>)> {
        let mut state = super::zeroed::<QueueState>()?;
        // SAFETY: By the type invariant; the struct is valid for writing.
        unsafe { bindings::ckpt_queue_get(self.as_ptr(), &mut *state) };
        // SAFETY: Null, or with a reference for us, which nothing else drops.
        let owner = unsafe { PidRef::from_raw(state.inside.owner) };
        state.inside.owner = null_mut();
        Ok((state, owner))
    }

    /// Messages from the `first` on, as many as there is room for: priority, size, four bytes each, and
    /// the bytes. Gives how many bytes that are; none: there are no more.
    pub(crate) fn messages(&self, first: u32, room: &mut [u8]) -> Result<usize> {
        let to = room.as_mut_ptr().cast();
        // SAFETY: By the type invariant; there is so much room.
        length(unsafe { bindings::mqueue_restore_peek(self.as_ptr(), first, to, room.len()) })
    }

    /// Puts a message behind the others of its priority.
    pub(crate) fn put(&self, priority: u32, bytes: &[u8]) -> Result {
        let (from, size) = (bytes.as_ptr().cast(), bytes.len());
        // SAFETY: By the type invariant; the slice is valid for its length.
        to_result(unsafe { bindings::mqueue_restore_put(self.as_ptr(), priority, from, size) })
    }

    /// Opens it as mq_open(2) does, or as open(2) does in a directory; whether the caller may is not
    /// asked.
    pub(crate) fn open(&self, directory: Option<&CStr>, flags: u32) -> Result<OpenFile> {
        let directory = directory.map_or(core::ptr::null(), CStrExt::as_char_ptr);
        // SAFETY: By the type invariant; a C string or null, and a reference or an error returns.
        unsafe { opened(bindings::ckpt_queue_open(self.as_ptr(), directory, flags)) }
    }

    /// Gives it owner, mode, times, and somebody to tell of a message, or nobody. The caller has
    /// checked the rights.
    pub(crate) fn set(&self, state: &QueueState, owner: Option<&PidRef>) -> Result {
        // SAFETY: By the type invariant; the owner is null or valid.
        to_result(unsafe { bindings::ckpt_queue_set(self.as_ptr(), state, PidRef::raw(owner)) })
    }

    /// Nobody is to be told of a message any more.
    pub(crate) fn forget_owner(&self) {
        let nobody = bindings::mqueue_restore::default();
        // SAFETY: By the type invariant.
        unsafe { bindings::mqueue_restore_notify(self.as_ptr(), &nobody) };
    }

    /// Takes its name away, if it still has it.
    pub(crate) fn remove(&self) {
        // SAFETY: By the type invariant.
        unsafe { bindings::mqueue_restore_remove(self.as_ptr()) };
    }
}

impl OpenFile {
    /// Can it send to a message queue, or receive from one?
    pub(crate) fn uses_queue(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::ckpt_queue_opens(self.as_ptr()) }
    }
}

impl IpcNamespace {
    /// One of those that have a name; none: there are no more.
    pub(crate) fn queue(&self, index: u32) -> Result<Option<Queue>> {
        // SAFETY: By the type invariant; a reference, null or an error returns.
        let file = unsafe { bindings::mqueue_restore_find(self.as_ptr(), index) };
        if file.is_null() {
            return Ok(None);
        }
        // INVARIANT: Only queues lie there.
        // SAFETY: As above.
        unsafe { opened(file) }.map(|file| Some(Queue(file)))
    }

    /// The one of that name.
    pub(crate) fn queue_called(&self, name: &CStr) -> Result<Queue> {
        let (own, name) = (self.as_ptr(), name.as_char_ptr());
        // INVARIANT: Only queues lie there.
        // SAFETY: By the type invariant; a C string, and a reference or an error returns.
        unsafe { opened(bindings::mqueue_restore_lookup(own, name)) }.map(Queue)
    }

    /// Makes one within the limits of the caller, and charges its user. The caller has checked the
    /// rights. EEXIST: there is one of that name.
    pub(crate) fn make_queue(&self, state: &QueueState) -> Result<Queue> {
        // INVARIANT: The function makes a queue.
        // SAFETY: By the type invariant; a reference or an error returns.
        unsafe { opened(bindings::ckpt_queue_make(self.as_ptr(), state)) }.map(Queue)
    }
}
