// SPDX-License-Identifier: GPL-2.0

//! What tasks talk through, where it hangs together: a pair of sockets, locks, watches, asynchronous
//! input and output.

use std::io;

use ckpt_image::format::aio::{AioContext, AioPage, AIO_PAGE};
use ckpt_image::format::fanotify::{
    DirectoryWatch, Fanotify, FanotifyEvent, FanotifyMark, FANOTIFY_TARGET_INODE,
    FANOTIFY_TOLD_NAME,
};
use ckpt_image::format::files::OpenFile;
use ckpt_image::format::locks::{FileLock, LOCK_FORM_WHOLE, LOCK_WRITE};
use ckpt_image::format::sockets::{
    Socket, SocketFilter, SocketLink, SocketMessage, SocketServer, MESSAGE_HAS_SENDER,
    SOCKET_CLOSED, SOCKET_CONNECTED, SOCKET_DATAGRAM, SOCKET_STREAM,
};
use ckpt_image::format::watches::{Watch, WatchEvent, Watcher};
use ckpt_image::format::ObjectId;
use ckpt_image::ImageWriter;
use zerocopy::FromZeros;

use crate::parts;

/// AF_UNIX, and a name that is no path.
const NAME: &[u8] = b"\x01\0\0name";

/// A pair of sockets, of which the second has something to read, a watcher, and a fanotify group.
#[derive(Clone, Copy)]
pub(crate) struct Talk {
    sockets: [ObjectId; 2],
    /// A socket that was connected to one outside.
    datagrams: ObjectId,
    file: ObjectId,
    watcher: ObjectId,
    group: ObjectId,
}

/// The bodies, and an open file of each.
pub(crate) fn write<W: io::Write>(
    out: &mut ImageWriter<W>,
    mut declare: impl FnMut() -> ObjectId,
    opener: ObjectId,
) -> io::Result<Talk> {
    // One that was bound once, and that no open file is of: whatever may be said of a socket fits it.
    let bound = Socket {
        state: SOCKET_CLOSED.into(),
        mode: 0.into(),
        name_length: (NAME.len() as u32).into(),
        ..socket(declare(), 0)
    };
    out.write(&bound, NAME)?;
    let (mut sockets, mut file) = ([ObjectId::NONE; 2], ObjectId::NONE);
    for (index, id) in sockets.iter_mut().enumerate() {
        *id = declare();
        out.write(&socket(*id, index as u32), &[])?;
        file = declare();
        let open = OpenFile {
            mode: 0o140_777.into(),
            ..anonymous(file, *id, opener)
        };
        out.write(&open, b"/socket:[4243]")?;
    }
    let datagrams = declare();
    let client = Socket {
        kind: SOCKET_DATAGRAM.into(),
        ..socket(datagrams, 0)
    };
    out.write(&client, &[])?;
    let open = OpenFile {
        mode: 0o140_777.into(),
        ..anonymous(declare(), datagrams, opener)
    };
    out.write(&open, b"/socket:[4244]")?;
    let watcher = declare();
    let instance = Watcher {
        id: watcher,
        next: 3.into(),
        room: 16_384.into(),
    };
    out.write(&instance, &[])?;
    let open = OpenFile {
        flags: 0.into(),
        ..anonymous(declare(), watcher, opener)
    };
    out.write(&open, b"/anon_inode:inotify")?;
    let group = declare();
    let fanotify = Fanotify {
        id: group,
        flags: 0xe00.into(),
        event_flags: 0.into(),
        room: 16_384.into(),
    };
    out.write(&fanotify, &[])?;
    out.write(
        &anonymous(declare(), group, opener),
        b"/anon_inode:[fanotify]",
    )?;
    Ok(Talk {
        sockets,
        datagrams,
        file,
        watcher,
        group,
    })
}

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

fn socket(id: ObjectId, messages: u32) -> Socket {
    Socket {
        id,
        kind: SOCKET_STREAM.into(),
        state: SOCKET_CONNECTED.into(),
        send_buffer: 212_992.into(),
        receive_buffer: 212_992.into(),
        low_water: 1.into(),
        backlog: 10.into(),
        peek_offset: (-1).into(),
        incoming_cpu: (-1).into(),
        pacing_rate: u64::MAX.into(),
        receive_timeout_us: u64::MAX.into(),
        send_timeout_us: u64::MAX.into(),
        mode: 0o140_777.into(),
        messages: messages.into(),
        ..Socket::new_zeroed()
    }
}

