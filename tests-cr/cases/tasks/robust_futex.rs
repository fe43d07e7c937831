// SPDX-License-Identifier: GPL-2.0

//! Fact: who waits for a robust mutex learns that its owner has died, also if both came through a
//! checkpoint.
//!
//! Could break: the owner's list of robust futexes, or its number in them.

use std::cell::UnsafeCell;
use std::sync::{Arc, Barrier};

use ckpt_support::{checkpoint_here, must, same, wait_for_go};

struct Mutex(UnsafeCell<libc::pthread_mutex_t>);

// SAFETY: a mutex is for many threads.
unsafe impl Sync for Mutex {}

static MUTEX: Mutex = Mutex(UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER));

pub fn run() {
    // SAFETY: a fresh mutex and its attribute.
    unsafe {
        let mut kind: libc::pthread_mutexattr_t = std::mem::zeroed();
        libc::pthread_mutexattr_init(&mut kind);
        let robust = libc::PTHREAD_MUTEX_ROBUST;
        must("robust", -libc::pthread_mutexattr_setrobust(&mut kind, robust));
        must("init", -libc::pthread_mutex_init(MUTEX.0.get(), &kind));
    }
    let start = Arc::new(Barrier::new(3));
    let owner = {
        let start = start.clone();
        std::thread::spawn(move || {
            // SAFETY: the mutex lives for ever.
            must("lock", -unsafe { libc::pthread_mutex_lock(MUTEX.0.get()) });
            start.wait();
            wait_for_go();
            // It ends as its owner.
        })
    };
    let waiter = {
        let start = start.clone();
        std::thread::spawn(move || {
            start.wait();
            // SAFETY: the mutex lives for ever.
            unsafe { libc::pthread_mutex_lock(MUTEX.0.get()) }
        })
    };
    start.wait();
    std::thread::sleep(std::time::Duration::from_millis(100));
    checkpoint_here();
    owner.join().expect("an end");
    same("the waiter", &libc::EOWNERDEAD, &waiter.join().expect("a result"));
}
