// SPDX-License-Identifier: GPL-2.0

//! What outlives a system call: the namespaces that restarts have made.

use kernel::prelude::*;

use crate::made::Made;

kernel::sync::global_lock! {
    // SAFETY: `init` is called at boot, before user space can make a system call.
    unsafe(uninit) static MADE: Mutex<KVVec<Made>> = KVVec::new();
}

/// Makes the registry usable.
///
/// # Safety
///
/// Must be called once, at boot.
pub(crate) unsafe fn init() {
    // SAFETY: By the contract of this function.
    unsafe { MADE.init() };
}

/// Looks into the registry, or changes it.
pub(crate) fn with_made<R>(look: impl FnOnce(&mut KVVec<Made>) -> R) -> R {
    look(&mut MADE.lock())
}
