// SPDX-License-Identifier: GPL-2.0

//! Fact: an urgent byte is where it was, between others, inline or not; and where one was that has been
//! read, reading stops.
//!
//! Could break: it is a byte like any other but for one pointer.

use ckpt_support::pipes::{events, write};
use ckpt_support::unix::{number, pair, receive, send, set_option};
use ckpt_support::{checkpoint_here, same};

const SIOCATMARK: u64 = 0x8905;

fn ends() -> [i32; 2] {
    let ends = pair(libc::SOCK_STREAM);
    write(ends[0], b"before").expect("write");
    send(ends[0], b"urgent!", libc::MSG_OOB).expect("send");
    write(ends[0], b"after").expect("write");
    ends
}

pub fn run() {
    let (plain, inline, taken) = (ends(), ends(), ends());
    set_option(inline[1], libc::SO_OOBINLINE, 1).expect("inline");
    same("taken", &Ok(b"!".to_vec()), &receive(taken[1], 1, libc::MSG_OOB));
    let marks = || [plain, inline, taken].map(|ends| (number(ends[1], SIOCATMARK), events(ends[1])));
    let before = marks();

    checkpoint_here();

    same("marks", &before, &marks());
    same("up to it", &Ok(b"beforeurgent".to_vec()), &receive(plain[1], 100, 0));
    same("at it", &1, &number(plain[1], SIOCATMARK));
    same("the byte", &Ok(b"!".to_vec()), &receive(plain[1], 1, libc::MSG_OOB));
    same("the rest", &Ok(b"after".to_vec()), &receive(plain[1], 100, 0));
    same("up to it", &Ok(b"beforeurgent".to_vec()), &receive(inline[1], 100, 0));
    same("inline", &Ok(b"!after".to_vec()), &receive(inline[1], 100, 0));
    same("up to it", &Ok(b"beforeurgent".to_vec()), &receive(taken[1], 100, 0));
    same("no byte", &Err(libc::EINVAL), &receive(taken[1], 1, libc::MSG_OOB));
    same("the rest", &Ok(b"after".to_vec()), &receive(taken[1], 100, 0));
}
