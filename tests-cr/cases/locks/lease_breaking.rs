// SPDX-License-Identifier: GPL-2.0

//! Fact: who sleeps in open(2) until a lease is given up goes on sleeping until then, and the lease is
//! still one that is to be given up; its holder hears of that once.
//!
//! Could break: the lease is there as if nobody had asked, or the file is opened behind its back.

use std::sync::atomic::AtomicI32;
use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::signals::handle;
use ckpt_support::{check, checkpoint_here, must, same};
use libc::{F_GETLEASE, F_RDLCK, F_SETLEASE, F_UNLCK, F_WRLCK, O_RDONLY, O_RDWR};

use super::locking::{open, wait_until_inside};
use crate::tasks::relatives::{child, end_of, FINE};

static HEARD: AtomicI32 = AtomicI32::new(0);

extern "C" fn hear(_: i32) {
    HEARD.fetch_add(1, SeqCst);
}

fn lease(fd: i32, command: i32, kind: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, command, kind) })
}

/// Opens a file in another process, which has to wait.
fn opener(name: &'static std::ffi::CStr, flags: i32) -> i32 {
    let pid = child(move || {
        // SAFETY: the path is a C string.
        match unsafe { libc::open(name.as_ptr(), flags) } {
            fd if fd >= 0 => FINE,
            _ => 1,
        }
    });
    wait_until_inside(pid, libc::SYS_openat);
    pid
}

pub fn run() {
    let patience = std::fs::read_to_string("/proc/sys/fs/lease-break-time").expect("a sysctl");
    check(patience.trim().parse::<u32>().is_ok_and(|time| time >= 45), "too little time");
    handle(libc::SIGIO, libc::SA_RESTART, hear);
    let (shared, broken) = (open("shared", O_RDWR), open("broken", O_RDWR));
    lease(shared, F_SETLEASE, F_WRLCK);
    lease(broken, F_SETLEASE, F_WRLCK);
    let reader = opener(c"shared", O_RDONLY);
    let writer = opener(c"broken", O_RDWR);
    same("heard", &2, &HEARD.load(SeqCst));
    same("is to be shared", &F_RDLCK, &lease(shared, F_GETLEASE, 0));
    same("is to be given up", &F_UNLCK, &lease(broken, F_GETLEASE, 0));

    checkpoint_here();

    same("is to be shared", &F_RDLCK, &lease(shared, F_GETLEASE, 0));
    same("is to be given up", &F_UNLCK, &lease(broken, F_GETLEASE, 0));
    wait_until_inside(reader, libc::SYS_openat);
    wait_until_inside(writer, libc::SYS_openat);
    same("heard once", &2, &HEARD.load(SeqCst));
    // SAFETY: takes no pointer.
    let early = unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::WNOHANG) };
    same("nobody has it open", &0, &early);
    // What is open for writing here has no lease to read.
    lease(shared, F_SETLEASE, F_UNLCK);
    lease(broken, F_SETLEASE, F_UNLCK);
    same("the reader", &FINE, &end_of(reader));
    same("the writer", &FINE, &end_of(writer));
}
