// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Attributes: what setfattr(1), setfacl(1), setcap(8) and chattr(1) have given to storages, to sockets,
//! and to the inodes of their names.
//!
//! Saves: extended attributes of every kind, lists of rights (ACL) and capabilities among them, and
//! the flags that programs choose.
//! Refuses: what the caller may not read, more than a MiB of a storage, flags that say how a file
//! system stores a file.
//! Restores: each with the rights of the caller, where writing content would take it away after
//! that, and flags when everything else is done. What a new inode has from its directory goes, but
//! for the labels of this system (security.*).
//! Locks: the lock of an inode, inside calls of the glue.

use kernel::prelude::*;
use kernel::str::CStr;
use zerocopy::little_endian::U32;

use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::capture::Capture;
use crate::format::reason::Reason;
use crate::format::storage::{
    StorageAttribute, ATTRIBUTE_OF_NAME, MAX_ATTRIBUTES, MAX_ATTRIBUTE_VALUE,
};
use crate::format::ObjectId;
use crate::log::Refusal;

/// Extended attributes of one storage.
#[derive(Default)]
pub(super) struct Attributes {
    all: KVVec<Attribute>,
    size: usize,
}

struct Attribute {
    /// With a zero byte at the end.
    name: KVVec<u8>,
    value: KVVec<u8>,
}

impl Attribute {
    fn name(&self) -> Result<&CStr> {
        CStr::from_bytes_with_nul(&self.name).map_err(|_| EINVAL)
    }

    /// Would a change of content, owner or mode take it away, or change it?
    fn comes_late(&self) -> bool {
        self.name.starts_with(b"system.") || *self.name == *b"security.capability\0"
    }

    /// Sets it, unless it is there.
    fn set(&self, file: &OpenFile) -> Result {
        let length = self.value.len();
        let mut now = KVVec::from_elem(0, length.saturating_add(1), GFP_KERNEL)?;
        let is_there = matches!(file.attribute(self.name()?, &mut now), Ok(found) if found == length)
            && now.get(..length) == Some(&self.value[..]);
        match is_there {
            true => Ok(()),
            false => file.set_attribute(self.name()?, &self.value),
        }
    }
}

/// Describes the extended attributes of a storage, or says why it cannot.
pub(super) fn capture(file: &OpenFile, id: ObjectId, out: &mut Capture<'_>) -> Result<Result> {
    describe(file, id, 0, |_| true, out)
}

/// Likewise of a socket. What its kind gives it, and its label, it has from the start.
pub(super) fn capture_of_socket(
    file: &OpenFile,
    id: ObjectId,
    out: &mut Capture<'_>,
) -> Result<Result> {
    describe(file, id, 0, |name| name.starts_with(b"user."), out)
}

/// Likewise of the inode that the name of a socket leads to.
pub(super) fn capture_of_name(
    inode: &OpenFile,
    id: ObjectId,
    out: &mut Capture<'_>,
) -> Result<Result> {
    describe(inode, id, ATTRIBUTE_OF_NAME, |_| true, out)
}

