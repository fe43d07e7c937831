// SPDX-License-Identifier: GPL-2.0

//! Fact: leases are held again: by whom, of which type, and who hears of it when they are broken.
//!
//! Could break: somebody opens the file and the holder does not hear of it.

use ckpt_support::{check, checkpoint_here, must, same};
use libc::{F_GETLEASE, F_RDLCK, F_SETLEASE, F_UNLCK, F_WRLCK, O_NONBLOCK, O_RDONLY, O_RDWR};

use super::locking::{open, shown};
use crate::tasks::relatives::{child, end_of, FINE};

/// A number of fcntl(2) that libc lacks.
const F_SETSIG: i32 = 10;

fn fcntl(fd: i32, command: i32, value: i32) -> i32 {
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, command, value) })
}

/// Tries to open a file in another process, without waiting.
fn opens(name: &'static std::ffi::CStr, flags: i32) -> bool {
    // SAFETY: the path is a C string.
    let code = move || match unsafe { libc::open(name.as_ptr(), flags | O_NONBLOCK) } {
        fd if fd >= 0 => FINE,
        _ => 1,
    };
    end_of(child(code)) == FINE
}

/// The signal that is there by now: its number, and the descriptor that it is about.
fn signal(wanted: i32) -> (i32, i32) {
    // SAFETY: zeros are a value of both; pointers to both.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, wanted);
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let none = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        let got = libc::sigtimedwait(&set, &mut info, &none);
        // Behind three numbers and a gap: the band, and the descriptor.
        let fd = (&raw const info).cast::<i32>().add(6).read();
        (got, fd)
    }
}

pub fn run() {
    let quick = libc::SIGRTMIN() + 3;
    // SAFETY: zeros are a value of a set.
    unsafe {
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, quick);
        libc::sigaddset(&mut set, libc::SIGIO);
        libc::sigprocmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
    }
    for name in ["written", "read", "plain"] {
        std::fs::write(name, b"").expect("a file");
    }
    let written = open("written", O_RDWR);
    let read = open("read", O_RDONLY);
    let plain = open("plain", O_RDONLY);
    let second = open("plain", O_RDONLY);
    fcntl(written, F_SETSIG, quick);
    fcntl(written, F_SETLEASE, F_WRLCK);
    fcntl(read, F_SETLEASE, F_RDLCK);
    fcntl(plain, F_SETLEASE, F_RDLCK);
    fcntl(second, F_SETLEASE, F_RDLCK);
    let before = [written, read, plain, second].map(shown);
    check(before.iter().all(|lines| lines.len() == 1), "nothing is shown");

    checkpoint_here();

    same("what is shown", &before, &[written, read, plain, second].map(shown));
    same("to write", &F_WRLCK, &fcntl(written, F_GETLEASE, 0));
    same("to read", &F_RDLCK, &fcntl(read, F_GETLEASE, 0));
    same("nothing yet", &-1, &signal(quick).0);
    check(!opens(c"written", O_RDWR), "a lease to write is no lease");
    same("with its signal", &(quick, written), &signal(quick));
    same("to be given up", &F_UNLCK, &fcntl(written, F_GETLEASE, 0));
    fcntl(written, F_SETLEASE, F_UNLCK);
    check(opens(c"written", O_RDWR), "it was given up");
    check(opens(c"read", O_RDONLY), "reading is no conflict");
    same("nothing yet", &-1, &signal(libc::SIGIO).0);
    check(!opens(c"plain", O_RDWR), "a lease to read is no lease");
    same("without a signal of its own", &libc::SIGIO, &signal(libc::SIGIO).0);
    same("both", &F_UNLCK, &fcntl(second, F_GETLEASE, 0));
}
