// SPDX-License-Identifier: GPL-2.0

//! Unix sockets: ends that are ends of each other, and as many messages in them as was said.

use std::collections::BTreeMap;

use ckpt_format::sockets::{
    Socket, SocketLink, SocketMessage, SOCKET_CONNECTED, SOCKET_DATAGRAM, SOCKET_DEAD,
    SOCKET_LISTENS, SOCKET_WAITING,
};
use ckpt_format::{ObjectId, Problem};

/// The sockets so far.
#[derive(Debug, Default)]
pub(super) struct Sockets(BTreeMap<u32, Seen>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    kind: u32,
    flags: u32,
    state: u32,
    has_path: bool,
    missing: u32,
    peer: u32,
    listener: u32,
}

impl Sockets {
    pub(super) fn declare(&mut self, socket: &Socket, tail: &[u8]) -> Result<(), Problem> {
        let length = socket.name_length.get();
        let has_path = tail.len() > length as usize;
        if tail.len() < length as usize || has_path == (socket.inode_mode.get() == 0) {
            return Err(Problem::Value("name_length", length.into()));
        }
        let seen = Seen {
            kind: socket.kind.get(),
            flags: socket.flags.get(),
            state: socket.state.get(),
            has_path,
            missing: socket.messages.get(),
            peer: 0,
            listener: 0,
        };
        self.0.insert(socket.id.get(), seen);
        Ok(())
    }

    pub(super) fn link(&mut self, link: &SocketLink) -> Result<(), Problem> {
        let id = link.socket.get();
        let misplaced = Problem::Reference("socket", id);
        let seen = self.0.get_mut(&id).ok_or(misplaced)?;
        let is_linked = seen.peer != 0 || seen.listener != 0;
        if is_linked || seen.flags & SOCKET_DEAD != 0 {
            return Err(misplaced);
        }
        seen.peer = link.peer.get();
        seen.listener = link.listener.get();
        Ok(())
    }

    pub(super) fn attribute(
        &self,
        socket: ObjectId,
        is_of_name: bool,
        tail: &[u8],
    ) -> Result<(), Problem> {
        let seen = self.0.get(&socket.get());
        let has_file = |seen: &Seen| seen.flags & (SOCKET_DEAD | SOCKET_WAITING) == 0;
        let is_there = seen.is_some_and(|seen| match is_of_name {
            true => seen.has_path,
            false => has_file(seen) && tail.starts_with(b"user."),
        });
        match is_there {
            true => Ok(()),
            false => Err(Problem::Reference("storage", socket.get())),
        }
    }

    pub(super) fn message(&mut self, message: &SocketMessage) -> Result<(), Problem> {
        let misplaced = Problem::Reference("to", message.to.get());
        let seen = self.0.get_mut(&message.to.get()).ok_or(misplaced)?;
        seen.missing = seen.missing.checked_sub(1).ok_or(misplaced)?;
        Ok(())
    }

    /// When all has been read.
    pub(super) fn are_whole(&self) -> Result<(), Problem> {
        for (id, seen) in &self.0 {
            let wrong = |name| Err(Problem::Reference(name, *id));
            if seen.missing != 0 {
                return wrong("to");
            }
            let is_listened =
                |listener: &Seen| listener.state == SOCKET_LISTENS && listener.kind == seen.kind;
            let listener = self.0.get(&seen.listener);
            if listener.is_some() != (seen.flags & SOCKET_WAITING != 0)
                || !listener.is_none_or(is_listened)
            {
                return wrong("listener");
            }
            let Some(peer) = self.0.get(&seen.peer) else {
                continue;
            };
            let is_mutual = peer.flags & SOCKET_DEAD != 0 || peer.peer == *id;
            let is_pair = is_mutual && seen.state == SOCKET_CONNECTED;
            if peer.kind != seen.kind || !(is_pair || seen.kind == SOCKET_DATAGRAM) {
                return wrong("peer");
            }
        }
        Ok(())
    }
}

/// The files that come with a message.
pub(super) fn files(
    message: &SocketMessage,
    tail: &[u8],
) -> Result<impl Iterator<Item = ObjectId> + use<>, Problem> {
    let count = message.files.get();
    let short = Problem::Value("files", count.into());
    let ids = tail.get(..count as usize * 4).ok_or(short)?;
    let ids: Vec<ObjectId> = ids
        .chunks_exact(4)
        .map(|id| ObjectId::new(u32::from_le_bytes([id[0], id[1], id[2], id[3]])))
        .collect();
    Ok(ids.into_iter())
}
