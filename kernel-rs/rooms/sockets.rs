// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Unix sockets: how they hang together, and what is on its way through them.
//!
//! Saves: names, the inodes that they lead to, attributes of both, options, classic filters, the state
//! of the connection, who is at the other end; every message with its borders, its files, its sender, and
//! the room that it takes; connections that wait to be accepted; of sockets that were closed what
//! others can still see. Files that only a message holds are open files like any other (`files`).
//! Refuses: the other end outside, unless a datagram socket is connected to a name, and the caller
//! wants it connected to that again; eBPF filters and whatever else hangs on a socket; other families.
//! Needs, at restart: the rights that binding, the options and the size of the buffers need; of who is
//! at the other end, and of who has sent a message, what taking on those credentials needs, and for a
//! number that is no member's CAP_CHECKPOINT_RESTORE over the pid namespace.
//! Restores: everything without the lookups of bind, connect and send. A name in a file system leads
//! to the inode that it led to, if that is still there, or else to a new one; one that was removed
//! leads nowhere. Processes that have gone, or are outside, are known by their number only. Inode
//! numbers and cookies (SO_COOKIE) are new.
//! Locks: those of a socket and its queue, each inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::{I32, U32, U64};
use zerocopy::{FromZeros, IntoBytes};

use super::attributes::{self, Attributes};
use super::credentials;
use super::descriptors::blame;
use super::files::{capture_file, text};
use super::kinds::{S_IFMT, S_IFSOCK};
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::path::Path;
use crate::abstractions::sockets::{Message, MessageState, PidState, Socket, SocketState};
use crate::abstractions::storage::StorageState;
use crate::abstractions::until_zero;
use crate::capture::{self, Capture, FrozenTask, Placed};
use crate::format::reason::Reason;
use crate::format::record::Mask32;
use crate::format::sockets::{
    Socket as Record, SocketFilter, SocketLink, SocketMessage, SocketServer, MAX_MESSAGE,
    MAX_SERVER_NAME, MESSAGE_CONSUMED, MESSAGE_HAS_SENDER, MESSAGE_URGENT, SOCKET_CLOSED,
    SOCKET_CONNECTED, SOCKET_DATAGRAM, SOCKET_DEAD, SOCKET_FOUND, SOCKET_HAS_PEER_NUMBER,
    SOCKET_LISTENS, SOCKET_WAITING,
};
use crate::format::storage::{StorageAttribute, ATTRIBUTE_OF_NAME};
use crate::format::{Kind, ObjectId, TaskId};
use crate::log::Refusal;
use crate::sort;
use crate::stream::Sink;

mod restore;

pub(crate) use restore::Restored;

/// A socket of the container.
struct Found {
    socket: Socket,
    id: ObjectId,
    /// Who has it, or has what holds it, and at which descriptor.
    task: TaskId,
    number: u32,
    label: KVVec<u8>,
    listens: bool,
    is_dead: bool,
    listener: ObjectId,
    messages: u32,
}

/// A message that the stream has to carry.
struct Waiting {
    record: SocketMessage,
    files: KVVec<ObjectId>,
    message: Message,
    length: u32,
    /// By its place among the sockets.
    to: usize,
}

/// The sockets of a capture.
#[derive(Default)]
pub(crate) struct Sockets {
    /// What a datagram socket is connected to outside is only remembered by its name.
    pub(crate) reconnects: bool,
    found: KVVec<Found>,
    messages: KVVec<Waiting>,
}

/// Where a socket was met.
struct Place<'a> {
    task: &'a FrozenTask,
    number: u32,
    label: &'a [u8],
    listener: ObjectId,
}

impl Place<'_> {
    fn refusal(&self, reason: Reason) -> Refusal {
        let refusal = self.task.refusal(reason).fd(self.number);
        refusal.text(self.label)
    }
}

/// Describes the socket that an open file is.
pub(super) fn capture(
    file: &OpenFile,
    task: &FrozenTask,
    descriptor: Option<u32>,
    out: &mut Capture<'_>,
) -> Result<Result<ObjectId, Refusal>> {
    let socket = Socket::of(file).ok_or(EINVAL)?;
    if let Some(id) = out.known(socket.identity()) {
        return Ok(Ok(id));
    }
    let label = file.label();
    let label = until_zero(&label);
    let place = Place {
        task,
        number: descriptor.unwrap_or(0),
        label,
        listener: ObjectId::NONE,
    };
    describe(socket, Some(file), &place, out)
}

