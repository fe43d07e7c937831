// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that signals a process group (F_SETOWN) signals all of that group, also when somebody
//! in it is older than its leader.
//!
//! Could break: the group bears the number of its leader, and any member leads to it.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::pipes::{pipe, set_flags, write};
use ckpt_support::signals::{note_signal, signals_seen};
use ckpt_support::{checkpoint_here, must, same, wait_for_go};

use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

const F_GETOWN_EX: i32 = 16;

/// Kind and number.
fn owner(fd: i32) -> [i32; 2] {
    let mut exactly = [7; 2];
    // SAFETY: fills two numbers.
    must("F_GETOWN_EX", unsafe {
        libc::fcntl(fd, F_GETOWN_EX, &raw mut exactly)
    });
    exactly
}

fn wait_for_signal() {
    while signals_seen() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

pub fn run() {
    let there = shared_word();
    let parent = child(|| {
        note_signal(libc::SIGIO);
        let [reader, writer] = pipe(0);
        let leader = child(|| {
            there.fetch_add(1, SeqCst);
            wait_for_go();
            wait_for_signal();
            FINE
        });
        // SAFETY: take no pointer.
        unsafe {
            must("setpgid", libc::setpgid(leader, leader));
            must("setpgid", libc::setpgid(0, leader));
            must("F_SETOWN", libc::fcntl(reader, libc::F_SETOWN, -leader));
        }
        set_flags(reader, libc::O_ASYNC);
        let before = owner(reader);
        there.fetch_add(1, SeqCst);
        wait_for_go();
        same("owner", &before, &owner(reader));
        write(writer, b"x").expect("write");
        wait_for_signal();
        end_of(leader)
    });
    wait_until(there, 2);
    checkpoint_here();
    same("the group", &FINE, &end_of(parent));
}
