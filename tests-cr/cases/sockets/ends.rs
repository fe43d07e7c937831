// SPDX-License-Identifier: GPL-2.0

//! Fact: sockets that are shut down, half or whole, whose other end is gone, with or without something
//! unread, or that were never connected, fail as they did.
//!
//! Could break: an error is told once, and what is closed at the other end still has a name.

use ckpt_support::pipes::{close, events, read, write};
use ckpt_support::unix::{
    bind, connect, listen, name_of, option, pair, receive, send, shut_down, socket,
};
use ckpt_support::{checkpoint_here, same};

const KINDS: [i32; 3] = [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET];

pub fn run() {
    let mut all = Vec::new();
    let halves = KINDS.map(pair);
    for ends in halves {
        write(ends[0], b"before").expect("write");
        shut_down(ends[0], libc::SHUT_WR);
        all.extend(ends);
    }
    let readers = KINDS.map(pair);
    for ends in readers {
        shut_down(ends[0], libc::SHUT_RD);
        all.extend(ends);
    }
    let gone = KINDS.map(pair);
    for ends in gone {
        write(ends[0], b"bye").expect("write");
        close(&[ends[0]]);
        all.push(ends[1]);
    }
    let unread = KINDS.map(pair);
    for ends in unread {
        write(ends[1], b"never read").expect("write");
        close(&[ends[0]]);
        all.push(ends[1]);
    }
    let alone = KINDS.map(socket);
    all.extend(alone);
    let name = format!("\0gone-{}", std::process::id()).into_bytes();
    let server = socket(libc::SOCK_STREAM);
    bind(server, &name).expect("bind");
    listen(server, 1);
    let client = socket(libc::SOCK_STREAM);
    connect(client, &name).expect("connect");
    close(&[server]);
    all.push(client);

    let before: Vec<_> = all.iter().map(|fd| (events(*fd), name_of(*fd, true))).collect();

    checkpoint_here();

    for (index, (fd, before)) in all.iter().zip(&before).enumerate() {
        let now = (events(*fd), name_of(*fd, true));
        same(&format!("socket {index}"), before, &now);
    }
    let quiet = libc::MSG_NOSIGNAL | libc::MSG_DONTWAIT;
    for ends in halves {
        same("what was sent", &Ok(b"before".to_vec()), &read(ends[1], 100));
        same("not sent", &Err(libc::EPIPE), &send(ends[0], b"x", quiet));
        same("sent back", &Ok(4), &send(ends[1], b"back", quiet));
        same("back", &Ok(b"back".to_vec()), &receive(ends[0], 100, 0));
    }
    same("an end", &Ok(vec![]), &receive(halves[0][1], 100, 0));
    same("an end", &Ok(vec![]), &receive(halves[2][1], 100, 0));
    for ends in readers {
        same("to nobody", &Err(libc::EPIPE), &send(ends[1], b"x", quiet));
        same("from it", &Ok(1), &send(ends[0], b"x", quiet));
    }
    for (kind, ends) in KINDS.into_iter().zip(gone) {
        same("the last", &Ok(b"bye".to_vec()), &receive(ends[1], 100, 0));
        let expected = match kind {
            libc::SOCK_DGRAM => Err(libc::EAGAIN),
            _ => Ok(vec![]),
        };
        same("no more", &expected, &receive(ends[1], 100, 0));
        let expected = match kind {
            libc::SOCK_DGRAM => libc::ECONNREFUSED,
            _ => libc::EPIPE,
        };
        same("to the dead", &Err(expected), &send(ends[1], b"x", quiet));
    }
    let reset = libc::ECONNRESET.to_ne_bytes().to_vec();
    let none = vec![0; 4];
    same("reset", &Err(libc::ECONNRESET), &receive(unread[0][1], 9, 0));
    same("told", &Ok(none.clone()), &option(unread[0][1], libc::SO_ERROR));
    same("reset", &Ok(reset), &option(unread[2][1], libc::SO_ERROR));
    same("told", &Ok(none), &option(unread[2][1], libc::SO_ERROR));
    same("unconnected", &Err(libc::ENOTCONN), &send(alone[0], b"x", quiet));
    same("unconnected", &Err(libc::EINVAL), &receive(alone[0], 1, 0));
    same("unconnected", &Err(libc::ENOTCONN), &send(alone[1], b"x", quiet));
    same("nobody", &Err(libc::ECONNREFUSED), &connect(alone[0], &name));
    same("reset", &Err(libc::ECONNRESET), &receive(client, 1, 0));
}