/// Of which inode the name is, if that can be had again: its path.
fn inode_of(
    socket: &Socket,
    state: &SocketState,
    place: &Place<'_>,
) -> Result<Result<Option<Path>, Refusal>> {
    if state.inode_mode == 0 || state.dead {
        return Ok(Ok(None));
    }
    if state.removed {
        return Ok(match state.links {
            0 => Ok(None),
            _ => Err(place.refusal(Reason::SocketName)),
        });
    }
    let path = match errno::answer(socket.path())? {
        Ok(Some(path)) => path,
        Ok(None) => return Ok(Ok(None)),
        Err(_) => return Ok(Err(place.refusal(Reason::FileUnreachable))),
    };
    let is_there = socket.is_at(&path, &place.task.task)?;
    if !is_there && state.found {
        let refusal = place.refusal(Reason::SocketName);
        return Ok(Err(refusal.text(path.as_bytes())));
    }
    if state.inode_uid == u32::MAX || state.inode_gid == u32::MAX {
        return Ok(Err(unsaved(&Some(path), place)));
    }
    Ok(Ok(is_there.then_some(path)))
}

/// The refusal of a name whose inode cannot be made as it was.
fn unsaved(path: &Option<Path>, place: &Place<'_>) -> Refusal {
    let refusal = place.refusal(Reason::StorageAttributes);
    match path {
        Some(path) => refusal.text(path.as_bytes()),
        None => refusal,
    }
}

