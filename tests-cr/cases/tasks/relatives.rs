// SPDX-License-Identifier: GPL-2.0

//! Relatives of a test program: they go through the same checkpoint, and tell by their exit code
//! whether they are as they were.

use ckpt_support::{must, wait_for_go};

/// What a child ends with if all was as it should be.
pub const FINE: i32 = 42;

/// Forks; the child ends with what `body` gives.
pub fn child(body: impl FnOnce() -> i32) -> i32 {
    // SAFETY: the child runs only the body and ends.
    let pid = must("fork", unsafe { libc::fork() });
    if pid == 0 {
        let code = body();
        // SAFETY: ends the process without what its parent has registered for exit.
        unsafe { libc::_exit(code) }
    }
    pid
}

/// A child that waits for the checkpoint and then for `check` to say that all is fine.
pub fn checked_child(check: impl FnOnce() -> bool) -> i32 {
    child(|| {
        wait_for_go();
        if check() {
            FINE
        } else {
            1
        }
    })
}

/// How a child has ended: its exit code, or the signal that ended it below zero.
pub fn end_of(pid: i32) -> i32 {
    let mut status = 0;
    // SAFETY: one int for the status.
    must("waitpid", unsafe {
        libc::waitpid(pid, &mut status, libc::__WALL)
    });
    match libc::WIFSIGNALED(status) {
        true => -libc::WTERMSIG(status),
        false => libc::WEXITSTATUS(status),
    }
}

/// A word in memory that all relatives made from here on share.
pub fn shared_word() -> &'static std::sync::atomic::AtomicU32 {
    let size = ckpt_support::page_size();
    // SAFETY: a new mapping that stays; zeros are a number.
    unsafe {
        let memory = libc::mmap(
            std::ptr::null_mut(),
            size,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        assert_ne!(memory, libc::MAP_FAILED);
        &*memory.cast()
    }
}

/// Waits until the word is at least so much.
pub fn wait_until(word: &std::sync::atomic::AtomicU32, least: u32) {
    while word.load(std::sync::atomic::Ordering::SeqCst) < least {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

/// Sleeps until the word is set: of many who wait, only one should ask for the go file.
pub fn sleep_until_set(word: &std::sync::atomic::AtomicU32) {
    while word.load(std::sync::atomic::Ordering::SeqCst) == 0 {
        ckpt_support::raw(
            libc::SYS_futex,
            &[word.as_ptr() as usize, libc::FUTEX_WAIT as usize, 0, 0],
        );
    }
}

/// Sets it, and wakes all of them.
pub fn set(word: &std::sync::atomic::AtomicU32) {
    word.store(1, std::sync::atomic::Ordering::SeqCst);
    let all = i32::MAX as usize;
    ckpt_support::raw(
        libc::SYS_futex,
        &[word.as_ptr() as usize, libc::FUTEX_WAKE as usize, all],
    );
}

/// The letter that /proc shows for a process, or for `PROCESS/task/THREAD`.
pub fn state(of: &str) -> char {
    let stat = std::fs::read_to_string(format!("/proc/{of}/stat")).expect("stat");
    let (_, fields) = stat.rsplit_once(") ").expect("a name");
    fields.chars().next().expect("a state")
}

/// The caller's number as a thread.
pub fn thread_number() -> i64 {
    ckpt_support::raw(libc::SYS_gettid, &[])
}
