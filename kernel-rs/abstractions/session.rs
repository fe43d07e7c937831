// SPDX-License-Identifier: GPL-2.0

//! The file behind a restart session.

use crate::bindings;
use kernel::ffi::c_void;
use kernel::prelude::*;
use kernel::sync::Arc;

use super::file::OpenFile;
use crate::session::Session;

/// Makes a descriptor of the caller's for a session.
pub(crate) fn descriptor(session: Arc<Session>) -> Result<i32> {
    let raw = Arc::into_raw(session);
    // SAFETY: On success the file owns the reference until `ckpt_session_release`.
    let fd = unsafe { bindings::ckpt_session_fd(raw.cast_mut().cast()) };
    if fd < 0 {
        // SAFETY: No file was made, so the reference is still ours.
        drop(unsafe { Arc::from_raw(raw) });
        return Err(Error::from_errno(fd));
    }
    Ok(fd)
}

/// The session behind a descriptor of the caller's.
pub(crate) fn of_descriptor(fd: i32) -> Result<Arc<Session>> {
    let file = OpenFile::from_fd(fd)?;
    // SAFETY: The file is held.
    let raw = unsafe { bindings::ckpt_session_of(file.as_ptr()) };
    if raw.is_null() {
        return Err(EBADF);
    }
    // SAFETY: A file with these operations carries a reference from `descriptor`.
    Ok(unsafe { borrow(raw) })
}

/// # Safety
///
/// `raw` must come from `descriptor`, and the file must be held.
pub(crate) unsafe fn borrow(raw: *mut c_void) -> Arc<Session> {
    let raw: *const Session = raw.cast_const().cast();
    // SAFETY: By the contract of this function; the file keeps its reference.
    let owned = core::mem::ManuallyDrop::new(unsafe { Arc::from_raw(raw) });
    Arc::clone(&owned)
}
