// SPDX-License-Identifier: GPL-2.0

//! Fact: signals for which the queue had no room come back as a bare number, and do not take room that
//! the limit no longer gives.
//!
//! Could break: a number without an entry looks like an entry of zeros, and the limit may have been
//! lowered after the others were queued.

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, errno, must, raw, same};

const QUEUED: usize = 20;

fn take(set: u64) -> Option<libc::siginfo_t> {
    // SAFETY: a siginfo_t of zeros is one.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let now = [0u64; 2];
    let call = [
        &raw const set as usize,
        &raw mut info as usize,
        now.as_ptr() as usize,
        8,
    ];
    (raw(libc::SYS_rt_sigtimedwait, &call) > 0).then_some(info)
}

pub fn run() {
    let (full, bare) = (libc::SIGRTMIN() + 2, libc::SIGRTMIN() + 3);
    set_blocked(bit(full) | bit(bare));
    let value = |value: usize| libc::sigval {
        sival_ptr: value as *mut libc::c_void,
    };
    // SAFETY: signals go to the program itself; the limit is read.
    unsafe {
        for index in 0..QUEUED {
            let sent = libc::sigqueue(libc::getpid(), full, value(index));
            must("sigqueue", sent);
        }
        let limit = libc::rlimit {
            rlim_cur: 1,
            rlim_max: 1,
        };
        must("setrlimit", libc::setrlimit(libc::RLIMIT_SIGPENDING, &limit));
        let sent = libc::sigqueue(libc::getpid(), full, value(QUEUED));
        same("one too many", &(-1, libc::EAGAIN), &(sent, errno()));
        // Where sigqueue fails, kill leaves the number.
        must("kill", libc::kill(libc::getpid(), bare));
    }
    checkpoint_here();
    for index in 0..QUEUED {
        // SAFETY: it came with a value.
        let got = take(bit(full)).map(|info| unsafe { info.si_value().sival_ptr as usize });
        same("value", &Some(index), &got);
    }
    same("more", &true, &take(bit(full)).is_none());
    // SAFETY: these fields are there for SI_USER.
    let got = take(bit(bare)).map(|info| unsafe { (info.si_code, info.si_pid(), info.si_uid()) });
    same("the bare number", &Some((libc::SI_USER, 0, 0)), &got);
    same("more", &true, &take(bit(bare)).is_none());
}
