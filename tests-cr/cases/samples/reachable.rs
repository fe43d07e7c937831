// SPDX-License-Identifier: GPL-2.0

//! A program that others can reach: by a signal, a socket and a FIFO that have names. Timers of its own fire
//! all the time.

use ckpt_support::pipes::{mkfifo, open, read};
use ckpt_support::signals::{handle, note_signal, signal_seen};
use ckpt_support::{checkpoint_here, must, same, unix};

use crate::tasks::relatives::{child, end_of};

extern "C" fn ignore(_: i32) {}

fn start_timers() {
    let often = libc::timeval {
        tv_sec: 0,
        tv_usec: 5_000,
    };
    let interval = libc::itimerval {
        it_interval: often,
        it_value: often,
    };
    let often = libc::timespec {
        tv_sec: 0,
        tv_nsec: 5_000_000,
    };
    let period = libc::itimerspec {
        it_interval: often,
        it_value: often,
    };
    handle(libc::SIGALRM, libc::SA_RESTART, ignore);
    handle(libc::SIGRTMIN(), libc::SA_RESTART, ignore);
    // SAFETY: an event and a timer of ours, which the calls read; no old value is asked for.
    unsafe {
        must(
            "setitimer",
            libc::setitimer(libc::ITIMER_REAL, &interval, std::ptr::null_mut()),
        );
        let mut event: libc::sigevent = std::mem::zeroed();
        event.sigev_notify = libc::SIGEV_SIGNAL;
        event.sigev_signo = libc::SIGRTMIN();
        let mut timer = std::mem::zeroed();
        must(
            "timer_create",
            libc::timer_create(libc::CLOCK_MONOTONIC, &mut event, &mut timer),
        );
        must(
            "timer_settime",
            libc::timer_settime(timer, 0, &period, std::ptr::null_mut()),
        );
    }
}

/// Has got one of each in the end.
pub fn run() {
    let socket = unix::socket(libc::SOCK_DGRAM);
    unix::bind(socket, b"inbox").expect("bind");
    mkfifo(c"fifo", 0o600);
    let fifo = open(c"fifo", libc::O_RDWR);
    note_signal(libc::SIGUSR1);
    let child = child(|| loop {
        // SAFETY: takes no pointer.
        unsafe { libc::pause() };
    });
    start_timers();
    checkpoint_here();
    same("signal", &libc::SIGUSR1, &signal_seen());
    same(
        "datagram",
        &Ok(b"datagram".to_vec()),
        &unix::receive(socket, 20, libc::MSG_DONTWAIT),
    );
    same("its end", &-libc::SIGKILL, &end_of(child));
    same("byte", &Ok(b"x".to_vec()), &read(fifo, 9));
}
