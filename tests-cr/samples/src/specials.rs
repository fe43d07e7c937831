// SPDX-License-Identifier: GPL-2.0

//! Special files: what each is, and the open file of it.

use std::io;

use ckpt_image::format::events::{EventCounter, EVENT_COUNTER_SEMAPHORE};
use ckpt_image::format::files::OpenFile;
use ckpt_image::format::ObjectId;
use ckpt_image::ImageWriter;
use zerocopy::FromZeros;

/// One of every kind but pidfds. `declare` numbers an object.
pub(crate) fn write<W: io::Write>(
    out: &mut ImageWriter<W>,
    mut declare: impl FnMut() -> ObjectId,
    opener: ObjectId,
) -> io::Result<()> {
    let id = declare();
    out.write(&event_counter(id), &[])?;
    out.write(&anonymous(declare(), id, opener), b"/anon_inode:[eventfd]")?;
    Ok(())
}

/// Open for reading and writing, of an inode without a name.
fn anonymous(id: ObjectId, of: ObjectId, opener: ObjectId) -> OpenFile {
    OpenFile {
        id,
        opener,
        mode: 0o600.into(),
        flags: 0o2.into(),
        storage: of,
        ..OpenFile::new_zeroed()
    }
}

fn event_counter(id: ObjectId) -> EventCounter {
    EventCounter {
        id,
        flags: EVENT_COUNTER_SEMAPHORE.into(),
        count: 3.into(),
    }
}
