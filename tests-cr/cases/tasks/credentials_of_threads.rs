// SPDX-License-Identifier: GPL-2.0

//! Fact: each thread has the user, the umask's owner and the nice value that it had.
//!
//! Could break: one set for all of the process.

use std::sync::{Arc, Barrier};

use ckpt_support::{check, checkpoint_here, must, same, wait_for_go};

fn ids() -> (i64, i64, i32) {
    // SAFETY: these take no address.
    unsafe {
        (
            libc::syscall(libc::SYS_getuid),
            libc::syscall(libc::SYS_geteuid),
            libc::getpriority(libc::PRIO_PROCESS, 0),
        )
    }
}

pub fn run() {
    let start = Arc::new(Barrier::new(3));
    let threads: Vec<_> = [(1000, 3), (2000, 7)]
        .into_iter()
        .map(|(user, nice)| {
            let start = start.clone();
            std::thread::spawn(move || {
                // SAFETY: these take no address; raw, so only this thread changes.
                unsafe {
                    must("nice", libc::setpriority(libc::PRIO_PROCESS, 0, nice));
                    let result = libc::syscall(libc::SYS_setresuid, -1, user, -1);
                    must("setresuid", result as i32);
                }
                let before = ids();
                start.wait();
                wait_for_go();
                before == ids() && before == (0, user, nice)
            })
        })
        .collect();
    start.wait();
    let before = ids();
    checkpoint_here();
    same("the first", &before, &ids());
    for thread in threads {
        check(thread.join().expect("a result"), "a thread is who it was");
    }
}
