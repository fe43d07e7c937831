// SPDX-License-Identifier: GPL-2.0

//! Fact: more than a thousand queued signals come back, from both queues, each in its order.
//!
//! Could break: time or memory that grows faster than the queue; one queue poured into the other.

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, must, raw, same};

const EACH: u64 = 600;

/// siginfo_t as the kernel has it, with what a sender may attach.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct Info {
    number: i32,
    errno: i32,
    code: i32,
    pad: i32,
    pid: i32,
    uid: u32,
    value: u64,
    rest: [u64; 12],
}

fn info(signal: i32, value: u64) -> Info {
    Info {
        number: signal,
        errno: 0,
        code: libc::SI_QUEUE,
        pad: 0,
        pid: 4711,
        uid: 1234,
        value,
        rest: [0; 12],
    }
}

/// Queues count for the user, whose others run beside this one.
fn be_unlimited() {
    let limit = libc::rlimit {
        rlim_cur: libc::RLIM_INFINITY,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: reads a limit.
    must("setrlimit", unsafe {
        libc::setrlimit(libc::RLIMIT_SIGPENDING, &limit)
    });
}

pub fn run() {
    be_unlimited();
    let signals = [libc::SIGRTMIN() + 4, libc::SIGRTMIN() + 5];
    set_blocked(bit(signals[0]) | bit(signals[1]));
    // SAFETY: takes no pointer.
    let (pid, tid) = unsafe { (libc::getpid() as usize, libc::gettid() as usize) };
    let order = |value: u64| signals[(value % 3 == 0) as usize];
    for value in 0..EACH {
        let signal = order(value);
        let one = info(signal, value);
        let call = [pid, signal as usize, &raw const one as usize];
        let sent = raw(libc::SYS_rt_sigqueueinfo, &call);
        must("rt_sigqueueinfo", sent);
        let other = info(signal, value + 100_000);
        let call = [pid, tid, signal as usize, &raw const other as usize];
        must("rt_tgsigqueueinfo", raw(libc::SYS_rt_tgsigqueueinfo, &call));
    }
    checkpoint_here();
    for signal in signals {
        // The thread's own come first.
        for base in [100_000, 0] {
            for value in (0..EACH).filter(|value| order(*value) == signal) {
                let (set, now) = (bit(signal), [0u64; 2]);
                let mut got = info(0, 0);
                let call = [
                    &raw const set as usize,
                    &raw mut got as usize,
                    now.as_ptr() as usize,
                    8,
                ];
                raw(libc::SYS_rt_sigtimedwait, &call);
                same("siginfo", &info(signal, base + value), &got);
            }
        }
    }
    same("left", &0, &ckpt_support::signals::pending());
}
