// SPDX-License-Identifier: GPL-2.0

//! Fact: files that are on their way arrive: those that no table holds, pipes, sockets with something
//! in them, sockets that hold each other or themselves; each once, and shared with who has them too.
//!
//! Could break: nobody has a descriptor of them, and the kernel counts sockets on their way.

use std::os::fd::RawFd;

use ckpt_support::pipes::{close, pipe, read, write};
use ckpt_support::unix::{pair, receive, receive_message, send_files};
use ckpt_support::{are_one_open_file, checkpoint_here, must, same};

fn offset(fd: RawFd) -> i64 {
    // SAFETY: takes no pointer.
    unsafe { libc::lseek(fd, 0, libc::SEEK_CUR) }
}

fn files(socket: RawFd, bytes: &[u8]) -> Vec<RawFd> {
    let got = receive_message(socket, 100, 0).expect("a message");
    same("its bytes", &bytes.to_vec(), &got.bytes);
    got.files
}

pub fn run() {
    std::fs::write("file", b"0123456789").expect("write");
    // SAFETY: a C string.
    let file = must("open", unsafe { libc::open(c"file".as_ptr(), libc::O_RDWR) });
    // SAFETY: takes no pointer.
    let shared = must("dup", unsafe { libc::dup(file) });
    read(file, 3).expect("read");
    let [reader, writer] = pipe(0);
    write(writer, b"in a pipe").expect("write");

    let ends = [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET].map(pair);
    let [stream, datagram, packet] = ends;
    send_files(stream[0], b"first", &[file, reader]).expect("send");
    write(stream[0], b"between").expect("write");
    send_files(stream[0], b"second", &[writer]).expect("send");
    close(&[file, reader, writer]);

    // One in another in another, the last with something in it.
    let inner = pair(libc::SOCK_STREAM);
    let outer = pair(libc::SOCK_DGRAM);
    write(inner[0], b"deep inside").expect("write");
    send_files(outer[0], b"inner", &[inner[1]]).expect("send");
    send_files(datagram[0], b"outer", &[outer[1]]).expect("send");
    close(&[inner[1], outer[1]]);

    // Two that hold each other, and one that holds itself.
    let (one, other) = (pair(libc::SOCK_STREAM), pair(libc::SOCK_STREAM));
    send_files(one[0], b"other", &[other[1]]).expect("send");
    send_files(other[0], b"one", &[one[1]]).expect("send");
    close(&[one[1]]);
    send_files(packet[0], b"myself", &[packet[1]]).expect("send");
    send_files(packet[0], b"my other end", &[packet[0]]).expect("send");

    checkpoint_here();

    let [file, reader] = files(stream[1], b"first")[..] else {
        panic!("two files");
    };
    same("its offset", &3, &offset(file));
    same("one open file", &true, &are_one_open_file(file, shared));
    same("between", &Ok(b"between".to_vec()), &receive(stream[1], 7, 0));
    let second = files(stream[1], b"second");
    same("one file", &1, &second.len());
    write(second[0], b", still").expect("write");
    same("a pipe", &Ok(b"in a pipe, still".to_vec()), &read(reader, 100));
    close(&second);
    same("its end", &Ok(vec![]), &read(reader, 100));

    let outer = files(datagram[1], b"outer");
    let last = files(outer[0], b"inner");
    same("deep", &Ok(b"deep inside".to_vec()), &read(last[0], 100));
    write(last[0], b"out").expect("write");
    same("and out", &Ok(b"out".to_vec()), &read(inner[0], 100));

    let myself = files(packet[1], b"myself");
    same("myself", &true, &are_one_open_file(myself[0], packet[1]));
    let end = files(packet[1], b"my other end");
    same("my end", &true, &are_one_open_file(end[0], packet[0]));
    let held = files(other[1], b"one");
    let holder = files(held[0], b"other");
    same("the other", &true, &are_one_open_file(holder[0], other[1]));
    write(one[0], b"x").expect("write");
    same("to the one", &Ok(b"x".to_vec()), &receive(held[0], 100, 0));
}
