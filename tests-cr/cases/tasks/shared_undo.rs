// SPDX-License-Identifier: GPL-2.0

//! Fact: tasks that share what is to be undone of System V semaphores (CLONE_SYSVSEM, as all threads)
//! share it again: it is undone when the last of them ends.
//!
//! Could break: it is undone too early, because each has a list of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_support::{check, checkpoint_here, must, raw, same, wait_for_go};

use super::relatives::{child, end_of, shared_word, thread_number, wait_until, FINE};

/// KCMP_SYSVSEM: zero if two tasks have the same list, or none.
fn compare(one: i32, other: i32) -> i64 {
    raw(libc::SYS_kcmp, &[one as usize, other as usize, 6, 0, 0])
}

fn semaphore() -> i32 {
    // SAFETY: take no address.
    unsafe {
        let id = must("semget", libc::semget(libc::IPC_PRIVATE, 1, 0o600));
        must("SETVAL", libc::semctl(id, 0, libc::SETVAL, 5));
        id
    }
}

fn value(id: i32) -> i32 {
    // SAFETY: takes no address.
    must("GETVAL", unsafe { libc::semctl(id, 0, libc::GETVAL) })
}

/// Takes one, to be given back at the end.
fn take(id: i32) {
    let mut one = libc::sembuf {
        sem_num: 0,
        sem_op: -1,
        sem_flg: libc::SEM_UNDO as libc::c_short,
    };
    // SAFETY: one operation.
    must("semop", unsafe { libc::semop(id, &mut one, 1) });
}

/// A process with the list of this one, which takes what `made` says, and ends with `end`.
fn sharer(made: &'static AtomicU32, end: &'static AtomicU32) -> i32 {
    let flags = libc::CLONE_SYSVSEM | libc::SIGCHLD;
    let pid = must("clone", raw(libc::SYS_clone, &[flags as usize, 0, 0, 0, 0])) as i32;
    if pid == 0 {
        wait_for_go();
        wait_until(made, 1);
        take(made.load(Ordering::SeqCst) as i32 - 1);
        wait_until(end, 1);
        // SAFETY: ends the process.
        unsafe { libc::_exit(FINE) }
    }
    pid
}

/// What is taken by a thread that ends is only given back by the end of its process.
fn threads() -> bool {
    let begun = AtomicU32::new(0);
    let made = AtomicU32::new(0);
    std::thread::scope(|scope| {
        let taker = scope.spawn(|| {
            begun.store(thread_number() as u32, Ordering::SeqCst);
            wait_for_go();
            wait_until(&made, 1);
            take(made.load(Ordering::SeqCst) as i32 - 1);
        });
        wait_until(&begun, 1);
        wait_for_go();
        // SAFETY: takes no address.
        let own = unsafe { libc::getpid() };
        let is_one = compare(own, begun.load(Ordering::SeqCst) as i32) == 0;
        let id = semaphore();
        made.store(id as u32 + 1, Ordering::SeqCst);
        let is_fine = taker.join().is_ok() && is_one && value(id) == 4;
        // SAFETY: takes no address.
        unsafe { libc::semctl(id, 0, libc::IPC_RMID) };
        is_fine
    })
}

pub fn run() {
    let (made, end, end_too) = (shared_word(), shared_word(), shared_word());
    let first = child(|| {
        let second = sharer(made, end_too);
        let third = sharer(made, end);
        // SAFETY: takes no address.
        let own = unsafe { libc::getpid() };
        wait_for_go();
        let is_one = compare(own, second) == 0 && compare(second, third) == 0;
        let is_other = compare(own, unsafe { libc::getppid() }) > 0;
        if !is_one || !is_other {
            return 2;
        }
        // Both are orphans soon.
        0
    });
    let with_threads = child(|| if threads() { FINE } else { 1 });
    let alone = child(|| {
        wait_for_go();
        FINE
    });
    checkpoint_here();
    same("threads", &FINE, &end_of(with_threads));
    same("who began", &0, &end_of(first));
    same("who has none", &FINE, &end_of(alone));
    let id = semaphore();
    made.store(id as u32 + 1, Ordering::SeqCst);
    while value(id) > 3 {
        std::thread::yield_now();
    }
    end.store(1, Ordering::SeqCst);
    std::thread::sleep(std::time::Duration::from_millis(100));
    same("not before the last has ended", &3, &value(id));
    end_too.store(1, Ordering::SeqCst);
    let start = std::time::Instant::now();
    while value(id) < 5 && start.elapsed().as_secs() < 60 {
        std::thread::yield_now();
    }
    check(value(id) == 5, "all is given back");
    // SAFETY: takes no address.
    unsafe { libc::semctl(id, 0, libc::IPC_RMID) };
}
