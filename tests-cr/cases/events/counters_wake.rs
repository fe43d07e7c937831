// SPDX-License-Identifier: GPL-2.0

//! Fact: counters wake whom they woke: a semaphore one reader for each that is added, and no more; a
//! full one a writer when there is room for what he has, and not before.
//!
//! Could break: who sleeps on it is in a queue of the kernel.

use ckpt_support::pipes::events;
use ckpt_support::{checkpoint_here, same};

use super::tools::{add, counter, lives, take, wait_until_inside};
use crate::tasks::relatives::{child, end_of, FINE};

const MOST: u64 = u64::MAX - 1;

fn fine(is: bool) -> i32 {
    if is {
        FINE
    } else {
        1
    }
}

pub fn run() {
    let ones = counter(0, libc::EFD_SEMAPHORE);
    let readers = [(); 3].map(|()| child(|| fine(take(ones) == Ok(1))));
    let full = counter(0, 0);
    same("fill", &Ok(8), &add(full, MOST - 3));
    let [few, many] = [3 + 4, MOST].map(|value| child(move || fine(add(full, value) == Ok(8))));
    for reader in readers {
        wait_until_inside(reader, libc::SYS_read);
    }
    for writer in [few, many] {
        wait_until_inside(writer, libc::SYS_write);
    }

    checkpoint_here();

    same("readers", &[true; 3], &readers.map(lives));
    same("writers", &[true; 2], &[few, many].map(lives));
    same("nothing in it", &libc::POLLOUT, &events(ones));
    same("add two", &Ok(8), &add(ones, 2));
    let awake = || readers.iter().filter(|reader| !ended(**reader)).count();
    while awake() > 1 {
        std::thread::yield_now();
    }
    same("add one", &Ok(8), &add(ones, 1));
    for reader in readers {
        same("reader", &FINE, &end_of(reader));
    }
    same("taken by them", &libc::POLLOUT, &events(ones));

    same("make room", &Ok(MOST - 3), &take(full));
    // Either of the two has come first: there is room for the other only then.
    let first = take(full);
    let second = take(full);
    let mut both = [first, second];
    both.sort_unstable();
    same("both", &[Ok(7), Ok(MOST)], &both);
    for writer in [few, many] {
        same("writer", &FINE, &end_of(writer));
    }
}

/// Has a child ended? It stays to be waited for.
fn ended(pid: i32) -> bool {
    // SAFETY: zeros are an answer, which is filled.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        libc::waitid(libc::P_PID, pid as u32, &mut info, flags);
        info.si_pid() == pid
    }
}
