// SPDX-License-Identifier: GPL-2.0

//! Fact: a program that handles its own page faults (SIGSEGV) still does after a restart, and is
//! told the right address.
//!
//! Could break: protections must be exact for the fault to come, and siginfo must be the fault's.

use std::sync::atomic::{AtomicUsize, Ordering};

use ckpt_support::{anonymous, checkpoint_here, must, page_size, same};

static FAULT: AtomicUsize = AtomicUsize::new(0);

extern "C" fn open_up(_: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the kernel gives a siginfo; the page is ours.
    unsafe {
        let address = (*info).si_addr();
        FAULT.store(address as usize, Ordering::Relaxed);
        let page = (address as usize & !(page_size() - 1)) as *mut libc::c_void;
        libc::mprotect(page, page_size(), libc::PROT_READ | libc::PROT_WRITE);
    }
}

pub fn run() {
    let memory = anonymous(2 * page_size());
    memory.page(1)[8] = 1;
    memory.protect(1, 1, libc::PROT_READ);
    // SAFETY: the handler makes the page writable, and the store is done again.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction =
            open_up as extern "C" fn(i32, *mut libc::siginfo_t, *mut libc::c_void) as usize;
        action.sa_flags = libc::SA_SIGINFO;
        must(
            "sigaction",
            libc::sigaction(libc::SIGSEGV, &action, std::ptr::null_mut()),
        );
        checkpoint_here();
        let target = memory.pointer().cast::<u8>().add(page_size() + 8);
        target.write_volatile(target.read_volatile() + 1);
        same(
            "address of the fault",
            &(target as usize),
            &FAULT.load(Ordering::Relaxed),
        );
        same("content", &2, &target.read_volatile());
    }
}
