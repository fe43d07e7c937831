// SPDX-License-Identifier: GPL-2.0

//! Fact: an image whose references between tasks and what they use lead elsewhere is refused by the
//! name of the field, and nothing of it runs, though every checksum is right.

use ckpt_image::format::events::EpollItem;
use ckpt_image::format::files::{OpenFile, OPEN_FILE_AUTOKILL};
use ckpt_image::format::pidfds::PidfdTarget;
use ckpt_image::format::task::{Process, Thread, PROCESS_TRACER, PROCESS_TRACER_ANY};
use ckpt_image::format::{ObjectId, Record, TaskId};
use ckpt_image::RecordView;

use super::stage::{refused, Stage};
use crate::edit::{rewritten, Other};
use crate::verdict::{Outcome, Step};

/// Gives a record in place of the one that was read, if it alters it.
type Alter = fn(&RecordView) -> Option<Vec<u8>>;

/// The fixed part of a record, altered where `change` says so.
fn altered<R: Record>(record: &RecordView, change: impl Fn(&mut R) -> bool) -> Option<Vec<u8>> {
    let mut fixed = record.decode::<R>().ok()?;
    change(&mut fixed).then(|| fixed.as_bytes().to_vec())
}

const ALTERATIONS: [(&str, Alter); 13] = [
    ("field pid", |record| {
        altered::<PidfdTarget>(record, |target| {
            target.pid = ObjectId::new(1 << 20);
            true
        })
    }),
    ("field pid", |record| {
        altered::<PidfdTarget>(record, |target| {
            target.pid = ObjectId::new(target.id.get() - 1);
            true
        })
    }),
    ("field marks", |record| {
        altered::<OpenFile>(record, |file| {
            file.marks = (file.marks.get() | OPEN_FILE_AUTOKILL).into();
            record.tail.ends_with(b"[pidfd]")
        })
    }),
    ("field storage", |record| {
        altered::<OpenFile>(record, |file| {
            file.storage = file.opener;
            record.tail.ends_with(b"[pidfd]")
        })
    }),
    ("field epoll", |record| {
        altered::<EpollItem>(record, |item| {
            item.epoll = item.file;
            true
        })
    }),
    ("field file", |record| {
        altered::<EpollItem>(record, |item| {
            item.file = ObjectId::new(1);
            true
        })
    }),
    ("field actions", |record| {
        altered::<EpollItem>(record, |item| {
            item.actions = item.file;
            true
        })
    }),
    ("field events", |record| {
        altered::<EpollItem>(record, |item| {
            item.events = 1.into();
            true
        })
    }),
    // An epoll cannot look at itself.
    ("to an epoll", |record| {
        altered::<EpollItem>(record, |item| {
            item.file = item.epoll;
            true
        })
    }),
    ("vfork_child", |record| {
        altered::<Thread>(record, |thread| {
            let is_one = thread.vfork_child.get() != 0;
            thread.vfork_child = TaskId::new(1 << 10);
            is_one
        })
    }),
    ("tracer", |record| {
        altered::<Process>(record, |process| {
            process.flags |= PROCESS_TRACER;
            process.tracer = TaskId::new(1 << 10);
            true
        })
    }),
    // Somebody, and anybody.
    ("flags", |record| {
        altered::<Process>(record, |process| {
            process.flags |= PROCESS_TRACER | PROCESS_TRACER_ANY;
            true
        })
    }),
    ("undo_list", |record| {
        altered::<Thread>(record, |thread| {
            let is_one = thread.undo_list.get() != 0;
            thread.undo_list = (1 << 10).into();
            is_one
        })
    }),
];

/// The first record that it alters.
fn alter(image: &[u8], change: Alter) -> Option<Vec<u8>> {
    let mut is_done = false;
    rewritten(image, |record| {
        let fixed = change(record).filter(|_| !is_done)?;
        is_done = true;
        Some(Other {
            fixed,
            tail: record.tail.to_vec(),
            times: 1,
        })
    })
}

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("bound_together")?;
    let image = stage.image()?;
    for (word, change) in ALTERATIONS {
        let other = alter(&image, change);
        let other = other.ok_or_else(|| Outcome::failed(format!("there is no {word}")))?;
        let other = stage.other_image(&other)?;
        let ended = stage.restart_from(other, &[])?.end(stage.container)?;
        refused(&ended, word)?;
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
