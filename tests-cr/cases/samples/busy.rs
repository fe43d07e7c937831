// SPDX-License-Identifier: GPL-2.0

//! A tree that never rests: processes that fork, threads that begin and end, children that are
//! waited for, groups that change. Whatever a freeze meets, everything has to come to its right end.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use ckpt_support::{check, checkpoint_here, must, same};

use crate::tasks::relatives::{child, end_of, shared_word, FINE};

const WORKERS: usize = 4;

/// Forks and waits until it is told to stop; every child ends as it should, each once.
fn fork_and_wait(stop: &AtomicU32, rounds: &AtomicU32) -> i32 {
    let mut round = 0;
    while stop.load(SeqCst) == 0 {
        round = (round + 1) % 100;
        let children = [1, 2, 3].map(|nth| {
            child(|| {
                // A group of its own, and a child that nobody waits for.
                // SAFETY: takes no pointer.
                unsafe { libc::setpgid(0, 0) };
                child(|| 0);
                round + nth
            })
        });
        for (nth, child) in (1..).zip(children) {
            if end_of(child) != round + nth {
                return 1;
            }
        }
        rounds.fetch_add(1, SeqCst);
    }
    FINE
}

/// Has threads begin and end.
fn start_and_join(stop: &AtomicU32, rounds: &AtomicU32) -> i32 {
    let mut sum = 0u64;
    let mut done = 0;
    while stop.load(SeqCst) == 0 {
        let threads: Vec<_> = (0..3u64)
            .map(|nth| std::thread::spawn(move || nth + 1))
            .collect();
        sum += threads
            .into_iter()
            .map(|thread| thread.join().expect("a sum"))
            .sum::<u64>();
        done += 1;
        rounds.fetch_add(1, SeqCst);
    }
    match sum == done * 6 {
        true => FINE,
        false => 1,
    }
}

pub fn run() {
    let (stop, rounds) = (shared_word(), shared_word());
    // SAFETY: takes no pointer.
    must("a subreaper", unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1)
    });
    let workers = std::array::from_fn::<_, WORKERS, _>(|worker| {
        child(|| match worker % 2 {
            0 => fork_and_wait(stop, rounds),
            _ => start_and_join(stop, rounds),
        })
    });
    // Those who are left behind come to us.
    let reaper = std::thread::spawn(move || all_ends(&workers));
    while rounds.load(SeqCst) < 10 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    checkpoint_here();
    let before = rounds.load(SeqCst);
    while rounds.load(SeqCst) < before + 10 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    stop.store(1, SeqCst);
    let ended = reaper.join().expect("an end of everybody");
    same("workers that ended", &WORKERS, &ended);
}

/// Waits for everybody, as they end; gives how many of the workers did.
fn all_ends(workers: &[i32]) -> usize {
    let mut ended = 0;
    loop {
        let mut status = 0;
        // SAFETY: one int for the status.
        let pid = unsafe { libc::waitpid(-1, &mut status, 0) };
        if pid < 0 {
            same("no child is left", &libc::ECHILD, &ckpt_support::errno());
            return ended;
        }
        let is_worker = workers.contains(&pid);
        let wanted = if is_worker { FINE } else { 0 };
        let is_right = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == wanted;
        check(is_right, if is_worker { "a worker" } else { "an orphan" });
        ended += usize::from(is_worker);
    }
}
