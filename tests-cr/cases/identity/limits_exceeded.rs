// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that holds more than its limits allow, because they were lowered later, comes back
//! with all of it and with its limits.
//!
//! Could break: limits that are set too early forbid what was there before them.

use ckpt_support::{anonymous, check, checkpoint_here, must, page_size, raw, same};

const MEBIBYTE: usize = 1024 * 1024;

fn lower(resource: libc::__rlimit_resource_t, to: u64) {
    let limit = libc::rlimit {
        rlim_cur: to,
        rlim_max: to,
    };
    // SAFETY: reads one rlimit.
    must("setrlimit", unsafe { libc::setrlimit(resource, &limit) });
}

/// Takes one queued signal off the queue; its value.
fn next(signal: i32) -> i32 {
    // SAFETY: all are valid for the calls.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&mut set, signal);
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let now: libc::timespec = std::mem::zeroed();
        match libc::sigtimedwait(&set, &mut info, &now) {
            taken if taken == signal => info.si_value().sival_ptr as i32,
            _ => -1,
        }
    }
}

pub fn run() {
    let signal = libc::SIGRTMIN() + 2;
    // SAFETY: all are valid for the calls.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigaddset(&mut set, signal);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        for value in 1..=5 {
            let value = libc::sigval {
                sival_ptr: value as *mut libc::c_void,
            };
            must("sigqueue", libc::sigqueue(libc::getpid(), signal, value));
        }
        must("dup2", libc::dup2(1, 500));
    }
    let memory = anonymous(64 * MEBIBYTE);
    let last = memory.pages() - 1;
    memory.page(last).fill(9);
    lower(libc::RLIMIT_AS, 32 * MEBIBYTE as u64);
    lower(libc::RLIMIT_SIGPENDING, 0);
    lower(libc::RLIMIT_NOFILE, 20);
    let limits = ckpt_support::proc_self("limits");
    checkpoint_here();
    same("limits", &limits, &ckpt_support::proc_self("limits"));
    same("memory", &vec![9; page_size()], &memory.page(last).to_vec());
    same("descriptor", &0, &raw(libc::SYS_fcntl, &[500, libc::F_GETFD as usize]));
    let queued = [(); 6].map(|()| next(signal));
    same("signals", &[1, 2, 3, 4, 5, -1], &queued);
    let anonymous = (libc::MAP_PRIVATE | libc::MAP_ANONYMOUS) as usize;
    let map = [0, MEBIBYTE, libc::PROT_READ as usize, anonymous, usize::MAX, 0];
    check(raw(libc::SYS_mmap, &map) == -1, "more memory is to be had");
}