/// Describes a socket.
fn describe(
    socket: Socket,
    file: Option<&OpenFile>,
    place: &Place<'_>,
    out: &mut Capture<'_>,
) -> Result<Result<ObjectId, Refusal>> {
    let state = socket.state()?;
    if state.odd[0] != 0 {
        return Ok(Err(place.refusal(Reason::SocketState).text(&state.odd)));
    }
    let path = match inode_of(&socket, &state, place)? {
        Ok(path) => path,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let listens = state.state == SOCKET_LISTENS;
    let mut record = Record::new_zeroed();
    if let Some(file) = file {
        let inode = file.storage()?;
        if inode.uid == u32::MAX || inode.gid == u32::MAX {
            return Ok(Err(place.refusal(Reason::StorageAttributes)));
        }
        record.mode = U32::new(inode.mode);
        record.uid = U32::new(inode.uid);
        record.gid = U32::new(inode.gid);
        record.atime_s = U64::new(inode.atime_s);
        record.mtime_s = U64::new(inode.mtime_s);
        record.atime_ns = U32::new(inode.atime_ns);
        record.mtime_ns = U32::new(inode.mtime_ns);
    }
    let mark = |is: bool, mark| if is { mark } else { 0 };
    let mut flags = mark(state.dead, SOCKET_DEAD) | mark(state.waiting, SOCKET_WAITING);
    // What is found by a name in a file system only while that is there.
    let is_path = state.name.get(2).is_some_and(|byte| *byte != 0);
    if state.found && (path.is_some() || !is_path) {
        flags |= SOCKET_FOUND;
    }
    if !state.dead {
        match peer_of(&socket, out)? {
            None => (),
            Some(None) => {
                let refusal = place.refusal(Reason::SocketState);
                return Ok(Err(refusal.name("a peer of another user namespace")));
            }
            Some(Some((identity, pid, peer))) => {
                record.peer = identity;
                record.peer_pid = peer;
                if peer == ObjectId::NONE {
                    flags |= SOCKET_HAS_PEER_NUMBER;
                    record.peer_number = U32::new(pid.number.max(0) as u32);
                    record.peer_status = U32::new(pid.status & 0xffff);
                }
            }
        }
    }
    let messages = if listens || state.dead {
        0
    } else {
        state.messages
    };
    record.kind = U32::new(state.type_);
    record.flags = U32::new(flags);
    record.state = U32::new(state.state);
    record.shutdown = U32::new(state.shutdown);
    record.error = U32::new(state.error);
    record.options = U64::new(state.options);
    record.send_buffer = U32::new(state.send_buffer);
    record.receive_buffer = U32::new(state.receive_buffer);
    record.low_water = U32::new(state.low_water);
    record.backlog = U32::new(state.backlog);
    record.priority = U32::new(state.priority);
    record.mark = U32::new(state.mark);
    record.timestamping = U32::new(state.timestamping);
    record.peek_offset = I32::new(state.peek_offset);
    record.busy_poll_us = U32::new(state.busy_poll);
    record.busy_poll_budget = U32::new(state.busy_poll_budget);
    record.incoming_cpu = I32::new(state.incoming_cpu);
    record.clock = U32::new(state.clock);
    record.pacing_rate = U64::new(state.pacing_rate);
    record.receive_timeout_us = U64::new(state.receive_timeout as u64);
    record.send_timeout_us = U64::new(state.send_timeout as u64);
    record.linger_us = U64::new(state.linger as u64);
    record.name_length = U32::new(state.name_length);
    record.messages = U32::new(messages);
    if path.is_some() {
        record.inode_mode = U32::new(state.inode_mode);
        record.inode_uid = U32::new(state.inode_uid);
        record.inode_gid = U32::new(state.inode_gid);
    }
    // Who finds it by that name makes it again, if it is gone.
    let named = match path.is_some() && flags & SOCKET_FOUND != 0 {
        true => Some(socket.named()?),
        false => None,
    };
    if let Some(inode) = &named {
        let state = inode.storage()?;
        if state.is_odd {
            return Ok(Err(unsaved(&path, place)));
        }
        record.inode_flags = Mask32::new(state.inode_flags);
    }
    let mut tail = KVVec::new();
    let name = state.name.get(..state.name_length as usize).unwrap_or(&[]);
    tail.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
    if let Some(path) = &path {
        tail.extend_from_slice(path.as_bytes(), GFP_KERNEL_ACCOUNT)?;
    }
    let (id, _) = out.object(socket.identity())?;
    record.id = id;
    out.record_waiting(capture::Waiting::Message, &record, &tail)?;
    if let Some(file) = file {
        if attributes::capture_of_socket(file, id, out)?.is_err() {
            return Ok(Err(place.refusal(Reason::StorageAttributes)));
        }
    }
    if let Some(inode) = &named {
        if attributes::capture_of_name(inode, id, out)?.is_err() {
            return Ok(Err(unsaved(&path, place)));
        }
    }
    if state.filter != 0 {
        let Ok(program) = errno::answer(socket.filter(state.filter))? else {
            return Ok(Err(place.refusal(Reason::StorageChanged).changed()));
        };
        let filter = SocketFilter {
            socket: id,
            instructions: U32::new(state.filter),
        };
        out.record(&filter, &program)?;
    }
    let mut label = KVVec::new();
    label.extend_from_slice(place.label, GFP_KERNEL_ACCOUNT)?;
    let found = Found {
        socket,
        id,
        task: place.task.id,
        number: place.number,
        label,
        listens,
        is_dead: state.dead,
        listener: place.listener,
        messages,
    };
    out.sockets.found.push(found, GFP_KERNEL_ACCOUNT)?;
    Ok(Ok(id))
}

/// Who is at the other end: credentials, and the process, with its number if it is a member. None:
/// credentials that have no number here.
type Peer = Option<(ObjectId, PidState, ObjectId)>;

/// Who is at the other end. None: nobody is told.
fn peer_of(socket: &Socket, out: &mut Capture<'_>) -> Result<Option<Peer>> {
    let Some(credentials) = socket.peer_credentials() else {
        return Ok(None);
    };
    let Some(identity) = credentials::capture_other(credentials, out)? else {
        return Ok(Some(None));
    };
    let pid = socket.peer_pid(out.pid_space.unwrap_or(0));
    let member = out.pid_of_member(pid.pid as usize);
    Ok(Some(Some((identity, pid, member))))
}

/// What no table holds: connections that wait, files on their way, who has sent them. When all tables
/// have been looked at.
pub(crate) fn capture_rest(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let mut next = 0;
    while next < out.sockets.found.len() {
        walk(next, tasks, out)?;
        next = next.saturating_add(1);
    }
    // Nothing of what follows has anything in it.
    find_senders(tasks, out)?;
    link(tasks, out)
}

/// Where a socket was met, for something that hangs on it.
fn place_of<'a>(
    found: &Found,
    label: &'a KVVec<u8>,
    tasks: &'a [FrozenTask],
    listener: ObjectId,
) -> Result<Place<'a>> {
    Ok(Place {
        task: tasks.get(found.task.get() as usize).ok_or(EINVAL)?,
        number: found.number,
        label,
        listener,
    })
}

fn copy(label: &[u8]) -> Result<KVVec<u8>> {
    let mut copy = KVVec::new();
    copy.extend_from_slice(label, GFP_KERNEL)?;
    Ok(copy)
}

