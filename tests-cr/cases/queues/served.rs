// SPDX-License-Identifier: GPL-2.0

//! Fact: a client and a server that talk by two queues, checkpointed at any moment, lose no request
//! and no answer, and see none twice.
//!
//! Could break: a message that is on its way when both stop.

use std::sync::atomic::Ordering;

use ckpt_support::{checkpoint_here, same};

use super::{attributes, make, name, receive, send, unlink};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until};

const LAST: u32 = u32::MAX;

fn number(bytes: &[u8]) -> u32 {
    u32::from_ne_bytes(bytes.try_into().expect("four bytes"))
}

pub fn run() {
    let names = [name("requests"), name("answers")];
    let [requests, answers] = [0, 1].map(|index| make(&names[index], libc::O_RDWR, 4, 4));
    names.iter().for_each(unlink);
    let (count, stop) = (shared_word(), shared_word());
    let server = child(|| loop {
        let Ok((_, bytes)) = receive(requests) else {
            return 1;
        };
        if send(answers, &number(&bytes).wrapping_mul(3).to_ne_bytes(), 0) != 0 {
            return 2;
        }
        if number(&bytes) == LAST {
            return 0;
        }
    });
    let client = child(|| {
        let (mut sent, mut answered) = (0u32, 0u32);
        // Three requests ahead of the answers.
        loop {
            let is_over = stop.load(Ordering::Acquire) != 0;
            while !is_over && sent < answered + 3 {
                if send(requests, &sent.to_ne_bytes(), 0) != 0 {
                    return 1;
                }
                sent += 1;
            }
            if answered == sent {
                break;
            }
            match receive(answers) {
                Ok((0, bytes)) if number(&bytes) == answered.wrapping_mul(3) => answered += 1,
                _ => return 2,
            }
            count.store(answered, Ordering::Release);
        }
        if send(requests, &LAST.to_ne_bytes(), 0) != 0 {
            return 3;
        }
        match receive(answers) {
            Ok((0, bytes)) if number(&bytes) == LAST.wrapping_mul(3) => 0,
            _ => 4,
        }
    });
    wait_until(count, 200);
    checkpoint_here();
    let so_far = count.load(Ordering::Acquire);
    wait_until(count, so_far + 200);
    stop.store(1, Ordering::Release);
    same("client", &0, &end_of(client));
    same("server", &0, &end_of(server));
    same("requests", &0, &attributes(requests)[3]);
    same("answers", &0, &attributes(answers)[3]);
}
