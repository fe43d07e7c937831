// SPDX-License-Identifier: GPL-2.0

//! Fact: what waits in pairs of sockets of each type comes out as it went in, on both sides, with its
//! borders, read in part or long; and there is as much room as there was.
//!
//! Could break: the borders are those of the kernel's buffers; room is counted by what they take.

use ckpt_support::pipes::{events, flags, pattern, read, write};
use ckpt_support::unix::{number, option, pair, receive, send, set_option, shut_down};
use ckpt_support::{checkpoint_here, same};

/// As much as goes in.
fn fill(socket: i32, size: usize) -> usize {
    let mut count = 0;
    while send(socket, &pattern(size, count as u8), libc::MSG_DONTWAIT).is_ok() {
        count += 1;
    }
    count
}

pub fn run() {
    let stream = pair(libc::SOCK_STREAM);
    let datagrams = pair(libc::SOCK_DGRAM | libc::SOCK_NONBLOCK);
    let packets = pair(libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC);
    let all = [stream, datagrams, packets];
    let long = pattern(100_000, 7);
    for ends in all {
        write(ends[0], b"one").expect("write");
        write(ends[0], b"another").expect("write");
        write(ends[0], &long).expect("write");
        write(ends[1], b"back").expect("write");
    }
    write(datagrams[0], b"").expect("write");
    write(datagrams[0], b"last").expect("write");
    same("a part", &Ok(b"on".to_vec()), &read(stream[1], 2));
    same("a part", &Ok(b"on".to_vec()), &read(packets[1], 2));

    let full = [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET].map(pair);
    let mut sent = [0; 3];
    for (ends, sent) in full.iter().zip(&mut sent) {
        set_option(ends[0], libc::SO_SNDBUF, 20_000).expect("a small buffer");
        *sent = fill(ends[0], 900);
    }
    let ends = || all.iter().chain(&full).flatten();
    let look = |fd: &i32| {
        let room = number(*fd, libc::TIOCOUTQ);
        let (waits, ready) = (number(*fd, libc::FIONREAD), events(*fd));
        (flags(*fd), waits, room, ready, option(*fd, libc::SO_SNDBUF))
    };
    let before: Vec<_> = ends().map(look).collect();

    checkpoint_here();

    let after: Vec<_> = ends().map(look).collect();
    for (index, (before, after)) in before.iter().zip(&after).enumerate() {
        same(&format!("end {index}"), before, after);
    }
    let whole = [b"eanother".to_vec(), long.clone()].concat();
    let mut got = Vec::new();
    while let Ok(part) = receive(stream[1], 30_000, 0) {
        got.extend(part);
    }
    same("a stream", &true, &(whole == got));
    same("its other way", &Ok(b"back".to_vec()), &read(stream[0], 100));
    for (name, ends) in [("datagram", datagrams), ("packet", packets)] {
        if ends == datagrams {
            same("the first", &Ok(b"one".to_vec()), &receive(ends[1], 100, 0));
        }
        let second = receive(ends[1], 100, libc::MSG_PEEK);
        same(name, &Ok(b"another".to_vec()), &second);
        same(name, &Ok(b"another".to_vec()), &receive(ends[1], 100, 0));
        same("long", &Ok(long.clone()), &receive(ends[1], 200_000, 0));
        same("back", &Ok(b"back".to_vec()), &receive(ends[0], 100, 0));
    }
    same("empty", &Ok(vec![]), &receive(datagrams[1], 100, 0));
    same("last", &Ok(b"last".to_vec()), &receive(datagrams[1], 100, 0));
    same("no more", &Err(libc::EAGAIN), &receive(datagrams[1], 100, 0));
    for (ends, sent) in full.iter().zip(sent) {
        same("full", &Err(libc::EAGAIN), &send(ends[0], b"x", libc::MSG_DONTWAIT));
        for count in 0..sent {
            same("of many", &Ok(pattern(900, count as u8)), &receive(ends[1], 900, 0));
        }
        same("all", &Err(libc::EAGAIN), &receive(ends[1], 900, 0));
        same("room again", &sent, &fill(ends[0], 900));
    }
    for ends in all {
        write(ends[1], b"new").expect("write");
        same("new", &Ok(b"new".to_vec()), &read(ends[0], 100));
        shut_down(ends[0], libc::SHUT_WR);
    }
    same("an end", &Ok(vec![]), &read(stream[1], 100));
}