/// Looks at what waits in a socket.
fn walk(index: usize, tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let found = out.sockets.found.get(index).ok_or(EINVAL)?;
    if found.is_dead {
        return Ok(());
    }
    let label = copy(&found.label)?;
    let (listens, id, messages) = (found.listens, found.id, found.messages);
    let most = if listens {
        found.socket.state()?.messages
    } else {
        messages
    };
    let queue = found.socket.queue(most)?;
    let place = place_of(
        found,
        &label,
        tasks,
        if listens { id } else { ObjectId::NONE },
    )?;
    if queue.len() != most as usize {
        out.refuse(place.refusal(Reason::StorageChanged).changed());
        return Ok(());
    }
    for message in queue {
        if listens {
            let waiting = message.sender().ok_or(EINVAL)?;
            if out.known(waiting.identity()).is_none() {
                if let Err(refusal) = describe(waiting, None, &place, out)? {
                    out.refuse(refusal);
                }
            }
            continue;
        }
        let found = out.sockets.found.get(index).ok_or(EINVAL)?;
        let state = message.state(&found.socket, out.pid_space.unwrap_or(0));
        if u64::from(state.length) > MAX_MESSAGE {
            out.refuse(place.refusal(Reason::SocketMessage));
            continue;
        }
        let mut files = KVVec::new();
        for number in 0..state.files {
            let file = message.file(number).ok_or(EINVAL)?;
            let queued = |refusal: Refusal| refusal.fd(place.number).queued_in(&label);
            let known = capture_file(&file, place.task, Some(place.number), queued, out)?;
            files.push(known, GFP_KERNEL_ACCOUNT)?;
            let placed = Placed {
                file,
                id: known,
                number: place.number,
                task: place.task.id,
                is_queued: true,
                is_handed: false,
            };
            out.descriptors.push(placed, GFP_KERNEL_ACCOUNT)?;
        }
        let record = match record_of(id, &state, out) {
            Some(record) => record,
            None => {
                out.refuse(place.refusal(Reason::SocketMessage));
                continue;
            }
        };
        let waiting = Waiting {
            record,
            files,
            message,
            length: state.length,
            to: index,
        };
        out.sockets.messages.push(waiting, GFP_KERNEL_ACCOUNT)?;
    }
    Ok(())
}

/// What is to be said of a message, but for its sender. None: it cannot be said.
fn record_of(to: ObjectId, state: &MessageState, out: &Capture<'_>) -> Option<SocketMessage> {
    let mut record = SocketMessage::new_zeroed();
    let mark = |is: bool, mark| if is { mark } else { 0 };
    let mut flags = mark(state.oob, MESSAGE_URGENT) | mark(state.consumed, MESSAGE_CONSUMED);
    record.to = to;
    record.charge = U32::new(state.charge);
    record.stamp = U64::new(state.stamp);
    record.files = U32::new(state.files);
    if state.files > 0 {
        if state.owner == u32::MAX {
            return None;
        }
        record.owner = U32::new(state.owner);
    }
    if !state.pid.pid.is_null() {
        if state.uid == u32::MAX || state.gid == u32::MAX {
            return None;
        }
        flags |= MESSAGE_HAS_SENDER;
        record.uid = U32::new(state.uid);
        record.gid = U32::new(state.gid);
        record.pid = out.pid_of_member(state.pid.pid as usize);
        if record.pid == ObjectId::NONE {
            record.number = U32::new(state.pid.number.max(0) as u32);
            record.status = U32::new(state.pid.status & 0xffff);
        }
    }
    record.flags = U32::new(flags);
    Some(record)
}

/// Who has sent what waits. One who is not of the container, or not any more, is known by name only.
fn find_senders(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    for index in 0..out.sockets.messages.len() {
        let waiting = out.sockets.messages.get(index).ok_or(EINVAL)?;
        let to = waiting.to;
        let sender = waiting.message.sender().ok_or(EINVAL)?;
        let id = match out.known(sender.identity()) {
            Some(id) => id,
            None => match gone(sender, to, tasks, out)? {
                Ok(id) => id,
                Err(refusal) => {
                    out.refuse(refusal);
                    continue;
                }
            },
        };
        if let Some(waiting) = out.sockets.messages.get_mut(index) {
            waiting.record.from = id;
        }
    }
    Ok(())
}

