// SPDX-License-Identifier: GPL-2.0

//! Fact: semaphores that a task outside has changed last, and would have to undo, are refused, by that
//! task.
//!
//! Could break: the other would give back what is not there any more.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    let id = must("semget", unsafe {
        libc::semget(libc::IPC_PRIVATE, 2, 0o600)
    });
    // SAFETY: the child only makes system calls.
    let pid = unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            if libc::fork() == 0 {
                let moved = std::fs::write("/sys/fs/cgroup/cgroup.procs", "0");
                for own in 0..20 {
                    libc::close(own);
                }
                let mut one = libc::sembuf {
                    sem_num: 1,
                    sem_op: 1,
                    sem_flg: libc::SEM_UNDO as i16,
                };
                libc::semop(id, &mut one, 1);
                if moved.is_ok() {
                    std::fs::write("outsider", libc::getpid().to_string()).expect("write");
                }
                libc::sleep(600);
            }
            libc::_exit(0);
        }
        libc::waitpid(child, std::ptr::null_mut(), 0);
        loop {
            let text = std::fs::read_to_string("outsider").unwrap_or_default();
            if let Ok(pid) = text.parse::<i32>() {
                break pid;
            }
            std::thread::yield_now();
        }
    };
    expect_refusal("IpcOutside", &pid.to_string());
    checkpoint_here();
    // SAFETY: take no pointer.
    unsafe {
        must("kill", libc::kill(pid, libc::SIGKILL));
        must("IPC_RMID", libc::semctl(id, 0, libc::IPC_RMID));
    }
}
