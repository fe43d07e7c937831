// SPDX-License-Identifier: GPL-2.0

//! Fact: sigtimedwait that is interrupted by a checkpoint ends as after a plain freeze and thaw:
//! with the signal that comes, or with EINTR, as the kernel does it.
//!
//! Could break: while the call waits the mask is another one, which must be undone.

use ckpt_support::{check, errno, must, ready_inside_until_signal, wait_for_go};

pub fn run() {
    // SAFETY: the set is initialised; no handler is needed as the signal is blocked.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&mut set, libc::SIGUSR1);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        ready_inside_until_signal(libc::SYS_rt_sigtimedwait, libc::SIGUSR1);
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let time = libc::timespec {
            tv_sec: 1000,
            tv_nsec: 0,
        };
        loop {
            let result = libc::sigtimedwait(&set, &mut info, &time);
            if result == libc::SIGUSR1 {
                break;
            }
            must(
                "sigtimedwait",
                if errno() == libc::EINTR { 0 } else { result },
            );
        }
        let mut now: libc::sigset_t = std::mem::zeroed();
        libc::sigprocmask(libc::SIG_BLOCK, std::ptr::null(), &mut now);
        check(
            libc::sigismember(&now, libc::SIGUSR1) == 1,
            "the signal is not blocked any more",
        );
    }
    wait_for_go();
}
