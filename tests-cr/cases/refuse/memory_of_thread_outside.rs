// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that a thread outside shares is refused by that thread, also if the first thread of its
//! process has ended.
//!
//! Could break: the leader is looked at, which has no memory any more.

use ckpt_support::{checkpoint_here, expect_refusal, must};

use crate::tasks::relatives::{child, shared_word, wait_until};

pub fn run() {
    let there = shared_word();
    let pid = child(|| {
        std::fs::write("/sys/fs/cgroup/cgroup.procs", "0").expect("another cgroup");
        // It is nobody's child that is inside.
        child(|| {
            // SAFETY: nothing of it is used.
            (0..20).for_each(|fd| unsafe { libc::close(fd); });
            std::thread::spawn(move || {
                // SAFETY: takes no pointer.
                there.store(unsafe { libc::gettid() } as u32, std::sync::atomic::Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_secs(600));
            });
            // SAFETY: ends this thread alone.
            unsafe { libc::syscall(libc::SYS_exit, 0) };
            0
        });
        0
    });
    crate::tasks::relatives::end_of(pid);
    wait_until(there, 1);
    let thread = there.load(std::sync::atomic::Ordering::SeqCst) as i32;
    expect_refusal("StorageShared", &thread.to_string());
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(thread, libc::SIGKILL) });
}
