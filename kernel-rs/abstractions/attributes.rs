// SPDX-License-Identifier: GPL-2.0

//! Extended attributes and flags of inodes.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::str::{CStr, CStrExt};

use super::file::{length, OpenFile};

impl OpenFile {
    /// Names of its extended attributes, each with a zero byte, also of those that the caller may
    /// not read.
    pub(crate) fn attribute_names(&self) -> Result<KVVec<u8>> {
        let mut names = KVVec::from_elem(0u8, bindings::XATTR_LIST_MAX as usize, GFP_KERNEL)?;
        let (to, size) = (names.as_mut_ptr().cast(), names.len());
        // SAFETY: By the type invariant; the buffer has room for `size` bytes.
        let used = unsafe { bindings::ckpt_attributes_list(self.as_ptr(), to, size) };
        names.truncate(length(used)?);
        Ok(names)
    }

    /// Puts the value of an extended attribute into `room`, with the rights of the caller.
    pub(crate) fn attribute(&self, name: &CStr, room: &mut [u8]) -> Result<usize> {
        let (to, size) = (room.as_mut_ptr().cast(), room.len());
        // SAFETY: By the type invariant; `name` is a C string, and there is room for `size` bytes.
        let used =
            unsafe { bindings::ckpt_attribute_get(self.as_ptr(), name.as_char_ptr(), to, size) };
        length(used)
    }

    /// Sets one, with the rights of the caller.
    pub(crate) fn set_attribute(&self, name: &CStr, value: &[u8]) -> Result {
        let (from, size) = (value.as_ptr().cast(), value.len());
        // SAFETY: By the type invariant; `name` is a C string, and there are `size` bytes.
        to_result(unsafe {
            bindings::ckpt_attribute_set(self.as_ptr(), name.as_char_ptr(), from, size)
        })
    }

    /// Removes one, with the rights of the caller.
    pub(crate) fn remove_attribute(&self, name: &CStr) -> Result {
        // SAFETY: By the type invariant; `name` is a C string.
        to_result(unsafe { bindings::ckpt_attribute_remove(self.as_ptr(), name.as_char_ptr()) })
    }

    /// Sets its flags (`FS_*_FL`), with the rights of the caller.
    pub(crate) fn set_inode_flags(&self, flags: u32) -> Result {
        // SAFETY: By the type invariant.
        to_result(unsafe { bindings::ckpt_inode_flags_set(self.as_ptr(), flags) })
    }
}
