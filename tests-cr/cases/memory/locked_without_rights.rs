// SPDX-License-Identifier: GPL-2.0

//! Fact: memory that was locked as root stays locked in a process that may no longer lock.
//!
//! Could break: the limit of the process would not allow it, and the process has no right to pass
//! over it.

use ckpt_support::{anonymous, check, checkpoint_here, errno, must, page_size};

pub fn run() {
    let memory = anonymous(16 * page_size());
    memory.page(3).fill(b'l');
    let limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: our own memory, one limit, no other pointer.
    unsafe {
        must("mlock", libc::mlock(memory.pointer(), 16 * page_size()));
        must("setrlimit", libc::setrlimit(libc::RLIMIT_MEMLOCK, &limit));
        must("setgid", libc::setresgid(1000, 1000, 1000));
        must("setuid", libc::setresuid(1000, 1000, 1000));
    }
    checkpoint_here();
    check(memory.page(3)[1] == b'l', "the content differs");
    let mut resident = [0u8; 16];
    // SAFETY: sixteen pages, sixteen bytes; our own memory.
    unsafe {
        must("mincore", libc::mincore(memory.pointer(), 16 * page_size(), resident.as_mut_ptr()));
        check(resident.iter().all(|page| page & 1 == 1), "locked memory is not resident");
        must("munlock", libc::munlock(memory.pointer(), page_size()));
        check(libc::mlock(memory.pointer(), page_size()) == -1, "it may lock again");
        check(errno() == libc::EPERM || errno() == libc::ENOMEM, "for another reason");
    }
}
