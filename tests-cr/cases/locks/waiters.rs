// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps until he gets a lock (flock, F_SETLKW, F_OFD_SETLKW) goes on sleeping until it is
//! free, and nobody gets one that another holds; of two who want the same, one gets it after the other.
//!
//! Could break: somebody runs and finds the lock free, because its holder has not come so far.

use std::os::fd::RawFd;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{check, checkpoint_here, must, same};
use libc::{F_OFD_SETLK, F_OFD_SETLKW, F_SETLK, F_SETLKW, F_UNLCK, F_WRLCK, O_RDWR};

use super::locking::{fcntl, flock, open, range, wait_until_inside};
use crate::tasks::relatives::{child, end_of, shared_word, FINE};

const HELD: u32 = 1000;

/// Waits for a lock, holds it for a moment, alone, and lets go.
fn waiter(word: &AtomicU32, lock: impl Fn(bool) -> bool) -> i32 {
    child(|| {
        if !lock(true) {
            return 1;
        }
        // Nobody else has it, and the first holder has let go.
        let others = word.fetch_add(1, SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(20));
        word.fetch_sub(1, SeqCst);
        match others == 0 && lock(false) {
            true => FINE,
            false => 2,
        }
    })
}

fn whole(name: &str, waits: bool) -> bool {
    thread_local!(static FD: std::cell::Cell<RawFd> = const { std::cell::Cell::new(-1) });
    if waits {
        FD.set(open(name, O_RDWR));
        // SAFETY: takes no pointer.
        return unsafe { libc::flock(FD.get(), libc::LOCK_EX) == 0 };
    }
    // SAFETY: takes no pointer.
    unsafe { libc::flock(FD.get(), libc::LOCK_UN) == 0 }
}

pub fn run() {
    let flocked = open("flocked", O_RDWR);
    let record = open("record", O_RDWR);
    let own = open("own", O_RDWR);
    check(flock(flocked, libc::LOCK_EX), "flock");
    same("F_SETLK", &0, &fcntl(record, F_SETLK, range(F_WRLCK, 0, 10)));
    same("OFD", &0, &fcntl(own, F_OFD_SETLK, range(F_WRLCK, 0, 10)));
    let words = [shared_word(), shared_word(), shared_word()];
    for word in words {
        word.store(HELD, SeqCst);
    }
    let ranged = |name: &'static str, command: i32, release: i32| {
        let fd = open(name, O_RDWR);
        move |waits: bool| match waits {
            true => fcntl(fd, command, range(F_WRLCK, 5, 10)) == 0,
            false => fcntl(fd, release, range(F_UNLCK, 0, 0)) == 0,
        }
    };
    let waiters = [
        waiter(words[0], |waits| whole("flocked", waits)),
        waiter(words[0], |waits| whole("flocked", waits)),
        waiter(words[1], ranged("record", F_SETLKW, F_SETLK)),
        waiter(words[1], ranged("record", F_SETLKW, F_SETLK)),
        waiter(words[2], ranged("own", F_OFD_SETLKW, F_OFD_SETLK)),
        waiter(words[2], ranged("own", F_OFD_SETLKW, F_OFD_SETLK)),
    ];
    for (index, pid) in waiters.into_iter().enumerate() {
        let number = if index < 2 { libc::SYS_flock } else { libc::SYS_fcntl };
        wait_until_inside(pid, number);
    }

    checkpoint_here();

    for (index, pid) in waiters.into_iter().enumerate() {
        let number = if index < 2 { libc::SYS_flock } else { libc::SYS_fcntl };
        wait_until_inside(pid, number);
    }
    for word in words {
        same("nobody has it yet", &HELD, &word.load(SeqCst));
        word.store(0, SeqCst);
    }
    // SAFETY: takes no pointer.
    must("flock", unsafe { libc::flock(flocked, libc::LOCK_UN) });
    same("F_SETLK", &0, &fcntl(record, F_SETLK, range(F_UNLCK, 0, 0)));
    same("OFD", &0, &fcntl(own, F_OFD_SETLK, range(F_UNLCK, 0, 0)));
    for (index, pid) in waiters.into_iter().enumerate() {
        same(&format!("waiter {index}"), &FINE, &end_of(pid));
    }
}
