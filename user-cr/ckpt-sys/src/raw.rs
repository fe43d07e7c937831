// SPDX-License-Identifier: GPL-2.0

//! System calls as the processor makes them: no errno, no thread-local storage, no allocation.

#![allow(unsafe_code)]

use std::arch::asm;
use std::io;

/// Makes a system call; gives what the kernel gives: a result, or a negative errno.
///
/// # Safety
///
/// The caller answers for what this call with these arguments does to memory, descriptors and
/// control flow, as for any foreign function.
#[inline(always)]
pub(crate) unsafe fn call(number: libc::c_long, args: [usize; 6]) -> isize {
    let result: isize;
    // SAFETY: this is the kernel's calling convention for x86-64: number in rax, arguments in these
    // six registers, result in rax; the instruction itself changes rcx and r11 and nothing else.
    // What the call does is the caller's promise.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number as isize => result,
            in("rdi") args[0],
            in("rsi") args[1],
            in("rdx") args[2],
            in("r10") args[3],
            in("r8") args[4],
            in("r9") args[5],
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result
}

/// A kernel result as Rust has it.
pub(crate) fn checked(result: isize) -> io::Result<usize> {
    usize::try_from(result).map_err(|_| io::Error::from_raw_os_error(-result as i32))
}