/// Describes a socket that is closed, or as good as that.
fn gone(
    socket: Socket,
    by: usize,
    tasks: &[FrozenTask],
    out: &mut Capture<'_>,
) -> Result<Result<ObjectId, Refusal>> {
    let found = out.sockets.found.get(by).ok_or(EINVAL)?;
    let label = copy(&found.label)?;
    let place = place_of(found, &label, tasks, ObjectId::NONE)?;
    let state = socket.state()?;
    let mut record = Record::new_zeroed();
    record.kind = U32::new(state.type_);
    record.flags = U32::new(SOCKET_DEAD);
    record.state = U32::new(SOCKET_CLOSED);
    record.name_length = U32::new(state.name_length);
    let name = state.name.get(..state.name_length as usize).unwrap_or(&[]);
    let (id, _) = out.object(socket.identity())?;
    record.id = id;
    out.record(&record, name)?;
    let found = Found {
        socket,
        id,
        task: place.task.id,
        number: place.number,
        label: copy(place.label)?,
        listens: false,
        is_dead: true,
        listener: ObjectId::NONE,
        messages: 0,
    };
    out.sockets.found.push(found, GFP_KERNEL_ACCOUNT)?;
    Ok(Ok(id))
}

/// Is its open file one that the container has?
fn is_ours(socket: &Socket, out: &Capture<'_>) -> bool {
    let file = socket.file();
    file.is_some_and(|file| out.known(file.identity()).is_some())
}

/// Says how they hang together; refuses those whose other end is outside, by the name of who has it.
fn link(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    let mut outside = KVVec::new();
    let mut index = 0;
    while let Some(found) = out.sockets.found.get(index) {
        let by = index;
        index = index.saturating_add(1);
        if found.is_dead {
            continue;
        }
        let (id, listener) = (found.id, found.listener);
        let peer = match found.socket.peer() {
            None => ObjectId::NONE,
            Some(peer) => match out.known(peer.identity()) {
                Some(known) => known,
                None if peer.is_dead() => match gone(peer, by, tasks, out)? {
                    Ok(known) => known,
                    Err(refusal) => {
                        out.refuse(refusal);
                        continue;
                    }
                },
                // One of ours that was refused itself.
                None if is_ours(&peer, out) => continue,
                None => {
                    outside.push((peer, by), GFP_KERNEL)?;
                    continue;
                }
            },
        };
        if peer != ObjectId::NONE || listener != ObjectId::NONE {
            let link = SocketLink {
                socket: id,
                peer,
                listener,
            };
            out.record(&link, &[])?;
        }
    }
    refuse_outside(&outside, tasks, out)
}

/// The name by which a datagram socket can be connected again to what it is connected to outside, if
/// that is wanted: as connect(2) takes it.
fn server_of(found: &Found, place: &Place<'_>, out: &Capture<'_>) -> Result<Option<KVVec<u8>>> {
    if !out.sockets.reconnects {
        return Ok(None);
    }
    let Some(peer) = found.socket.peer() else {
        return Ok(None);
    };
    let state = peer.state()?;
    let name = state.name.get(..state.name_length as usize).unwrap_or(&[]);
    if state.type_ != SOCKET_DATAGRAM || !state.found || name.len() < 3 {
        return Ok(None);
    }
    let mut server = KVVec::new();
    if name.get(2) == Some(&0) {
        server.extend_from_slice(name, GFP_KERNEL)?;
        return Ok(Some(server));
    }
    let path = match errno::answer(peer.path())? {
        Ok(Some(path)) if peer.is_at(&path, &place.task.task)? => path,
        _ => return Ok(None),
    };
    let family = name.get(..2).unwrap_or(&[]);
    server.extend_from_slice(family, GFP_KERNEL)?;
    server.extend_from_slice(path.as_bytes(), GFP_KERNEL)?;
    Ok(Some(server).filter(|server| server.len() <= MAX_SERVER_NAME as usize))
}

