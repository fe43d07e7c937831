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

/// clone3(2) for a thread that makes one system call, with an address and a size, and has no stack. If
/// that call fails, its errno goes into the last word of a report of 16 bytes, that to a descriptor,
/// and the process ends. Gives what clone3 gives to the caller.
///
/// # Safety
///
/// `clone` asks for CLONE_VM and CLONE_THREAD, and everything in it is valid. The argument of the
/// call and the report stay where they are for as long as the process lives, and nobody else uses
/// the report.
pub(crate) unsafe fn clone_into_call(
    clone: &libc::clone_args,
    (number, args, size): (u32, usize, usize),
    (fd, report): (i32, usize),
) -> isize {
    let result: isize;
    // SAFETY: the new thread starts with the registers of this one but for rax, which is zero, and
    // goes on behind the first syscall. It uses registers only, and ends in this code or leaves by
    // the call. For the caller this is a system call like any other.
    unsafe {
        asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "mov rdi, r8",
            "mov rsi, r9",
            "mov eax, r12d",
            "syscall",
            "neg eax",
            "mov dword ptr [r10 + 12], eax",
            "mov eax, {write}",
            "mov edi, r13d",
            "mov rsi, r10",
            "mov edx, 16",
            "syscall",
            "mov eax, {exit_group}",
            "mov edi, 1",
            "syscall",
            "ud2",
            "2:",
            write = const libc::SYS_write,
            exit_group = const libc::SYS_exit_group,
            inlateout("rax") libc::SYS_clone3 as isize => result,
            in("rdi") &raw const *clone,
            in("rsi") size_of::<libc::clone_args>(),
            in("r8") args,
            in("r9") size,
            in("r10") report,
            in("r12") number as usize,
            in("r13") fd as isize,
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
