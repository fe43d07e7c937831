// SPDX-License-Identifier: GPL-2.0

//! Fact: a signal that comes while a receive with a timeout is frozen ends it with EINTR, and the next
//! one, made from the same place, waits for as long as the socket says.
//!
//! Could break: the next call could be taken for the one that goes on.

use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::Instant;

use ckpt_support::{
    errno, raw, ready_signalled_inside, same, signals, sockets, wait_for_go,
    waits,
};

pub fn run() {
    let (end, _other) = UnixStream::pair().expect("a pair");
    signals::note_signal(libc::SIGUSR1);
    let mut byte = 0u8;
    let call = [end.as_raw_fd() as usize, &raw mut byte as usize, 1, 0, 0, 0];
    sockets::limit_to(end.as_raw_fd(), 1000);
    ready_signalled_inside(libc::SYS_recvfrom, libc::SIGUSR1);
    let result = raw(libc::SYS_recvfrom, &call);
    same("recv", &(-1, libc::EINTR), &(result, errno()));
    sockets::limit_to(end.as_raw_fd(), waits::seconds());
    let start = Instant::now();
    let result = raw(libc::SYS_recvfrom, &call);
    same("recv", &(-1, libc::EAGAIN), &(result, errno()));
    waits::in_time("recv", start.elapsed().as_millis() as i64);
    wait_for_go();
}
