// SPDX-License-Identifier: GPL-2.0

//! What 64-bit facts about 32-bit system calls and code share.

use ckpt_support::{must_ptr, page_size};

/// A page that 32-bit code can reach, with all rights.
pub fn low_page() -> *mut u8 {
    let all = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_32BIT;
    // SAFETY: a new mapping.
    must_ptr("mmap", unsafe {
        libc::mmap(std::ptr::null_mut(), page_size(), all, flags, -1, 0)
    })
}

/// A system call of 32-bit programs.
pub fn call(number: u32, arguments: [usize; 3]) -> i32 {
    let result: i32;
    let [first, second, third] = arguments;
    // SAFETY: the caller passes what the call wants. rbx belongs to the compiler.
    unsafe {
        std::arch::asm!(
            "xchg rbx, {first}",
            "int 0x80",
            "xchg rbx, {first}",
            first = inout(reg) first => _,
            inlateout("eax") number => result,
            in("ecx") second as u32,
            in("edx") third as u32,
            out("r8") _,
            out("r9") _,
            out("r10") _,
            out("r11") _,
        );
    }
    result
}
