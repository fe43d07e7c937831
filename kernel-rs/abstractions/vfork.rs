// SPDX-License-Identifier: GPL-2.0

//! Waiting for vfork children.
//!
//! C header: [`include/linux/vfork_restore.h`](srctree/include/linux/vfork_restore.h).

use core::cell::Cell;
use core::pin::Pin;

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::task::Task;
use kernel::types::Opaque;

use super::task;

/// Is it frozen while it waits for a vfork child?
pub(crate) fn is_waiting(task: &Task) -> bool {
    // SAFETY: `task` is a valid task.
    unsafe { bindings::ckpt_task_awaits_vfork(task.as_ptr()) }
}

/// Is `child` the one that `task` waits for?
pub(crate) fn waits_for(task: &Task, child: &Task) -> bool {
    // SAFETY: Both are valid tasks.
    unsafe { bindings::ckpt_task_awaits(task.as_ptr(), child.as_ptr()) }
}

/// The caller's wait for a vfork child. On its stack: by that a checkpoint finds out whose it is.
///
/// # Invariants
///
/// With a child, the wait has begun and has not come to an end: the child may complete `done`, and
/// there is a reference on it.
#[pin_data(PinnedDrop)]
pub(crate) struct Wait {
    #[pin]
    done: Opaque<bindings::completion>,
    /// The child, and its number for the caller.
    child: Cell<Option<(ARef<Task>, i32)>>,
}

impl Wait {
    /// Nobody is waited for yet.
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            done <- Opaque::ffi_init(|slot: *mut bindings::completion| {
                // SAFETY: `slot` points to room for a completion.
                unsafe { bindings::ckpt_completion_init(slot) };
            }),
            child: Cell::new(None),
        })
    }

    /// From now on `child`, a parked task, ends the wait when it calls execve(2), or ends.
    pub(crate) fn begin(self: Pin<&Self>, child: &Task) -> Result {
        if let Some(known) = self.child.take() {
            self.child.set(Some(known));
            return Err(EBUSY);
        }
        // SAFETY: `child` is a valid task; `done` is pinned, and what is dropped is waited for or
        // given up before.
        to_result(unsafe { bindings::vfork_restore_begin(child.as_ptr(), self.done.get()) })?;
        // INVARIANT: It has begun just now.
        self.child
            .set(Some((ARef::from(child), task::number(child))));
        Ok(())
    }

    /// Waits, if that has begun; gives the number of the child.
    pub(crate) fn finish(self: Pin<&Self>) -> Option<i32> {
        let (child, number) = self.child.take()?;
        // SAFETY: By the type invariant.
        unsafe { bindings::vfork_restore_wait(child.as_ptr(), self.done.get()) };
        Some(number)
    }
}

#[pinned_drop]
impl PinnedDrop for Wait {
    fn drop(self: Pin<&mut Self>) {
        if let Some((child, _)) = self.child.take() {
            // SAFETY: By the type invariant.
            unsafe { bindings::vfork_restore_cancel(child.as_ptr(), self.done.get()) };
        }
    }
}
