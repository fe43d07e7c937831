// SPDX-License-Identifier: GPL-2.0

//! Some of everything that is saved, by tasks that always sleep in the same calls: so every image of
//! it has the same records.
//!
//! SIGUSR1 has it check everything and say so; SIGUSR2 ends it.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use ckpt_support::pipes::{close, pipe, read, write};
use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{anonymous, check, file_with, must, page_size, raw, same};

use crate::tasks::relatives::{
    child, end_of, set, shared_word, sleep_until_set, state, thread_number, wait_until, FINE,
};

const THREADS: u32 = 3;
const CHILDREN: u32 = 4;
const PAGES: usize = 300;

/// A timer that fires in a day, and one that has fired.
fn timers() -> [i32; 2] {
    [86_400i64, 0].map(|seconds| {
        let mut timer = 0i32;
        let setting = [0i64, 0, seconds, 1];
        // SAFETY: the event is filled in; the timer's id is an int; reads an itimerspec.
        unsafe {
            let mut event: libc::sigevent = std::mem::zeroed();
            event.sigev_notify = libc::SIGEV_SIGNAL;
            event.sigev_signo = 40;
            let clock = libc::CLOCK_MONOTONIC;
            let made = libc::syscall(
                libc::SYS_timer_create,
                clock,
                &raw mut event,
                &raw mut timer,
            );
            must("timer_create", made);
            let flags = libc::TIMER_ABSTIME * i32::from(seconds == 0);
            let set = libc::syscall(libc::SYS_timer_settime, timer, flags, &raw const setting, 0);
            must("timer_settime", set);
        }
        timer
    })
}

/// Is it armed?
fn is_armed(timer: i32) -> bool {
    let mut setting = [0i64; 4];
    // SAFETY: fills an itimerspec.
    must("timer_gettime", unsafe {
        libc::syscall(libc::SYS_timer_gettime, timer, setting.as_mut_ptr())
    });
    setting[2..] != [0, 0]
}

fn pending_of(signal: i32) -> bool {
    ckpt_support::signals::pending() & bit(signal) != 0
}

pub fn run() {
    // All relatives inherit it.
    set_blocked(bit(libc::SIGUSR1) | bit(libc::SIGUSR2) | bit(40));
    let (word, end) = (shared_word(), shared_word());
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            std::thread::spawn(|| {
                let before = thread_number();
                STARTED.fetch_add(1, SeqCst);
                sleep_until_set(end);
                before == thread_number()
            })
        })
        .collect();
    let zombie = child(|| 3);
    let [reader, writer] = pipe(0);
    let children: Vec<i32> = (0..CHILDREN)
        .map(|index| {
            child(|| {
                if index == 0 {
                    // SAFETY: takes no address.
                    must("setsid", unsafe { libc::setsid() });
                }
                close(&[writer]);
                word.fetch_add(1, SeqCst);
                // One byte is for each of them.
                match read(reader, 1) {
                    Ok(byte) if byte == *b"e" => FINE,
                    _ => 1,
                }
            })
        })
        .collect();
    let [left, right] = pipe(0);
    write(right, b"on its way").expect("write");
    let removed = file_with("removed", b"content");
    std::fs::remove_file("removed").expect("unlink");
    let object = ckpt_support::memfd(c"object", 0);
    object.set_len(5 * page_size() as u64).expect("ftruncate");
    object
        .write_all_at(b"object", page_size() as u64)
        .expect("write");
    let memory = anonymous(PAGES * page_size());
    (0..PAGES).for_each(|page| memory.page(page).fill(page as u8 | 1));
    let [far, fired] = timers();
    while state(&zombie.to_string()) != 'Z' || !pending_of(40) {
        std::thread::yield_now();
    }
    wait_until(word, CHILDREN);
    while STARTED.load(SeqCst) < THREADS {
        std::thread::yield_now();
    }
    word.store(0, SeqCst);
    for generation in 0.. {
        println!(
            "{}",
            if generation == 0 {
                "ready".into()
            } else {
                format!("generation {generation}")
            }
        );
        if next() == libc::SIGUSR2 {
            break;
        }
        same("shared memory", &generation, &word.fetch_add(1, SeqCst));
        let content = |file: &File, size: usize, at: usize| {
            let mut bytes = vec![0; size];
            file.read_exact_at(&mut bytes, at as u64).expect("read");
            bytes
        };
        same(
            "the removed file",
            &b"content".to_vec(),
            &content(&removed, 7, 0),
        );
        same(
            "the object",
            &b"object".to_vec(),
            &content(&object, 6, page_size()),
        );
        let right = |page: usize| memory.page(page).iter().all(|byte| *byte == page as u8 | 1);
        check((0..PAGES).all(right), "memory");
        same("the zombie", &'Z', &state(&zombie.to_string()));
        check(
            is_armed(far) && !is_armed(fired) && pending_of(40),
            "timers",
        );
        let sessions = children.iter().filter(|pid| {
            // SAFETY: takes no address.
            unsafe { libc::getsid(**pid) == **pid }
        });
        same("sessions", &1, &sessions.count());
    }
    same("a pipe", &Ok(b"on its way".to_vec()), &read(left, 99));
    write(writer, &vec![b'e'; children.len()]).expect("write");
    for pid in children {
        same("a child", &FINE, &end_of(pid));
    }
    same("the zombie", &3, &end_of(zombie));
    set(end);
    for thread in threads {
        check(thread.join().expect("a result"), "a thread");
    }
}

/// Sleeps until somebody outside sends one of the two signals.
fn next() -> i32 {
    let wanted = bit(libc::SIGUSR1) | bit(libc::SIGUSR2);
    raw(
        libc::SYS_rt_sigtimedwait,
        &[&raw const wanted as usize, 0, 0, 8],
    ) as i32
}
