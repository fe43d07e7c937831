// SPDX-License-Identifier: GPL-2.0

//! Whose turn it is: the program says that it is ready, the runner says go.

use std::ffi::CString;
use std::os::unix::ffi::OsStringExt;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::sys::{must, must_ptr, page_size};

fn go_path() -> CString {
    let path = std::env::var_os("GO").expect("the runner names the go file in GO");
    CString::new(path.into_vec()).expect("a path")
}

fn open_go() -> i32 {
    // SAFETY: the path is a C string.
    must("open the go file", unsafe {
        libc::open(go_path().as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC)
    })
}

/// The state is set up: a checkpoint may come at any moment.
pub fn ready() {
    println!("ready");
}

/// The next thing that the program does is `syscall`: the checkpoint shall find it there.
pub fn ready_inside(syscall: i64) {
    println!("ready inside {syscall}");
}

/// Likewise, and the call ends by itself: see `waits`.
pub fn ready_inside_for_a_while(syscall: i64) {
    println!("ready inside {syscall} for a while");
}

/// Such a call has ended: it is too late for a first checkpoint.
pub fn over() {
    println!("over");
}

/// Likewise, and only `signal`, sent by the runner after the last restart, ends the call.
pub fn ready_inside_until_signal(syscall: i64, signal: i32) {
    println!("ready inside {syscall} then signal {signal}");
}

/// The next thing that the program does is `syscall`; a freeze ends it.
pub fn ready_inside_once(syscall: i64) {
    println!("ready inside {syscall} once");
}

/// The next thing that the program does is `syscall`; it gets `signal` while it is frozen in there.
pub fn ready_signalled_inside(syscall: i64, signal: i32) {
    println!("ready inside {syscall} frozen signal {signal}");
}

/// Likewise, the call goes on, and `last` ends it.
pub fn ready_signalled_inside_until_signal(syscall: i64, signal: i32, last: i32) {
    println!("ready inside {syscall} frozen signal {signal} then signal {last}");
}

/// The program stops itself next (SIGSTOP); the runner continues it in the end.
pub fn ready_stopped() {
    println!("ready stopped");
}

/// A timer may send this signal while the program is frozen.
pub fn may_fire(signal: i32) {
    println!("may fire {signal}");
}

/// The next thing that the program does is `syscall`; the runner stops it there (SIGSTOP), and
/// continues it in the end.
pub fn ready_stopped_inside(syscall: i64) {
    println!("ready inside {syscall} stopped");
}

/// Has the go file been written to since the runner made it? It makes it long ago.
fn go_has_changed() -> bool {
    const LONG_AGO: i64 = 1_000_000_000;
    // SAFETY: the path is a C string; fills one struct, for which zeros are a value.
    unsafe {
        let mut found: libc::stat = std::mem::zeroed();
        must(
            "stat the go file",
            libc::stat(go_path().as_ptr(), &mut found),
        );
        found.st_mtime != LONG_AGO
    }
}

fn go_says_go() -> bool {
    let fd = open_go();
    let mut byte = 0u8;
    // SAFETY: one byte into one byte.
    must("read the go file", unsafe {
        libc::read(fd, (&raw mut byte).cast(), 1)
    });
    // SAFETY: ours, and closed once.
    unsafe { libc::close(fd) };
    byte == b'1'
}

/// Whether the runner has said go, for a program that has other things to do than to wait for that.
pub fn was_told_go() -> bool {
    go_has_changed() && go_says_go()
}

/// Sleeps until the runner says go. The file is not opened before: a checkpoint would find it open,
/// and the restart would find it changed.
pub fn wait_for_go() {
    loop {
        if was_told_go() {
            return;
        }
        let pause = libc::timespec {
            tv_sec: 0,
            tv_nsec: 20_000_000,
        };
        // SAFETY: reads one timespec.
        unsafe { libc::nanosleep(&pause, std::ptr::null_mut()) };
    }
}

/// Whether there was a checkpoint at all (or this is the control run without one).
pub fn was_checkpointed() -> bool {
    std::env::var_os("MODE").is_some_and(|mode| mode != "baseline")
}

/// Whether the machine was another one, or has been restarted, since: what the kernel keeps for
/// everybody is gone.
pub fn survived_reboot() -> bool {
    std::env::var_os("MODE").is_some_and(|mode| mode == "save")
}

/// The checkpoint comes while the program sleeps in here.
pub fn checkpoint_here() {
    ready();
    wait_for_go();
}

/// The go file as a byte in memory, for programs that must not enter the kernel while they wait.
pub struct GoFlag(*const AtomicU8);

impl GoFlag {
    /// Maps the go file.
    pub fn map() -> Self {
        let fd = open_go();
        // SAFETY: a new mapping, read only.
        let address = must_ptr("mmap the go file", unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                page_size(),
                libc::PROT_READ,
                libc::MAP_SHARED,
                fd,
                0,
            )
        });
        // SAFETY: ours, and closed once.
        unsafe { libc::close(fd) };
        // Present from now on: waiting takes no page fault.
        // SAFETY: mapped above and never unmapped.
        unsafe { std::ptr::read_volatile(address) };
        Self(address.cast_const().cast())
    }

    /// Where the byte is; `1` means go.
    pub fn address(&self) -> *const u8 {
        self.0.cast()
    }

    /// Whether the runner has said go.
    pub fn is_set(&self) -> bool {
        // SAFETY: mapped as long as the program lives.
        unsafe { (*self.0).load(Ordering::Relaxed) == b'1' }
    }
}