fn describe(
    file: &OpenFile,
    id: ObjectId,
    flags: u32,
    counts: impl Fn(&[u8]) -> bool,
    out: &mut Capture<'_>,
) -> Result<Result> {
    let found = match errno::answer(Attributes::of(file))? {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    for attribute in found.all.iter().filter(|one| counts(&one.name)) {
        let name = attribute.name.strip_suffix(b"\0").ok_or(EINVAL)?;
        let record = StorageAttribute {
            storage: id,
            name_length: U32::new(name.len() as u32),
            value_length: U32::new(attribute.value.len() as u32),
            flags: U32::new(flags),
        };
        let mut tail = KVVec::new();
        tail.extend_from_slice(name, GFP_KERNEL)?;
        tail.extend_from_slice(&attribute.value, GFP_KERNEL)?;
        out.record(&record, &tail)?;
    }
    Ok(Ok(()))
}

impl Attributes {
    fn of(file: &OpenFile) -> Result<Self> {
        let mut found = Self::default();
        let names = file.attribute_names()?;
        if names.is_empty() {
            return Ok(found);
        }
        let mut room = KVVec::from_elem(0, MAX_ATTRIBUTE_VALUE as usize, GFP_KERNEL)?;
        for name in names.split_inclusive(|byte| *byte == 0) {
            let c_name = CStr::from_bytes_with_nul(name).map_err(|_| EIO)?;
            match file.attribute(c_name, &mut room) {
                // So it says to those who may not read it.
                Err(error) if error == errno::no_data() && name.starts_with(b"trusted.") => {
                    return Err(EACCES)
                }
                // Another name for one that is listed too.
                Err(error) if error == errno::no_data() => (),
                Err(error) => return Err(error),
                Ok(length) => found.push(c_name.to_bytes(), room.get(..length).ok_or(EIO)?)?,
            }
        }
        Ok(found)
    }

    fn push(&mut self, name: &[u8], value: &[u8]) -> Result {
        let size = name.len().saturating_add(value.len());
        self.size = self.size.saturating_add(size);
        if self.size > MAX_ATTRIBUTES as usize || name.is_empty() || name.contains(&0) {
            return Err(E2BIG);
        }
        let mut own = Attribute {
            name: KVVec::with_capacity(name.len().saturating_add(1), GFP_KERNEL_ACCOUNT)?,
            value: KVVec::new(),
        };
        own.name.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        own.name.push(0, GFP_KERNEL_ACCOUNT)?;
        own.value.extend_from_slice(value, GFP_KERNEL_ACCOUNT)?;
        self.all.push(own, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Takes a record in.
    pub(super) fn add(&mut self, record: &StorageAttribute, tail: &[u8]) -> Result<(), Refusal> {
        let parts = tail.split_at_checked(record.name_length.get() as usize);
        let (name, value) = parts.ok_or(EINVAL)?;
        self.push(name, value)
            .map_err(|error| match error == E2BIG {
                true => Refusal::new(Reason::ImageValue, EINVAL)
                    .name("name_length")
                    .value(name.len() as u64),
                false => error.into(),
            })
    }

    /// Gives a new inode, called `path`, those that stay when content is written, before its owner
    /// and its mode may be in the way; and takes away what its directory gave it.
    pub(super) fn begin(&self, file: &OpenFile, path: &[u8]) -> Result<(), Refusal> {
        let names = file.attribute_names()?;
        for name in names.split_inclusive(|byte| *byte == 0) {
            let known = self.all.iter().any(|own| *own.name == *name);
            if known || name.starts_with(b"security.") {
                continue;
            }
            let removed = CStr::from_bytes_with_nul(name)
                .map_err(|_| EIO)
                .and_then(|name| file.remove_attribute(name));
            match removed {
                Err(error) if error != errno::no_data() => return Err(not_set(path, name, error)),
                _ => (),
            }
        }
        self.set(file, path, false)
    }

    /// Gives a new socket, called `label`, all of them.
    pub(super) fn give(&self, file: &OpenFile, label: &[u8]) -> Result<(), Refusal> {
        self.set(file, label, false)?;
        self.set(file, label, true)
    }

    /// Gives it the others.
    pub(super) fn end(&self, file: &OpenFile, path: &[u8]) -> Result<(), Refusal> {
        self.set(file, path, true)
    }

    fn set(&self, file: &OpenFile, path: &[u8], late: bool) -> Result<(), Refusal> {
        for own in self.all.iter().filter(|own| own.comes_late() == late) {
            own.set(file)
                .map_err(|error| not_set(path, &own.name, error))?;
        }
        Ok(())
    }
}

/// Gives an inode the flags that chattr(1) knows. With some of them nothing else can be done to it.
pub(super) fn set_flags(file: &OpenFile, flags: u32, path: &[u8]) -> Result<(), Refusal> {
    file.set_inode_flags(flags)
        .map_err(|error| not_set(path, b"flags (chattr)", error).value(flags.into()))
}

/// What could not be set on what; both up to a zero byte.
fn not_set(path: &[u8], what: &[u8], error: Error) -> Refusal {
    let refusal = Refusal::new(Reason::StorageAttributeNotSet, error);
    let until_zero = |text: &'_ [u8]| {
        text.iter()
            .position(|byte| *byte == 0)
            .unwrap_or(text.len())
    };
    let mut text = KVec::new();
    let parts = [
        path.get(..until_zero(path)),
        Some(&b": "[..]),
        what.get(..until_zero(what)),
    ];
    let mut said = parts.iter().flatten();
    match said.all(|part| text.extend_from_slice(part, GFP_KERNEL).is_ok()) {
        true => refusal.text(&text),
        false => refusal.text(path),
    }
}
