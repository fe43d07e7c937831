// SPDX-License-Identifier: GPL-2.0

//! The verdict: what differs is printed when it is seen, and remembered until the end.

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};

static FAILED: AtomicBool = AtomicBool::new(false);

/// Exit status of a program whose state this machine does not have.
const NOT_RUN: i32 = 77;

/// Something is not as it was.
pub fn differs(what: &str) {
    FAILED.store(true, Ordering::Relaxed);
    println!("differs: {what}");
}

/// `what` is a fact, or it differs.
pub fn check(fact: bool, what: &str) {
    if !fact {
        differs(what);
    }
}

/// What was sampled before the checkpoint is what is seen now.
pub fn same<T: Debug + PartialEq>(what: &str, before: &T, now: &T) {
    if before != now {
        differs(&format!("{what}: was {before:?}, is {now:?}"));
    }
}

/// The machine lacks the state that this program is about.
pub fn not_run(why: &str) -> ! {
    println!("not run: {why}");
    std::process::exit(NOT_RUN);
}

/// Ends the program with its verdict.
pub fn finish() -> ! {
    let failed = FAILED.load(Ordering::Relaxed);
    println!("{}", if failed { "failed" } else { "passed" });
    std::process::exit(i32::from(failed));
}
