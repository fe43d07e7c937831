// SPDX-License-Identifier: GPL-2.0

//! Fact: sockets of each type have the classic filters that they had, to the last instruction, locked or
//! not: what comes is dropped or cut as before, and what was cut is on its way as it was, with the room
//! that it takes.
//!
//! Could break: the kernel keeps two programs, what was given and what it runs; a message that was cut
//! counts for more than it has.

use ckpt_support::pipes::write;
use ckpt_support::unix::{number, pair, receive, send, set_option, socket};
use ckpt_support::{checkpoint_here, must, same};

const LOAD_BYTE: u16 = 0x30;
const LOAD_LENGTH: u16 = 0x80;
const LOAD_NUMBER: u16 = 0x00;
const JUMP_IF_EQUAL: u16 = 0x15;
const JUMP_IF_GREATER: u16 = 0x25;
const RETURN: u16 = 0x06;
const ROOM: usize = 4096;

type Instruction = (u16, u8, u8, u32);

/// "x..." is dropped, "c..." is cut to three bytes, what is longer than 100 bytes to 50.
const PICKY: [Instruction; 9] = [
    (LOAD_BYTE, 0, 0, 0),
    (JUMP_IF_EQUAL, 0, 1, b'x' as u32),
    (RETURN, 0, 0, 0),
    (JUMP_IF_EQUAL, 0, 1, b'c' as u32),
    (RETURN, 0, 0, 3),
    (LOAD_LENGTH, 0, 0, 0),
    (JUMP_IF_GREATER, 0, 1, 100),
    (RETURN, 0, 0, 50),
    (RETURN, 0, 0, 99),
];

/// From the packet itself what kind of one it is, which no memory tells.
const ANCILLARY: [Instruction; 3] = [
    (0x20, 0, 0, (-0x1000i32 + 4) as u32),
    (JUMP_IF_EQUAL, 0, 0, 7),
    (RETURN, 0, 0, u32::MAX),
];

fn attach(socket: i32, program: &[Instruction]) -> Result<usize, i32> {
    let mut all: Vec<libc::sock_filter> = program
        .iter()
        .map(|(code, jt, jf, k)| libc::sock_filter {
            code: *code,
            jt: *jt,
            jf: *jf,
            k: *k,
        })
        .collect();
    let program = libc::sock_fprog {
        len: all.len() as u16,
        filter: all.as_mut_ptr(),
    };
    set_option(socket, libc::SO_ATTACH_FILTER, program)
}

/// The bytes of the program, as SO_GET_FILTER gives them.
fn filter_of(socket: i32) -> Vec<u8> {
    let mut program = vec![0u8; ROOM * 8];
    let mut length = ROOM as u32;
    let to = program.as_mut_ptr().cast();
    // SAFETY: there is room for so many instructions.
    must("SO_GET_FILTER", unsafe {
        libc::getsockopt(socket, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, to, &mut length)
    });
    program.truncate(length as usize * 8);
    program
}

fn detach(socket: i32) -> Result<usize, i32> {
    set_option(socket, libc::SO_DETACH_FILTER, 0)
}

pub fn run() {
    let longest: Vec<Instruction> = (1..ROOM as u32)
        .map(|k| (LOAD_NUMBER, 0, 0, k))
        .chain([(RETURN, 0, 0, u32::MAX)])
        .collect();
    let datagrams = pair(libc::SOCK_DGRAM);
    let packets = pair(libc::SOCK_SEQPACKET);
    let stream = pair(libc::SOCK_STREAM);
    let (alone, big) = (socket(libc::SOCK_DGRAM), socket(libc::SOCK_DGRAM));
    for socket in [datagrams[1], packets[1], stream[1]] {
        attach(socket, &PICKY).expect("a filter");
    }
    attach(alone, &ANCILLARY).expect("a filter");
    attach(big, &longest).expect("the longest filter");
    // Another filter takes the place of the first.
    attach(big, &longest).expect("the longest filter");
    set_option(packets[1], libc::SO_LOCK_FILTER, 1).expect("SO_LOCK_FILTER");
    let all = [datagrams[1], packets[1], stream[1], alone, big];
    let before = all.map(filter_of);
    same("the longest", &(ROOM * 8), &before[4].len());
    same("none", &0, &filter_of(datagrams[0]).len());

    let long = vec![b'l'; 150_000];
    for sender in [datagrams[0], packets[0]] {
        for message in [&b"xdropped"[..], b"cut this", b"whole", &long] {
            write(sender, message).expect("write");
        }
    }
    write(stream[0], b"xas it is").expect("write");
    let taken = [datagrams[0], packets[0]].map(|sender| number(sender, libc::TIOCOUTQ));

    checkpoint_here();

    same("filters", &before, &all.map(filter_of));
    same("none", &0, &filter_of(datagrams[0]).len());
    let now = [datagrams[0], packets[0]].map(|sender| number(sender, libc::TIOCOUTQ));
    same("room taken", &taken, &now);
    same("stream", &Ok(b"xas it is".to_vec()), &receive(stream[1], 100, 0));
    for [sender, receiver] in [datagrams, packets] {
        same("cut", &Ok(b"cut".to_vec()), &receive(receiver, 1000, 0));
        same("whole", &Ok(b"whole".to_vec()), &receive(receiver, 1000, 0));
        same("long", &Ok(vec![b'l'; 50]), &receive(receiver, 1000, 0));
        same("nothing", &Err(libc::EAGAIN), &receive(receiver, 1000, 0));
        for message in [&b"xdropped"[..], b"cut again", b"fine", &long] {
            write(sender, message).expect("write");
        }
        same("cut", &Ok(b"cut".to_vec()), &receive(receiver, 1000, 0));
        same("fine", &Ok(b"fine".to_vec()), &receive(receiver, 1000, 0));
        same("long", &Ok(vec![b'l'; 50]), &receive(receiver, 1000, 0));
        same("nothing", &Err(libc::EAGAIN), &receive(receiver, 1000, 0));
    }
    same("locked", &Err(libc::EPERM), &detach(packets[1]));
    same("locked", &Err(libc::EPERM), &attach(packets[1], &ANCILLARY));
    same("not locked", &Ok(0), &detach(datagrams[1]));
    same("let through", &Ok(2), &send(datagrams[0], b"xy", 0));
    same("xy", &Ok(b"xy".to_vec()), &receive(datagrams[1], 100, 0));
    same("gone", &Err(libc::ENOENT), &detach(datagrams[1]));
}
