// SPDX-License-Identifier: GPL-2.0

//! Fact: whatever kind of siginfo a queued signal has, its handler gets every byte of it: faults with
//! their address, bounds or key, SIGSYS, SIGIO, SIGCHLD, perf traps, and codes that nobody knows.
//!
//! Could break: a kernel that sends the signals again would translate or drop what it does not expect.

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, must, raw, same};

/// si_signo, si_errno, si_code; the kernel's own length is 48 bytes.
type Raw = [u32; 32];

fn siginfo(signal: i32, code: i32) -> Raw {
    let mut info = [0u32; 32];
    info[0] = signal as u32;
    info[1] = 7;
    info[2] = code as u32;
    for (index, word) in info[4..12].iter_mut().enumerate() {
        *word = 0x1122_3300 + (index as u32) * 0x0101_0101;
    }
    info
}

pub fn run() {
    let kinds = [
        (libc::SIGSEGV, 1),           // SEGV_MAPERR: si_addr
        (libc::SIGILL, 2),            // ILL_ILLOPN
        (libc::SIGFPE, 1),            // FPE_INTDIV
        (libc::SIGBUS, 4),            // BUS_MCEERR_AR: si_addr_lsb
        (libc::SIGTRAP, 6),           // TRAP_PERF: si_perf_data
        (libc::SIGSYS, 1),            // SYS_SECCOMP: si_call_addr, si_syscall, si_arch
        (libc::SIGIO, 1),             // POLL_IN: si_band, si_fd
        (libc::SIGCHLD, 1),           // CLD_EXITED: si_status, si_utime
        (libc::SIGUSR1, 0),           // SI_USER
        (libc::SIGUSR2, -6),          // SI_TKILL
        (libc::SIGHUP, 0x80),         // SI_KERNEL
        (libc::SIGQUIT, -60),         // SI_ASYNCNL
        (libc::SIGURG, -12345),       // nobody's
        (libc::SIGRTMIN() + 1, -5),   // SI_SIGIO
        (libc::SIGRTMIN() + 2, -2),   // SI_TIMER, without a timer
        (libc::SIGRTMIN() + 3, -3),   // SI_MESGQ
        (libc::SIGRTMIN() + 4, 3),    // SEGV_BNDERR, of another signal
    ];
    set_blocked(!0);
    // SAFETY: takes no pointer.
    let pid = unsafe { libc::getpid() } as usize;
    for (signal, code) in kinds {
        let info = siginfo(signal, code);
        let call = [pid, signal as usize, info.as_ptr() as usize];
        must("rt_sigqueueinfo", raw(libc::SYS_rt_sigqueueinfo, &call));
    }
    // The same fault again, of the thread: a protection key.
    let info = siginfo(libc::SIGSEGV, 4);
    let call = [pid, pid, libc::SIGSEGV as usize, info.as_ptr() as usize];
    must("rt_tgsigqueueinfo", raw(libc::SYS_rt_tgsigqueueinfo, &call));
    checkpoint_here();
    let take = |signal: i32| {
        let (set, now) = (bit(signal), [0u64; 2]);
        let mut info: Raw = [0; 32];
        let call = [
            &raw const set as usize,
            info.as_mut_ptr() as usize,
            now.as_ptr() as usize,
            8,
        ];
        raw(libc::SYS_rt_sigtimedwait, &call);
        info
    };
    same("the thread's", &siginfo(libc::SIGSEGV, 4), &take(libc::SIGSEGV));
    for (signal, code) in kinds {
        let name = format!("signal {signal}, code {code}");
        same(&name, &siginfo(signal, code), &take(signal));
    }
    same("left", &0, &ckpt_support::signals::pending());
}
