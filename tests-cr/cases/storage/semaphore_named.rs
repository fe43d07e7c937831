// SPDX-License-Identifier: GPL-2.0

//! Fact: a named semaphore goes on counting, and is the one of that name, also when the machine was off in
//! between.
//!
//! Could break: sem_open(3) maps a file on tmpfs by a name that it takes away, and gives it another.

use std::ffi::CString;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, link_of, must, same};

fn value(semaphore: *mut libc::sem_t) -> i32 {
    let mut value = -1;
    // SAFETY: it is open; the value is ours.
    must("sem_getvalue", unsafe { libc::sem_getvalue(semaphore, &raw mut value) });
    value
}

pub fn run() {
    let name = format!("fact-{}", std::process::id());
    let called = CString::new(format!("/{name}")).expect("name");
    let path = format!("/dev/shm/sem.{name}");
    // SAFETY: a C string, and what O_CREAT asks for.
    let made = unsafe { libc::sem_open(called.as_ptr(), libc::O_CREAT | libc::O_EXCL, 0o600, 3) };
    assert!(made != libc::SEM_FAILED, "sem_open");
    // SAFETY: it is open.
    must("sem_wait", unsafe { libc::sem_wait(made) });
    let named = std::fs::File::open(&path).expect("by its name");
    let link = link_of(named.as_raw_fd());
    checkpoint_here();
    same("its value", &2, &value(made));
    same("the link of who has it by its name", &link, &link_of(named.as_raw_fd()));
    // SAFETY: a C string.
    let found = unsafe { libc::sem_open(called.as_ptr(), 0) };
    assert!(found != libc::SEM_FAILED, "sem_open by its name");
    // SAFETY: it is open.
    must("sem_post", unsafe { libc::sem_post(found) });
    same("what is posted by its name", &3, &value(made));
    let mut count = [0; 4];
    std::os::unix::fs::FileExt::read_exact_at(&named, &mut count, 0).expect("read");
    same("what is in the file", &3, &i32::from_ne_bytes(count));
    // SAFETY: a C string.
    must("sem_unlink", unsafe { libc::sem_unlink(called.as_ptr()) });
}
