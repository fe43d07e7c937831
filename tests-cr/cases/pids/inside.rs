// SPDX-License-Identifier: GPL-2.0

//! Processes in pid namespaces of their own.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use ckpt_support::{must, raw, wait_for_go};

use crate::tasks::relatives::FINE;

/// Makes the first process of a new pid namespace; it ends with what `body` gives.
pub fn first(body: impl FnOnce() -> i32) -> i32 {
    let flags = libc::CLONE_NEWPID | libc::SIGCHLD;
    let pid = must("clone", raw(libc::SYS_clone, &[flags as usize, 0, 0, 0, 0]));
    if pid == 0 {
        let code = body();
        // SAFETY: ends the process without what its parent has registered for exit.
        unsafe { libc::_exit(code) }
    }
    pid as i32
}

/// Children to come will be in a new pid namespace.
pub fn unshare() {
    // SAFETY: takes no address.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWPID) });
}

/// Children to come will be where this process is.
pub fn enter(pid: i32) {
    let fd = must("pidfd_open", raw(libc::SYS_pidfd_open, &[pid as usize, 0])) as i32;
    // SAFETY: takes no address; the descriptor is ours.
    unsafe {
        must("setns", libc::setns(fd, libc::CLONE_NEWPID));
        libc::close(fd);
    }
}

/// Counts in `word` that it is there, and waits for go: it ends well if its place is then as it was.
pub fn wait_as_we_are(word: &AtomicU32) -> i32 {
    let before = ids();
    word.fetch_add(1, SeqCst);
    wait_for_go();
    match ids() == before {
        true => FINE,
        false => 1,
    }
}

/// Sleeps until it is killed.
pub fn sleep() -> i32 {
    loop {
        // SAFETY: takes no address.
        unsafe { libc::pause() };
    }
}

/// Makes a process outside of the cgroup, which is nobody's child any more and holds nothing that it
/// shares; `make` gives its number as an orphan's father sees it.
pub fn outside(make: impl FnOnce() -> i32) -> i32 {
    let father = crate::tasks::relatives::child(|| {
        std::fs::write("/sys/fs/cgroup/cgroup.procs", "0").expect("move");
        // SAFETY: nobody uses them here.
        (0..20).for_each(|fd| unsafe {
            libc::close(fd);
        });
        std::fs::write("outside", make().to_string()).expect("write");
        0
    });
    crate::tasks::relatives::end_of(father);
    let number = std::fs::read_to_string("outside").expect("read");
    number.parse().expect("a number")
}

/// Own number, that of the parent, of the group, of the session.
pub fn ids() -> [i32; 4] {
    // SAFETY: these take no address.
    unsafe {
        [
            libc::getpid(),
            libc::getppid(),
            libc::getpgrp(),
            libc::getsid(0),
        ]
    }
}

/// The number that the next child gets; it is gone again.
pub fn next() -> i32 {
    let pid = crate::tasks::relatives::child(|| 0);
    crate::tasks::relatives::end_of(pid);
    pid
}

/// The children of a process, as seen from outside.
pub fn children_of(pid: i32) -> Vec<i32> {
    let children = format!("/proc/{pid}/task/{pid}/children");
    let children = std::fs::read_to_string(children).expect("children");
    let children = children.split_whitespace();
    children.map(|pid| pid.parse().expect("a number")).collect()
}

/// The numbers of a process or thread, from the container's own namespace inwards.
pub fn numbers(of: &str) -> Vec<i32> {
    let status = std::fs::read_to_string(format!("/proc/{of}/status")).expect("status");
    let line = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    let numbers = line.expect("NSpid").split_whitespace();
    numbers.filter_map(|number| number.parse().ok()).collect()
}
