// SPDX-License-Identifier: GPL-2.0

//! System V objects, and what is to be undone.

use std::io;

use ckpt_image::format::files::{OpenFile, OPEN_FILE_BY_NAME};
use ckpt_image::format::ipc::{
    IpcObject, IpcSpace, IpcUndo, IPC_OBJECT_MEMORY, IPC_OBJECT_MESSAGES, IPC_OBJECT_SEMAPHORES,
};
use ckpt_image::format::queues::{Queue, QueueMessage, QueueNotice, QUEUE_NOTICE_SIGNAL};
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
        queues_mode: 0o1777.into(),
        queues_changed_ns: 5.into(),
        ..IpcSpace::new_zeroed()
    }
}

/// A message queue, and an open file of it; gives the queue.
pub(crate) fn queue<W: io::Write>(
    out: &mut ImageWriter<W>,
    mut declare: impl FnMut() -> ObjectId,
    opener: ObjectId,
) -> io::Result<ObjectId> {
    let id = declare();
    let queue = Queue {
        id,
        mode: 0o600.into(),
        room: 10.into(),
        longest: 8192.into(),
        messages: 2.into(),
        changed_s: 1_690_000_000.into(),
        size: 80.into(),
        ..Queue::new_zeroed()
    };
    out.write(&queue, b"jobs")?;
    let file = OpenFile {
        id: declare(),
        opener,
        mode: 0o100_600.into(),
        flags: 0o2.into(),
        storage: id,
        marks: OPEN_FILE_BY_NAME.into(),
        ..OpenFile::new_zeroed()
    };
    out.write(&file, b"/jobs")?;
    Ok(id)
}

/// What is in it, and who is told of more.
pub(crate) fn messages<W: io::Write>(out: &mut ImageWriter<W>, queue: ObjectId) -> io::Result<()> {
    for (priority, bytes) in [(7u32, b"first".as_slice()), (0, b"last")] {
        let message = QueueMessage {
            queue,
            priority: priority.into(),
        };
        out.write(&message, bytes)?;
    }
    let notice = QueueNotice {
        queue,
        owner: 100.into(),
        what: QUEUE_NOTICE_SIGNAL.into(),
        signal: 10.into(),
        same_program: 1.into(),
        value: 42.into(),
        ..QueueNotice::new_zeroed()
    };
    out.write(&notice, &[])
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
