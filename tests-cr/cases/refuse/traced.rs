// SPDX-License-Identifier: GPL-2.0

//! Fact: a process that is being traced is refused.
//!
//! Could break: its stops belong to the tracer, who is outside.

use ckpt_support::{checkpoint_here, expect_refusal, may_also_refuse, must};

pub fn run() {
    // SAFETY: any tracer is welcome.
    unsafe { libc::prctl(libc::PR_SET_PTRACER, libc::PR_SET_PTRACER_ANY) };
    // SAFETY: single-threaded; the child only makes system calls.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        // SAFETY: nobody uses them in the child: what is shared would be another obstacle.
        (0..3).for_each(|fd| unsafe {
            libc::close(fd);
        });
        let moved = std::fs::write("/sys/fs/cgroup/cgroup.procs", "0");
        // SAFETY: takes no pointer.
        unsafe {
            let seized = libc::ptrace(libc::PTRACE_SEIZE, libc::getppid(), 0, 0);
            std::fs::write("seized", b"").expect("write");
            if seized == 0 && moved.is_ok() {
                libc::pause();
            }
            libc::_exit(1);
        }
    }
    while !std::path::Path::new("seized").exists() {
        std::thread::yield_now();
    }
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    assert!(
        status.contains(&format!("TracerPid:\t{child}")),
        "not traced"
    );
    expect_refusal("TaskTraced", "traced");
    may_also_refuse("TaskChildren");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(child, libc::SIGKILL) });
}
