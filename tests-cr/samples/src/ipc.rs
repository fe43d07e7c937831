// SPDX-License-Identifier: GPL-2.0

//! System V objects, and what is to be undone.

use std::io;

use ckpt_image::format::ipc::{
    IpcObject, IpcSpace, IpcUndo, IPC_OBJECT_MEMORY, IPC_OBJECT_MESSAGES, IPC_OBJECT_SEMAPHORES,
};
use ckpt_image::format::storage::{Storage, STORAGE_FORM_SEGMENT};
use ckpt_image::format::{ObjectId, TaskId};
use ckpt_image::ImageWriter;
use zerocopy::FromZeros;

/// A namespace with its limits.
pub(crate) fn space() -> IpcSpace {
    IpcSpace {
        shm_max: 0x7fff_ffff.into(),
        shm_all: 4096.into(),
        shm_mni: 4096.into(),
        msg_max: 8192.into(),
        msg_mnb: 16384.into(),
        msg_mni: 32000.into(),
        sem_set: 250.into(),
        sem_all: 32000.into(),
        sem_operations: 32.into(),
        sem_sets: 128.into(),
        queues_max: 256.into(),
        queue_messages_max: 10.into(),
        queue_size_max: 8192.into(),
        queue_messages: 10.into(),
        queue_size: 8192.into(),
        sem_last: 3.into(),
        ..IpcSpace::new_zeroed()
    }
}

/// The memory of a segment.
pub(crate) fn segment(id: ObjectId, page_size: u32) -> Storage {
    Storage {
        id,
        form: STORAGE_FORM_SEGMENT.into(),
        mode: 0o100_777.into(),
        size: (u64::from(page_size) * 2).into(),
        ..Storage::new_zeroed()
    }
}

fn object(what: u32, id: i32) -> IpcObject {
    IpcObject {
        what: what.into(),
        identifier: id.into(),
        key: 0x1234.into(),
        mode: 0o640.into(),
        maker: 4.into(),
        last: 5.into(),
        changed_s: 1_690_000_000.into(),
        ..IpcObject::new_zeroed()
    }
}

/// One of each kind.
pub(crate) fn objects<W: io::Write>(
    out: &mut ImageWriter<W>,
    memory: ObjectId,
    page_size: u32,
) -> io::Result<()> {
    let mut set = object(IPC_OBJECT_SEMAPHORES, 2);
    set.size = 2.into();
    out.write(&set, &[7, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
    let mut queue = object(IPC_OBJECT_MESSAGES, 65538);
    queue.size = 16384.into();
    queue.receiver = 6.into();
    let mut tail = Vec::new();
    tail.extend(3i64.to_le_bytes());
    tail.extend(5u64.to_le_bytes());
    tail.extend(b"hello");
    out.write(&queue, &tail)?;
    let mut own = object(IPC_OBJECT_MEMORY, 0);
    own.storage = memory;
    own.size = (u64::from(page_size) * 2).into();
    own.thread = 1.into();
    out.write(&own, &[])
}

/// What a task has to undo in the set.
pub(crate) fn undo(task: TaskId) -> IpcUndo {
    IpcUndo {
        task,
        identifier: 2.into(),
        count: 2.into(),
        ..IpcUndo::new_zeroed()
    }
}
