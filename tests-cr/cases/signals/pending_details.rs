// SPDX-License-Identifier: GPL-2.0

//! Fact: queued real-time signals come back in order, with what their sender attached.
//!
//! Could break: they are queued several times, unlike others, and each has its own siginfo.

use ckpt_support::{checkpoint_here, must, same};

pub fn run() {
    let signal = libc::SIGRTMIN() + 3;
    let values = [11usize, 22, 33];
    // SAFETY: signals are sent to this process only, and taken synchronously.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&mut set, signal);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        for value in values {
            let value = libc::sigval {
                sival_ptr: value as *mut libc::c_void,
            };
            must("sigqueue", libc::sigqueue(libc::getpid(), signal, value));
        }
        checkpoint_here();
        for value in values {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            let now = libc::timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            same(
                "sigtimedwait",
                &signal,
                &libc::sigtimedwait(&set, &mut info, &now),
            );
            same("value", &value, &(info.si_value().sival_ptr as usize));
            same("code", &libc::SI_QUEUE, &info.si_code);
            same("sender", &libc::getpid(), &info.si_pid());
        }
    }
}