/// Of those that remain, none can be saved.
fn refuse_outside(
    outside: &[(Socket, usize)],
    tasks: &[FrozenTask],
    out: &mut Capture<'_>,
) -> Result {
    let mut held = KVVec::new();
    for (peer, by) in outside {
        let file = peer.file();
        let inode = file.as_ref().map_or(0, OpenFile::inode);
        held.push((inode, *by, file), GFP_KERNEL)?;
    }
    sort::by_key(&mut held, |(inode, by, _)| (*inode, *by));
    let (mut inodes, mut suspects) = (KVVec::new(), KVVec::new());
    for (inode, _, file) in held.iter() {
        if let Some(file) = file.as_ref().filter(|_| inodes.last() != Some(inode)) {
            inodes.push(*inode, GFP_KERNEL)?;
            suspects.push(Suspect::of_inode(file), GFP_KERNEL)?;
        }
    }
    descriptors::find_outside(out.cgroup, &mut suspects)?;
    for (inode, by, _) in held.iter() {
        let found = out.sockets.found.get(*by).ok_or(EINVAL)?;
        let label = copy(&found.label)?;
        let place = place_of(found, &label, tasks, ObjectId::NONE)?;
        let suspect = inodes.binary_search(inode).ok();
        let suspect = suspect.and_then(|index| suspects.get(index));
        if let Some(server) = server_of(found, &place, out)? {
            let record = SocketServer {
                socket: found.id,
                name_length: U32::new(u32::try_from(server.len())?),
            };
            let remark = place.refusal(Reason::SocketReconnects);
            out.record(&record, &server)?;
            if let Some(suspect) = suspect {
                let shown = shown_of(server.get(2..).unwrap_or(&[]));
                let remark = blame(remark, &shown, b" belongs to ", suspect)?;
                out.remark(&remark);
            }
            continue;
        }
        let refusal = match suspect.filter(|suspect| suspect.outsider() != 0) {
            None => place.refusal(Reason::SocketPeerHeld),
            Some(suspect) => {
                let refusal = place.refusal(Reason::SocketOutside);
                blame(refusal, &label, b" is connected to ", suspect)?
            }
        };
        out.refuse(refusal);
    }
    Ok(())
}

/// Bytes of the fixed part of a `SocketMessage`.
const FIXED: usize = core::mem::size_of::<SocketMessage>();

impl Sockets {
    /// Identities of all of them, in ascending order.
    pub(super) fn identities(&self) -> Result<KVVec<usize>> {
        let mut all = KVVec::with_capacity(self.found.len(), GFP_KERNEL)?;
        for found in self.found.iter() {
            all.push(found.socket.identity(), GFP_KERNEL)?;
        }
        sort::values(&mut all);
        Ok(all)
    }

    /// Writes what waits in them.
    pub(crate) fn stream(&self, sink: &mut Sink) -> Result<(), Refusal> {
        for waiting in self.messages.iter() {
            let head = FIXED.saturating_add(waiting.files.len().saturating_mul(4));
            let size = head.saturating_add(waiting.length as usize);
            let mut payload = KVVec::with_capacity(size, GFP_KERNEL)?;
            payload.extend_from_slice(waiting.record.as_bytes(), GFP_KERNEL)?;
            for file in waiting.files.iter() {
                payload.extend_from_slice(file.as_bytes(), GFP_KERNEL)?;
            }
            payload.resize(size, 0, GFP_KERNEL)?;
            let bytes = payload.get_mut(head..).ok_or(EINVAL)?;
            waiting.message.copy(bytes).map_err(|error| {
                let found = self.found.get(waiting.to);
                let label = found.map_or(&[][..], |found| &found.label);
                Refusal::new(Reason::SocketMessage, error).text(label)
            })?;
            sink.record(Kind::SocketMessage, FIXED as u32, &payload)?;
        }
        Ok(())
    }
}

/// Who is at the other end, or has sent something.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Who {
    Member(TaskId),
    /// By number and end.
    Gone(i32, u32),
}

impl Who {
    /// To be found by.
    fn key(self) -> (bool, u32, u32) {
        match self {
            Self::Member(member) => (false, member.get(), 0),
            Self::Gone(number, status) => (true, number as u32, status),
        }
    }
}

/// A socket as the image describes it.
pub(crate) struct SocketPlan {
    record: Record,
    name: KVVec<u8>,
    /// With a zero byte at its end; or empty.
    path: KVVec<u8>,
    /// The program of its filter; or empty.
    filter: KVVec<u8>,
    /// Extended attributes of its open file, and of the inode of its name.
    own: Attributes,
    of_name: Attributes,
    /// Whom it is connected to by that name; or empty.
    server: KVVec<u8>,
    /// Credentials of whoever is at the other end, and the process.
    who: Option<(usize, Who)>,
    peer: Option<usize>,
    listener: Option<usize>,
}

