// SPDX-License-Identifier: GPL-2.0

//! Fact: tasks that share descriptors, directories, signal actions or memory without being threads
//! of one process share them again, and those that have copies have copies.
//!
//! Could break: each gets its own.

use std::fs::File;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, must, same, wait_for_go};

use super::relatives::{end_of, FINE};

fn clone(flags: i32) -> i64 {
    // SAFETY: without CLONE_VM as fork(2).
    unsafe { libc::syscall(libc::SYS_clone, flags | libc::SIGCHLD, 0, 0, 0, 0) }
}

fn child(flags: i32, body: impl FnOnce() -> i32) -> i32 {
    let pid = must("clone", clone(flags) as i32);
    if pid == 0 {
        let code = body();
        // SAFETY: ends the process.
        unsafe { libc::_exit(code) }
    }
    pid
}

/// The last descriptor that a sharer opens is seen by the others.
fn is_open(fd: i32) -> bool {
    // SAFETY: takes no address.
    unsafe { libc::fcntl(fd, libc::F_GETFD) >= 0 }
}

static mut WORD: i32 = 0;

pub fn run() {
    std::fs::create_dir("a").expect("a directory");
    let with_files = child(libc::CLONE_FILES, || {
        wait_for_go();
        let file = File::open("/dev/null").expect("null");
        // SAFETY: takes no address.
        must("dup2", unsafe { libc::dup2(file.as_raw_fd(), 77) });
        FINE
    });
    let with_copy = child(0, || {
        wait_for_go();
        let file = File::open("/dev/null").expect("null");
        // SAFETY: takes no address.
        must("dup2", unsafe { libc::dup2(file.as_raw_fd(), 78) });
        FINE
    });
    let with_directory = child(libc::CLONE_FS, || {
        wait_for_go();
        std::env::set_current_dir("a").expect("a directory");
        // SAFETY: takes no address.
        unsafe { libc::umask(0o17) };
        FINE
    });
    let with_all = with_memory();
    checkpoint_here();
    for (name, pid) in [
        ("files", with_files),
        ("a copy", with_copy),
        ("a directory", with_directory),
        ("memory", with_all),
    ] {
        same(name, &FINE, &end_of(pid));
    }
    same("descriptors are shared", &true, &is_open(77));
    same("a copy is not", &false, &is_open(78));
    let here = std::env::current_dir().expect("a directory");
    same("directory is shared", &Some("a".as_ref()), &here.file_name());
    // SAFETY: takes no address.
    same("umask is shared", &0o17, &unsafe { libc::umask(0) });
    // SAFETY: nobody else writes by now.
    same("memory is shared", &4711, &unsafe { (&raw const WORD).read_volatile() });
    let score = std::fs::read_to_string("/proc/self/oom_score_adj").expect("a score");
    same("and so is its oom score", &"123\n".to_owned(), &score);
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: one action to be filled.
    unsafe { libc::sigaction(libc::SIGUSR2, std::ptr::null(), &mut action) };
    same("actions are shared", &libc::SIG_IGN, &action.sa_sigaction);
}

/// A process of its own in the same memory, with the same actions.
fn with_memory() -> i32 {
    extern "C" fn body(_: *mut libc::c_void) -> i32 {
        // No allocation, no thread-local storage: those are the first task's.
        // SAFETY: raw calls on constant addresses.
        unsafe {
            let path = libc::getenv(c"GO".as_ptr());
            loop {
                let fd = libc::syscall(libc::SYS_open, path, libc::O_RDONLY);
                let mut byte = 0u8;
                libc::syscall(libc::SYS_read, fd, &raw mut byte, 1);
                libc::syscall(libc::SYS_close, fd);
                if byte == b'1' {
                    break;
                }
                let pause = [0i64, 20_000_000];
                libc::syscall(libc::SYS_nanosleep, &raw const pause, 0);
            }
            (&raw mut WORD).write_volatile(4711);
            // Whoever has the same memory is as likely to be killed for it.
            let score = c"/proc/self/oom_score_adj".as_ptr();
            let fd = libc::syscall(libc::SYS_open, score, libc::O_WRONLY);
            libc::syscall(libc::SYS_write, fd, c"123".as_ptr(), 3);
            let action = [libc::SIG_IGN as u64, 0, 0, 0];
            libc::syscall(libc::SYS_rt_sigaction, libc::SIGUSR2, &raw const action, 0, 8);
            libc::syscall(libc::SYS_exit, FINE);
        }
        0
    }
    let stack = vec![0u8; 256 * 1024].leak();
    let top = stack.as_mut_ptr_range().end;
    let flags = libc::CLONE_VM | libc::CLONE_SIGHAND | libc::SIGCHLD;
    // SAFETY: the stack is the new task's for ever.
    must("clone", unsafe {
        libc::clone(body, top.cast(), flags, std::ptr::null_mut())
    })
}
