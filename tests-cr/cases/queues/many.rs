// SPDX-License-Identifier: GPL-2.0

//! Fact: a queue beyond the usual limits, with many and large messages, comes back.
//!
//! Could break: what is looked at or made at once has an end.

use ckpt_support::{checkpoint_here, must, same};

use super::{attributes, close, make, name, open, receive, send, unlink};
use crate::tasks::relatives::{child, end_of};

const MANY: u32 = 3000;

fn text(index: u32) -> Vec<u8> {
    let byte = |at: u32| (at.wrapping_mul(7) ^ index) as u8;
    (0..index % 2000).map(byte).collect()
}

pub fn run() {
    let names = [name("many"), name("large")];
    // Counts as a user's that no other program here is.
    let user = super::some_user();
    let maker = child(|| {
        // SAFETY: the limit is there; the other takes no pointer.
        unsafe {
            let limit = libc::rlimit {
                rlim_cur: libc::RLIM_INFINITY,
                rlim_max: libc::RLIM_INFINITY,
            };
            must("setrlimit", libc::setrlimit(libc::RLIMIT_MSGQUEUE, &limit));
            must("setresuid", libc::setresuid(user, 0, 0));
        }
        make(&names[0], libc::O_RDWR, MANY.into(), 2000);
        make(&names[1], libc::O_RDWR, 2, 60_000);
        0
    });
    same("made", &0, &end_of(maker));
    let [many, large] = [0, 1].map(|index| open(&names[index], libc::O_RDWR));
    names.iter().for_each(unlink);
    for index in 0..MANY {
        same("send", &0, &send(many, &text(index), index % 100));
    }
    let long: Vec<u8> = (0..60_000u32).map(|at| (at / 3) as u8).collect();
    same("send", &0, &send(large, &long, 1));
    same("send", &0, &send(large, &long[..59_999], 1));
    checkpoint_here();
    same("many", &[0, MANY.into(), 2000, MANY.into()], &attributes(many));
    for priority in (0..100).rev() {
        for index in (priority..MANY).step_by(100) {
            let got = receive(many).expect("receive");
            if got != (priority, text(index)) {
                same("message", &(priority, text(index)), &got);
                return;
            }
        }
    }
    same("large", &Ok((1, long.clone())), &receive(large));
    same("large", &Ok((1, long[..59_999].to_vec())), &receive(large));
    close(many);
    close(large);
}