/// The links: who is whose other end, a lock, what is watched, and a context of `space`.
pub(crate) fn links<W: io::Write>(
    out: &mut ImageWriter<W>,
    talk: Talk,
    locked: ObjectId,
    (space, table): (ObjectId, ObjectId),
) -> io::Result<()> {
    let [one, other] = talk.sockets;
    for (socket, peer) in [(one, other), (other, one)] {
        let link = SocketLink {
            socket,
            peer,
            listener: ObjectId::NONE,
        };
        out.write(&link, &[])?;
    }
    let filter = SocketFilter {
        socket: one,
        instructions: 1.into(),
    };
    out.write(&filter, &[6, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])?;
    let (attribute, tail) = parts::attribute(one);
    out.write(&attribute, tail)?;
    let server = SocketServer {
        socket: talk.datagrams,
        name_length: (NAME.len() as u32).into(),
    };
    out.write(&server, NAME)?;
    let lock = FileLock {
        file: locked,
        pid: ObjectId::new(1),
        form: LOCK_FORM_WHOLE.into(),
        flags: LOCK_WRITE.into(),
        ..FileLock::new_zeroed()
    };
    out.write(&lock, &[])?;
    let watch = Watch {
        watcher: talk.watcher,
        number: 2.into(),
        mask: 0x300.into(),
        inode: 4711.into(),
        ..Watch::new_zeroed()
    };
    out.write(&watch, b"/tmp")?;
    let event = WatchEvent {
        watcher: talk.watcher,
        number: 2.into(),
        mask: 0x100.into(),
        cookie: 0.into(),
    };
    out.write(&event, b"new")?;
    fanotify(out, talk.group, locked)?;
    let directory = DirectoryWatch {
        file: locked,
        table,
        number: 3.into(),
        events: 1.into(),
    };
    out.write(&directory, &[])?;
    let context = AioContext {
        space,
        address: 0x7f00_0000_0000_u64.into(),
        size: AIO_PAGE.into(),
        requests: 64.into(),
        room: 127.into(),
        tail: 1.into(),
        completed: 1.into(),
        ..AioContext::new_zeroed()
    };
    out.write(&context, &[])?;
    let page = AioPage {
        space,
        index: 0.into(),
    };
    out.write(&page, &[0x42; AIO_PAGE as usize])
}

/// What a group has marked, and one event.
fn fanotify<W: io::Write>(
    out: &mut ImageWriter<W>,
    group: ObjectId,
    marked: ObjectId,
) -> io::Result<()> {
    let mark = FanotifyMark {
        group,
        file: marked,
        what: FANOTIFY_TARGET_INODE.into(),
        mask: 0x300.into(),
        fsid: 42.into(),
        inode: 4711.into(),
        handle_type: 1.into(),
        ..FanotifyMark::new_zeroed()
    };
    out.write(&mark, &[1; 8])?;
    let event = FanotifyEvent {
        group,
        pid: ObjectId::new(1),
        kind: FANOTIFY_TOLD_NAME.into(),
        mask: 0x100.into(),
        fsid: 42.into(),
        handle_types: [1, 0, 0],
        handle_lengths: [8, 0, 0],
        name_lengths: [3, 0],
        ..FanotifyEvent::new_zeroed()
    };
    out.write(&event, b"\x01\x01\x01\x01\x01\x01\x01\x01new")
}

/// What is on its way: a file, and three bytes.
pub(crate) fn message<W: io::Write>(out: &mut ImageWriter<W>, talk: Talk) -> io::Result<()> {
    let [from, to] = talk.sockets;
    let message = SocketMessage {
        to,
        from,
        flags: MESSAGE_HAS_SENDER.into(),
        charge: 768.into(),
        pid: ObjectId::new(1),
        files: 1.into(),
        ..SocketMessage::new_zeroed()
    };
    let mut tail = talk.file.get().to_le_bytes().to_vec();
    tail.extend_from_slice(b"abc");
    out.write(&message, &tail)
}
