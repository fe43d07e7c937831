// SPDX-License-Identifier: GPL-2.0

//! Fact: what has completed and was not read is to be read once, in its order; by way of the call, or
//! from the ring itself; eventfds have counted it; and the context takes new requests.
//!
//! Could break: events are lost or come twice, or the context has less room than before.

use ckpt_support::pipes::read;
use ckpt_support::{check, checkpoint_here, file_with, must, same};
use std::os::fd::AsRawFd;

use super::context::{completed, request, setup, submit, READ};

pub fn run() {
    let file = file_with("content", b"0123456789");
    // SAFETY: takes no pointer.
    let counter = must("eventfd", unsafe { libc::eventfd(0, libc::EFD_NONBLOCK) });
    let first = setup(8);
    let second = setup(100);
    let third = setup(1);
    let mut buffer = [0u8; 16];
    let mut perform = |context, data, size| {
        let buffer = buffer.as_mut_ptr() as u64;
        let mut request = request(data, READ, file.as_raw_fd(), buffer, size, counter);
        submit(context, &mut request);
    };
    for data in 0..5 {
        perform(first, data, data);
    }
    same("at first", &vec![(0, 0), (1, 1)], &completed(first, 2));
    for data in 0..150 {
        perform(second, data, 10);
        if data < 60 {
            completed(second, 1);
        }
    }
    // As libraries do it: what is between head and tail is taken by moving the head.
    // SAFETY: the ring is mapped there; the third and fourth word are head and tail.
    let (head, tail) = unsafe { ((first as *mut u32).add(2), (first as *mut u32).add(3)) };
    // SAFETY: as above.
    unsafe {
        same("between them", &3, &(tail.read_volatile() - head.read_volatile()));
        head.write_volatile(head.read_volatile() + 1);
    }

    checkpoint_here();

    same("counted", &Ok(155u64.to_ne_bytes().to_vec()), &read(counter, 8));
    // SAFETY: as above.
    same("between them", &2, &unsafe { tail.read_volatile() - head.read_volatile() });
    same("the first", &vec![(3, 3), (4, 4)], &completed(first, 10));
    let wanted: Vec<(u64, i64)> = (60..150).map(|data| (data, 10)).collect();
    same("the second", &wanted, &completed(second, 200));
    same("the third", &Vec::new(), &completed(third, 10));
    for context in [first, second, third] {
        for round in 0..300 {
            perform(context, round, 1);
            check(completed(context, 2) == [(round, 1)], "a new one");
        }
    }
    same("what was read", &b'0', &buffer[0]);
}
