// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Scaffold: directories in which a restart makes what has no name, and which go again at once.
//!
//! Saves nothing itself: `storage` makes removed files and directories with it.
//! Locks: the lock of a directory, inside calls of the glue.

use kernel::prelude::*;
use kernel::str::CStr;

use crate::abstractions::file::{oflag, OpenFile};
use crate::abstractions::machine;
use crate::log::Refusal;

/// Bytes of our own.
pub(super) fn copy(bytes: &[u8]) -> Result<KVVec<u8>> {
    let mut copy = KVVec::new();
    copy.extend_from_slice(bytes, GFP_KERNEL_ACCOUNT)?;
    Ok(copy)
}

/// Directories that are there only as long as something is made in them.
pub(super) struct Scaffold(KVVec<OpenFile>);

impl Scaffold {
    /// Makes what is missing of a path; it has a zero byte at the end.
    pub(super) fn up_to(directory: &[u8]) -> Result<Self> {
        let mut made = Self(KVVec::new());
        let path = directory.strip_suffix(b"\0").ok_or(EINVAL)?;
        let seen = OpenFile::open(c_str(directory)?, oflag::O_PATH | oflag::O_DIRECTORY);
        if !matches!(&seen, Err(error) if *error == ENOENT) {
            return seen.map(|_| made);
        }
        for end in 1..=path.len() {
            if !matches!(path.get(end), None | Some(b'/')) {
                continue;
            }
            let mut part = copy(path.get(..end).ok_or(EINVAL)?)?;
            part.push(0, GFP_KERNEL_ACCOUNT)?;
            let part = c_str(&part)?;
            match OpenFile::open(part, oflag::O_PATH | oflag::O_DIRECTORY) {
                Ok(_) => (),
                Err(error) if error == ENOENT => made.make(part)?,
                Err(error) => return Err(error),
            }
        }
        Ok(made)
    }

    fn make(&mut self, path: &CStr) -> Result {
        self.0.reserve(1, GFP_KERNEL_ACCOUNT)?;
        let _ = self.0.push_within_capacity(OpenFile::make_directory(path)?);
        Ok(())
    }

    /// A path to `name` in a new directory inside of `directory`. Both have a zero byte at the end.
    pub(super) fn private(&mut self, directory: &[u8], name: &[u8]) -> Result<KVVec<u8>> {
        let mut path = copy(directory.strip_suffix(b"\0").ok_or(EINVAL)?)?;
        path.extend_from_slice(b"/.restart-", GFP_KERNEL_ACCOUNT)?;
        for byte in machine::random() {
            path.push(b'a'.saturating_add(byte & 15), GFP_KERNEL_ACCOUNT)?;
        }
        path.push(0, GFP_KERNEL_ACCOUNT)?;
        self.make(c_str(&path)?)?;
        path.pop();
        path.push(b'/', GFP_KERNEL_ACCOUNT)?;
        path.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        Ok(path)
    }
}

impl Drop for Scaffold {
    fn drop(&mut self) {
        while let Some(directory) = self.0.pop() {
            // What somebody else has put into it stays.
            let _ = directory.unlink();
        }
    }
}

/// Bytes that have a zero byte at the end, and no other.
pub(super) fn c_str(bytes: &[u8]) -> Result<&CStr> {
    CStr::from_bytes_with_nul(bytes).map_err(|_| EINVAL)
}

/// The directory of a path, and the last name in it; both with a zero byte at the end.
pub(super) fn split(path: &[u8]) -> Result<(KVVec<u8>, KVVec<u8>), Refusal> {
    let slash = path.iter().rposition(|byte| *byte == b'/').ok_or(EINVAL)?;
    let (directory, name) = path.split_at_checked(slash).ok_or(EINVAL)?;
    let mut parent = copy(if directory.is_empty() {
        b"/"
    } else {
        directory
    })?;
    parent.push(0, GFP_KERNEL_ACCOUNT)?;
    Ok((parent, copy(name.get(1..).ok_or(EINVAL)?)?))
}
