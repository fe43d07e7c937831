// SPDX-License-Identifier: GPL-2.0

//! Facts: who sleeps in a call on a socket goes on sleeping until somebody does what it waits for.

use std::os::fd::RawFd;
use std::sync::atomic::{AtomicI32, Ordering};

use ckpt_support::signals::handle;
use ckpt_support::unix::{accept, bind, connect, listen, pair, receive, send, socket};
use ckpt_support::{ready_inside_until_signal, same, sockets, wait_for_go};

static OTHER: AtomicI32 = AtomicI32::new(-1);

fn when_told(other: RawFd, handler: extern "C" fn(i32)) {
    OTHER.store(other, Ordering::Relaxed);
    handle(libc::SIGUSR1, libc::SA_RESTART, handler);
}

extern "C" fn write_some(_: i32) {
    let _ = send(OTHER.load(Ordering::Relaxed), b"at last", 0);
}

extern "C" fn read_all(_: i32) {
    while receive(OTHER.load(Ordering::Relaxed), 100_000, 0).is_ok() {}
}

extern "C" fn connect_to(_: i32) {
    let _ = connect(socket(libc::SOCK_STREAM), b"listener");
}

extern "C" fn accept_one(_: i32) {
    let _ = accept(OTHER.load(Ordering::Relaxed));
}

fn wait_in_receive(kind: i32) {
    let [reader, writer] = pair(kind);
    when_told(writer, write_some);
    let mut bytes = [0u8; 100];
    ready_inside_until_signal(libc::SYS_recvfrom, libc::SIGUSR1);
    // SAFETY: there is room for so many bytes.
    let got = unsafe { libc::recv(reader, bytes.as_mut_ptr().cast(), 100, 0) };
    same(
        "bytes",
        &b"at last".to_vec(),
        &bytes[..got.max(0) as usize].to_vec(),
    );
    wait_for_go();
}

pub fn receiving_bytes() {
    wait_in_receive(libc::SOCK_STREAM);
}

pub fn receiving_datagram() {
    wait_in_receive(libc::SOCK_DGRAM);
}

pub fn receiving_packet() {
    wait_in_receive(libc::SOCK_SEQPACKET);
}

pub fn sending() {
    let [reader, writer] = pair(libc::SOCK_STREAM);
    sockets::fill(writer);
    when_told(reader, read_all);
    ready_inside_until_signal(libc::SYS_sendto, libc::SIGUSR1);
    same("sent", &Ok(4), &send(writer, b"more", 0));
    same("there", &Ok(b"more".to_vec()), &receive(reader, 100, 0));
    wait_for_go();
}

fn listener(backlog: i32) -> RawFd {
    let listener = socket(libc::SOCK_STREAM);
    bind(listener, b"listener").expect("bind");
    listen(listener, backlog);
    listener
}

pub fn accepting() {
    let listener = listener(1);
    when_told(listener, connect_to);
    ready_inside_until_signal(libc::SYS_accept, libc::SIGUSR1);
    accept(listener).expect("accept");
    wait_for_go();
}

pub fn connecting() {
    let listener = listener(0);
    connect(socket(libc::SOCK_STREAM), b"listener").expect("the only one");
    when_told(listener, accept_one);
    let late = socket(libc::SOCK_STREAM);
    ready_inside_until_signal(libc::SYS_connect, libc::SIGUSR1);
    same("connected", &Ok(0), &connect(late, b"listener"));
    let accepted = accept(listener).expect("accept");
    send(late, b"hello", 0).expect("send");
    same("hello", &Ok(b"hello".to_vec()), &receive(accepted, 100, 0));
    wait_for_go();
}