/// How a number of the image reads.
pub(crate) fn gone_by(number: u32, status: u32) -> Result<Who, Refusal> {
    let value = i32::try_from(number).map_err(|_| {
        let refusal = Refusal::new(Reason::ImageValue, EINVAL).name("number");
        refusal.value(number.into())
    })?;
    Ok(Who::Gone(value, status))
}

/// A name, as ss(8) shows it: one that is no path begins with a zero byte.
fn shown_of(name: &[u8]) -> KVVec<u8> {
    let mut shown = KVVec::new();
    for byte in name.iter().take(108) {
        let byte = if *byte == 0 { b'@' } else { *byte };
        let _ = shown.push(byte, GFP_KERNEL);
    }
    shown
}

fn wrong(name: &'static str, id: ObjectId) -> Refusal {
    let refusal = Refusal::new(Reason::ImageReference, EINVAL).name(name);
    refusal.value(id.get().into())
}

impl SocketPlan {
    /// Takes a record in. `holder`: the member at the other end, and `identity` its credentials.
    pub(crate) fn new(
        record: Record,
        tail: &[u8],
        holder: Option<TaskId>,
        identity: Option<usize>,
    ) -> Result<Self, Refusal> {
        let length = record.name_length.get() as usize;
        let short = || Refusal::new(Reason::ImageValue, EINVAL).name("name_length");
        let (bytes, rest) = tail.split_at_checked(length).ok_or_else(short)?;
        let mut name = KVVec::new();
        name.extend_from_slice(bytes, GFP_KERNEL_ACCOUNT)?;
        let path = match rest {
            [] => KVVec::new(),
            path => text(path)?,
        };
        let inode = record.inode_mode.get();
        let is_dead = record.flags.get() & SOCKET_DEAD != 0;
        let has_inode = inode != 0;
        if path.is_empty() == has_inode || (has_inode && (inode & S_IFMT != S_IFSOCK || is_dead)) {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name("inode_mode");
            return Err(refusal.value(inode.into()));
        }
        let has_number = record.flags.get() & SOCKET_HAS_PEER_NUMBER != 0;
        let who = match (identity, holder) {
            (None, None) if !has_number => None,
            (Some(identity), Some(member)) if !has_number => Some((identity, Who::Member(member))),
            (Some(identity), None) if has_number => {
                let who = gone_by(record.peer_number.get(), record.peer_status.get())?;
                Some((identity, who))
            }
            _ => return Err(wrong("peer", record.peer)),
        };
        Ok(Self {
            record,
            name,
            path,
            filter: KVVec::new(),
            own: Attributes::default(),
            of_name: Attributes::default(),
            server: KVVec::new(),
            who,
            peer: None,
            listener: None,
        })
    }

    pub(crate) fn id(&self) -> ObjectId {
        self.record.id
    }

    fn has(&self, flag: u32) -> bool {
        self.record.flags.get() & flag != 0
    }

    /// Is there an open file of it?
    pub(crate) fn has_file(&self) -> bool {
        !self.has(SOCKET_DEAD | SOCKET_WAITING)
    }

    /// Could this be its open file?
    pub(crate) fn check(&self, file: u32) -> Result<(), Refusal> {
        match self.has_file() && file & S_IFMT == S_IFSOCK {
            true => Ok(()),
            false => Err(wrong("storage", self.record.id)),
        }
    }

    /// Takes in how it hangs together with others.
    pub(crate) fn link(
        &mut self,
        link: &SocketLink,
        peer: Option<usize>,
        listener: Option<usize>,
    ) -> Result<(), Refusal> {
        let is_linked = self.peer.is_some() || self.listener.is_some();
        if is_linked || self.has(SOCKET_DEAD) || (peer.is_none() && listener.is_none()) {
            return Err(wrong("socket", link.socket));
        }
        self.peer = peer;
        self.listener = listener;
        Ok(())
    }

