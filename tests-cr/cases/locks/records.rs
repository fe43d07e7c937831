// SPDX-License-Identifier: GPL-2.0

//! Fact: record locks are those of the processes that took them, and locks of open files those of the
//! open files: each with its range, its type and its place among the others.
//!
//! Could break: a lock belongs to somebody else or to nobody, ranges come back joined or cut, or the
//! first one that stands in the way is another one.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{check, checkpoint_here, must, same, wait_for_go};
use libc::{F_GETLK, F_OFD_GETLK, F_OFD_SETLK, F_RDLCK, F_SETLK, F_UNLCK, F_WRLCK, O_RDWR};

use super::locking::{against, fcntl, open, range, shown};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

/// Type, start, size, and who took it.
type Found = (i32, i64, i64, i32);

/// Where the second process, and then a sharer of the table, have theirs.
const FAR: i64 = i64::MAX - 10;

pub fn run() {
    let file = open("records", O_RDWR);
    let other = open("records", O_RDWR);
    let apart = open("apart", O_RDWR);
    for (kind, start, size) in [
        (F_WRLCK, 10, 10),
        (F_RDLCK, 20, 10),
        (F_WRLCK, 40, 1),
        (F_RDLCK, 42, 1),
    ] {
        same("F_SETLK", &0, &fcntl(file, F_SETLK, range(kind, start, size)));
    }
    same("F_SETLK", &0, &fcntl(apart, F_SETLK, range(F_WRLCK, 5, 0)));
    let files = [open("open", O_RDWR), open("open", O_RDWR)];
    same("OFD", &0, &fcntl(files[0], F_OFD_SETLK, range(F_WRLCK, 0, 100)));
    same("OFD", &0, &fcntl(files[1], F_OFD_SETLK, range(F_RDLCK, 100, 0)));
    let word = shared_word();
    let parent = std::process::id() as i32;
    let second = child(|| {
        let fine = std::cell::Cell::new(true);
        let same = |what: &str, wanted: &Found, found: &Found| {
            same(what, wanted, found);
            fine.set(fine.get() && wanted == found);
        };
        for (kind, start, size) in [(F_RDLCK, 25, 10), (F_WRLCK, FAR, 0)] {
            assert_eq!(0, fcntl(file, F_SETLK, range(kind, start, size)));
        }
        word.store(1, SeqCst);
        wait_for_go();
        // Which of them is in the way first, and whose it is.
        let found = |kind, start, size| against(file, F_GETLK, range(kind, start, size));
        same("first", &(F_WRLCK, 10, 10, parent), &found(F_WRLCK, 0, 0));
        same("shared", &(F_RDLCK, 20, 10, parent), &found(F_WRLCK, 25, 2));
        same("may be shared", &(F_UNLCK, 20, 10, 0), &found(F_RDLCK, 20, 10));
        same("between", &(F_UNLCK, 30, 10, 0), &found(F_WRLCK, 30, 10));
        same("last", &(F_RDLCK, 42, 1, parent), &found(F_WRLCK, 41, 20));
        let all = against(apart, F_GETLK, range(F_RDLCK, 0, 0));
        same("to the end", &(F_WRLCK, 5, 0, parent), &all);
        word.store(2, SeqCst);
        wait_until(word, 3);
        // The other process has closed a descriptor of the file.
        same("all gone", &(F_UNLCK, 0, 0, 0), &found(F_WRLCK, 0, 0));
        if fine.get() { FINE } else { 1 }
    });
    wait_until(word, 1);
    let before = [file, apart, files[0], files[1]].map(shown);
    check(!before[0].is_empty() && !before[2].is_empty(), "nothing is shown");

    checkpoint_here();

    same("what is shown", &before, &[file, apart, files[0], files[1]].map(shown));
    wait_until(word, 2);
    let found = |start, size| against(file, F_GETLK, range(F_WRLCK, start, size));
    same("of the other", &(F_RDLCK, 25, 10, second), &found(0, 0));
    same("at the end", &(F_WRLCK, FAR, 0, second), &found(FAR + 5, 1));
    let found = |fd| against(fd, F_OFD_GETLK, range(F_WRLCK, 0, 0));
    same("open file", &(F_RDLCK, 100, 0, -1), &found(files[0]));
    same("open file", &(F_WRLCK, 0, 100, -1), &found(files[1]));
    same("record", &(F_WRLCK, 0, 100, -1), &against(files[0], F_GETLK, range(F_RDLCK, 0, 0)));
    // SAFETY: ours.
    must("close", unsafe { libc::close(other) });
    word.store(3, SeqCst);
    same("the other", &FINE, &end_of(second));
    // SAFETY: ours.
    must("close", unsafe { libc::close(files[0]) });
    same("closed", &F_UNLCK, &against(files[1], F_OFD_GETLK, range(F_WRLCK, 0, 100)).0);
}
