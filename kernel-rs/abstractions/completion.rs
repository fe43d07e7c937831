// SPDX-License-Identifier: GPL-2.0

//! Waiting for another task, in a way that death (or any signal) ends.
//!
//! C header: [`include/linux/completion.h`](srctree/include/linux/completion.h).

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::types::Opaque;

/// A counting bell: each ring lets one wait pass.
#[pin_data]
pub(crate) struct Bell {
    #[pin]
    inner: Opaque<bindings::completion>,
}

// SAFETY: A completion may be used from any task.
unsafe impl Send for Bell {}
// SAFETY: And from several at a time.
unsafe impl Sync for Bell {}

impl Bell {
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            inner <- Opaque::ffi_init(|slot: *mut bindings::completion| {
                // SAFETY: `slot` points to room for a completion.
                unsafe { bindings::ckpt_completion_init(slot) };
            }),
        })
    }

    /// Lets one wait pass.
    pub(crate) fn ring(&self) {
        // SAFETY: The completion was initialised.
        unsafe { bindings::complete(self.inner.get()) };
    }

    /// Waits; only a deadly signal ends it early.
    pub(crate) fn wait_killable(&self) -> Result {
        // SAFETY: The completion was initialised.
        to_result(unsafe { bindings::ckpt_wait(self.inner.get(), false, 0) })
    }

    /// Waits for so long at most (ETIMEDOUT); any signal ends it early.
    pub(crate) fn wait_interruptible(&self, timeout_ms: u64) -> Result {
        // SAFETY: The completion was initialised.
        to_result(unsafe { bindings::ckpt_wait(self.inner.get(), true, timeout_ms) })
    }
}