    /// Takes its filter in.
    pub(crate) fn add_filter(&mut self, program: &[u8]) -> Result<(), Refusal> {
        if !self.has_file() || !self.filter.is_empty() {
            return Err(wrong("socket", self.record.id));
        }
        self.filter.extend_from_slice(program, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Takes an extended attribute in.
    pub(crate) fn add_attribute(
        &mut self,
        record: &StorageAttribute,
        tail: &[u8],
    ) -> Result<(), Refusal> {
        let (has_file, has_path) = (self.has_file(), !self.path.is_empty());
        let (is_there, to) = match record.flags.get() & ATTRIBUTE_OF_NAME {
            0 => (has_file && tail.starts_with(b"user."), &mut self.own),
            _ => (has_path, &mut self.of_name),
        };
        if !is_there {
            return Err(wrong("storage", record.storage));
        }
        to.add(record, tail)
    }

    /// Takes in whom it is connected to by name.
    pub(crate) fn add_server(&mut self, name: &[u8]) -> Result<(), Refusal> {
        let is_datagram = self.record.kind.get() == SOCKET_DATAGRAM;
        let is_connected = self.record.state.get() == SOCKET_CONNECTED;
        if !is_datagram || !is_connected || !self.has_file() || !self.server.is_empty() {
            return Err(wrong("socket", self.record.id));
        }
        self.server.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Its name, as text.
    fn shown(&self) -> KVVec<u8> {
        let name = match self.path.is_empty() {
            true => self.name.get(2..).unwrap_or(&[]),
            false => &self.path[..],
        };
        let mut shown = shown_of(name);
        if shown.last() == Some(&b'@') {
            shown.truncate(shown.len().saturating_sub(1));
        }
        match shown.is_empty() {
            true => shown_of(b"a socket"),
            false => shown,
        }
    }

    fn refusal(&self, reason: Reason, error: Error) -> Refusal {
        Refusal::new(reason, error).text(&self.shown())
    }

    fn not_made(&self) -> impl Fn(Error) -> Refusal + '_ {
        |error| self.refusal(Reason::SocketNotMade, error)
    }

    fn state(&self) -> Result<KVBox<SocketState>> {
        let record = &self.record;
        let mut state = KVBox::new(SocketState::default(), GFP_KERNEL)?;
        state.state = record.state.get();
        state.shutdown = record.shutdown.get();
        state.error = record.error.get();
        state.options = record.options.get();
        state.send_buffer = record.send_buffer.get();
        state.receive_buffer = record.receive_buffer.get();
        state.low_water = record.low_water.get();
        state.backlog = record.backlog.get();
        state.priority = record.priority.get();
        state.mark = record.mark.get();
        state.timestamping = record.timestamping.get();
        state.peek_offset = record.peek_offset.get();
        state.busy_poll = record.busy_poll_us.get();
        state.busy_poll_budget = record.busy_poll_budget.get();
        state.incoming_cpu = record.incoming_cpu.get();
        state.clock = record.clock.get();
        state.pacing_rate = record.pacing_rate.get();
        state.receive_timeout = record.receive_timeout_us.get() as i64;
        state.send_timeout = record.send_timeout_us.get() as i64;
        state.linger = record.linger_us.get() as i64;
        Ok(state)
    }

    /// The attributes of its open file.
    fn attributes(&self) -> Result<KVBox<StorageState>> {
        Ok(inode_state!(self.record)?)
    }
}

/// Do they hang together as sockets can?
pub(crate) fn check(plans: &[SocketPlan]) -> Result<(), Refusal> {
    for (index, plan) in plans.iter().enumerate() {
        let kind = plan.record.kind.get();
        let state = plan.record.state.get();
        let is_alike = |other: &SocketPlan| other.record.kind.get() == kind;
        let listener = match plan.listener {
            Some(index) => Some(plans.get(index).ok_or(EINVAL)?),
            None => None,
        };
        let listens = |other: &SocketPlan| other.record.state.get() == SOCKET_LISTENS;
        if listener.is_some() != plan.has(SOCKET_WAITING)
            || !listener.is_none_or(|other| is_alike(other) && listens(other) && other.has_file())
        {
            return Err(wrong("listener", plan.record.id));
        }
        let is_stream = kind != SOCKET_DATAGRAM;
        let peer = match plan.peer {
            Some(index) => Some(plans.get(index).ok_or(EINVAL)?),
            None => None,
        };
        if peer.is_some() && !plan.server.is_empty() {
            return Err(wrong("peer", plan.record.id));
        }
        let is_fine = match peer {
            None => !plan.has(SOCKET_WAITING),
            Some(peer) => {
                let is_mutual = peer.has(SOCKET_DEAD) || peer.peer == Some(index);
                let is_pair = is_mutual && state == SOCKET_CONNECTED && plan.peer != Some(index);
                is_alike(peer) && state != SOCKET_LISTENS && (!is_stream || is_pair)
            }
        };
        if !is_fine {
            return Err(wrong("peer", plan.record.id));
        }
    }
    Ok(())
}
