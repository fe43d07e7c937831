// SPDX-License-Identifier: GPL-2.0

//! What the facts about seccomp share: small filters, and children that break them.

use ckpt_support::{must, raw};

const LOAD_NUMBER: libc::sock_filter = instruction(0x20, 0, 0, 0);

const fn instruction(code: u16, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code, jt, jf, k }
}

/// Installs a filter that gives `action` for one system call and allows the others. Returns what
/// seccomp(2) returns.
pub fn install(call: i64, action: u32, flags: u64) -> i64 {
    let mut program = [
        LOAD_NUMBER,
        instruction(0x15, 0, 1, call as u32),
        instruction(0x06, 0, 0, action),
        instruction(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let filter = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    let set_filter = libc::SECCOMP_SET_MODE_FILTER as usize;
    let call = [set_filter, flags as usize, &raw const filter as usize];
    must("seccomp", raw(libc::SYS_seccomp, &call))
}

/// "Fail with this error."
pub fn error(number: i32) -> u32 {
    libc::SECCOMP_RET_ERRNO | number as u32
}

/// The error of a system call without arguments, or zero.
pub fn error_of(call: i64) -> i32 {
    match raw(call, &[]) {
        -1 => ckpt_support::errno(),
        _ => 0,
    }
}

/// The signal that ends a child which makes this system call, or zero.
pub fn signal_of_child(call: i64) -> i32 {
    // SAFETY: the child makes system calls only.
    unsafe {
        let child = must("fork", libc::fork());
        if child == 0 {
            raw(call, &[]);
            libc::_exit(0);
        }
        let mut status = 0;
        must("waitpid", libc::waitpid(child, &mut status, 0));
        if libc::WIFSIGNALED(status) {
            libc::WTERMSIG(status)
        } else {
            0
        }
    }
}
