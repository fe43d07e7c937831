// SPDX-License-Identifier: GPL-2.0

//! Fact: a child outside of the cgroup is refused, by its pid.
//!
//! Could break: it would lose its parent.

use ckpt_support::{checkpoint_here, expect_refusal, must};

/// A child that sleeps until it is killed.
fn child() -> i32 {
    // SAFETY: single-threaded; the child only sleeps.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        // SAFETY: nobody uses them in the child: what is shared would be another obstacle.
        (0..3).for_each(|fd| unsafe {
            libc::close(fd);
        });
        loop {
            // SAFETY: takes no pointer.
            unsafe { libc::pause() };
        }
    }
    child
}

pub fn run() {
    let child = child();
    std::fs::write("/sys/fs/cgroup/cgroup.procs", child.to_string()).expect("move the child");
    expect_refusal("TaskChildren", &child.to_string());
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(child, libc::SIGKILL) });
}
