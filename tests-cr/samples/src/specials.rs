// SPDX-License-Identifier: GPL-2.0

//! Special files: what each is, and the open file of it.

use std::io;

use ckpt_image::format::events::{
    Epoll, EpollItem, EventCounter, Signalfd, Timerfd, EVENT_COUNTER_SEMAPHORE, TIMERFD_CANCELABLE,
};
use ckpt_image::format::files::OpenFile;
use ckpt_image::format::ObjectId;
use ckpt_image::ImageWriter;
use zerocopy::FromZeros;

/// One of every kind but pidfds; gives what an epoll looks at. `declare` numbers an object.
pub(crate) fn write<W: io::Write>(
    out: &mut ImageWriter<W>,
    mut declare: impl FnMut() -> ObjectId,
    opener: ObjectId,
) -> io::Result<EpollItem> {
    let id = declare();
    out.write(&event_counter(id), &[])?;
    let file = declare();
    out.write(&anonymous(file, id, opener), b"/anon_inode:[eventfd]")?;
    let id = declare();
    out.write(&signalfd(id), &[])?;
    out.write(&anonymous(declare(), id, opener), b"/anon_inode:[signalfd]")?;
    let id = declare();
    out.write(&timerfd(id), &[])?;
    out.write(&anonymous(declare(), id, opener), b"/anon_inode:[timerfd]")?;
    let id = declare();
    let epoll = declare();
    out.write(&self::epoll(id), &[])?;
    out.write(&anonymous(epoll, id, opener), b"/anon_inode:[eventpoll]")?;
    Ok(EpollItem {
        epoll,
        file,
        number: 5.into(),
        ready: 1.into(),
        events: 0x8000_0019.into(),
        data: 7.into(),
        ..EpollItem::new_zeroed()
    })
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

fn signalfd(id: ObjectId) -> Signalfd {
    Signalfd {
        id,
        signals: 0x200.into(),
        ..Signalfd::new_zeroed()
    }
}

fn timerfd(id: ObjectId) -> Timerfd {
    Timerfd {
        id,
        clock: 0.into(),
        flags: TIMERFD_CANCELABLE.into(),
        expires_ns: 5_000_000_000.into(),
        interval_ns: 1_000_000.into(),
        ticks: 3.into(),
        ..Timerfd::new_zeroed()
    }
}

fn epoll(id: ObjectId) -> Epoll {
    Epoll {
        id,
        busy_poll_usecs: 100.into(),
        busy_poll_budget: 8.into(),
        prefer_busy_poll: 1.into(),
    }
}
