// SPDX-License-Identifier: GPL-2.0

//! Fact: a 64-bit program that has jumped into 32-bit code comes back there, and returns.
//!
//! Could break: what a debugger is shown of a task depends on the code that it runs at the moment;
//! the upper halves of registers are not part of it then.

use ckpt_support::{must_ptr, page_size, ready, same};

use super::compat;

std::arch::global_asm!(
    // Copied to a low page: rdi is the go byte there, rsi the stack there; returns in eax.
    ".global ckpt_compat_code, ckpt_compat_code_end",
    "ckpt_compat_code:",
    "push rbx",
    "push rbp",
    "mov rdx, rsp",
    "mov rsp, rsi",
    "push rdx",
    "lea rax, [rip + 5f]",
    "movabs r8, 0x8888888877777777",
    // The far pointer back, then the one there.
    "sub rsp, 16",
    "mov dword ptr [rsp + 8], eax",
    "mov dword ptr [rsp + 12], 0x33",
    "lea rax, [rip + 3f]",
    "mov dword ptr [rsp], eax",
    "mov dword ptr [rsp + 4], 0x23",
    ".byte 0xff, 0x2c, 0x24", // ljmp *(%rsp)
    ".code32",
    "3: mov eax, 0x7fffffff",
    "4: pause",
    "cmp byte ptr [edi], 0x31",
    "jne 4b",
    // In 64-bit code these two bytes would be a prefix: they show that this is 32-bit code.
    "inc eax",
    ".byte 0xff, 0x6c, 0x24, 0x08", // ljmp *8(%esp)
    ".code64",
    "5: add rsp, 16",
    "pop rsp",
    "mov rcx, r8",
    "shl rcx, 32",
    "or rax, rcx",
    "pop rbp",
    "pop rbx",
    "ret",
    "ckpt_compat_code_end:",
);

extern "C" {
    static ckpt_compat_code: u8;
    static ckpt_compat_code_end: u8;
}

/// The go file where 32-bit code can see it.
fn low_go() -> *const u8 {
    let path = std::env::var_os("GO").expect("the runner names the go file in GO");
    let file = std::fs::File::open(path).expect("the go file");
    // SAFETY: a new mapping, read only.
    let address = must_ptr("mmap the go file", unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            page_size(),
            libc::PROT_READ,
            libc::MAP_SHARED | libc::MAP_32BIT,
            std::os::fd::AsRawFd::as_raw_fd(&file),
            0,
        )
    });
    // SAFETY: mapped above.
    unsafe { address.read_volatile() };
    address
}

pub fn run() {
    let go = low_go();
    let page = compat::low_page();
    let start = &raw const ckpt_compat_code;
    let length = &raw const ckpt_compat_code_end as usize - start as usize;
    // SAFETY: the code fits into the page, and is a function of this type.
    let result = unsafe {
        std::ptr::copy_nonoverlapping(start, page, length);
        let code: extern "C" fn(*const u8, *mut u8) -> u64 = std::mem::transmute(page);
        ready();
        code(go, page.add(page_size()))
    };
    same(
        "eax of 32-bit code, and half of r8",
        &format!("{:#x}", 0x7777_7777_8000_0000u64),
        &format!("{result:#x}"),
    );
}
