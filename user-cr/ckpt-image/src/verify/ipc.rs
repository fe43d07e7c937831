// SPDX-License-Identifier: GPL-2.0

//! System V objects.

use std::collections::BTreeMap;

use ckpt_format::ipc::{
    IpcObject, IpcSpace, IpcUndo, IPC_OBJECT_MESSAGES, IPC_OBJECT_SEMAPHORES, MESSAGE, SEMAPHORE,
};
use ckpt_format::{Kind, Problem};

/// What has been seen of them.
#[derive(Debug, Default)]
pub(super) struct Ipc {
    has_space: bool,
    /// By kind and identifier: how many semaphores.
    objects: BTreeMap<(u32, i32), u64>,
}

impl Ipc {
    /// There is one namespace, or none of its own.
    pub(super) fn space(&mut self, _: &IpcSpace) -> Result<(), Problem> {
        match std::mem::replace(&mut self.has_space, true) {
            true => Err(Problem::Order(Kind::IpcSpace.number())),
            false => Ok(()),
        }
    }

    /// An object comes once, and its tail is what it says.
    pub(super) fn object(&mut self, object: &IpcObject, tail: &[u8]) -> Result<(), Problem> {
        let (what, id) = (object.what.get(), object.identifier.get());
        let size = object.size.get();
        if self.objects.insert((what, id), size).is_some() {
            return Err(Problem::Value("identifier", id as u64));
        }
        let is_fine = match what {
            IPC_OBJECT_SEMAPHORES => tail.len() as u64 == size.saturating_mul(SEMAPHORE),
            IPC_OBJECT_MESSAGES => are_messages(tail),
            _ => tail.is_empty(),
        };
        match is_fine {
            true => Ok(()),
            false => Err(Problem::Truncated),
        }
    }

    /// What is to be undone is so in a set of the image.
    pub(super) fn undo(&self, undo: &IpcUndo) -> Result<(), Problem> {
        let id = undo.identifier.get();
        match self.objects.get(&(IPC_OBJECT_SEMAPHORES, id)) {
            Some(size) if *size == u64::from(undo.count.get()) => Ok(()),
            _ => Err(Problem::Value("identifier", id as u64)),
        }
    }
}

/// Type and size, eight bytes each, then the bytes; and so on.
fn are_messages(mut tail: &[u8]) -> bool {
    while let Some((head, rest)) = tail.split_at_checked(MESSAGE as usize) {
        let size = head.get(8..).and_then(|size| size.try_into().ok());
        let size = size.map_or(u64::MAX, u64::from_le_bytes);
        let kind = head.get(..8).and_then(|kind| kind.try_into().ok());
        let rest = usize::try_from(size).ok().and_then(|size| rest.get(size..));
        match (kind.map_or(0, i64::from_le_bytes), rest) {
            (1.., Some(rest)) => tail = rest,
            _ => return false,
        }
    }
    tail.is_empty()
}
