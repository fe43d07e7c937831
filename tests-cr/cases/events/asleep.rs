// SPDX-License-Identifier: GPL-2.0

//! Fact: whoever sleeps on an event file goes on sleeping, in whatever call, and wakes when the event
//! comes: in a read of a counter, a timer or a signalfd, in a write to a full counter, in poll, ppoll,
//! select, and in each way to wait for an epoll, with a timeout, with a mask, without.
//!
//! Could break: nobody tells the one who has come back; or the call ends with EINTR.

use std::os::fd::RawFd;
use std::ptr::null_mut;

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, check, must, raw, same};

use super::tools::{
    add, counter, epoll, lives, next_signal, queue, signalfd, take, wait_until_inside, watch,
    EDGE, EXCLUSIVE, IN,
};
use crate::tasks::relatives::{child, end_of, FINE};

const FULL: u64 = u64::MAX - 1;
const LONG: i32 = 100_000_000;

/// Sleeps in a call, and what wakes it up.
struct Sleeper {
    name: &'static str,
    pid: i32,
    wake: Wake,
}

enum Wake {
    Add(RawFd),
    Take(RawFd),
    Signal(i32),
    Timer(RawFd),
}

fn sleeper(name: &'static str, number: i64, wake: Wake, body: impl FnOnce() -> bool) -> Sleeper {
    let pid = child(|| if body() { FINE } else { 1 });
    wait_until_inside(pid, number);
    Sleeper { name, pid, wake }
}

fn poll(fd: RawFd) -> bool {
    let mut one = libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    // The call itself: a library may take another.
    let call = [&raw mut one as usize, 1, LONG as usize];
    raw(libc::SYS_poll, &call) == 1 && one.revents == libc::POLLIN
}

fn ppoll(fd: RawFd) -> bool {
    let mut one = libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    let call = [&raw mut one as usize, 1, 0, 0, 8];
    raw(libc::SYS_ppoll, &call) == 1
}

fn select(fd: RawFd) -> bool {
    // SAFETY: a set of descriptors, and no other pointers.
    unsafe {
        let mut set: libc::fd_set = std::mem::zeroed();
        libc::FD_SET(fd, &mut set);
        let set = &raw mut set as usize;
        raw(libc::SYS_select, &[fd as usize + 1, set, 0, 0, 0]) == 1
    }
}

fn timer() -> RawFd {
    // SAFETY: takes no pointer.
    must("timerfd_create", unsafe {
        libc::timerfd_create(libc::CLOCK_MONOTONIC, 0)
    })
}

fn wake(wake: &Wake, pid: i32) {
    match wake {
        Wake::Add(fd) => same("add", &Ok(8), &add(*fd, 1)),
        Wake::Take(fd) => same("take", &Ok(FULL), &take(*fd)),
        Wake::Signal(signal) => queue(pid, *signal, 7),
        Wake::Timer(fd) => {
            // SAFETY: zeros are a setting.
            let mut soon: libc::itimerspec = unsafe { std::mem::zeroed() };
            soon.it_value.tv_nsec = 1;
            // SAFETY: reads one setting.
            must("timerfd_settime", unsafe {
                libc::timerfd_settime(*fd, 0, &soon, null_mut())
            });
        }
    }
}

pub fn run() {
    set_blocked(bit(libc::SIGUSR1) | bit(libc::SIGUSR2));
    let mut sleepers = Vec::new();

    let fd = counter(0, 0);
    let body = move || take(fd) == Ok(1);
    sleepers.push(sleeper("read", libc::SYS_read, Wake::Add(fd), body));
    let ones = counter(0, libc::EFD_SEMAPHORE);
    for name in ["one reader", "another reader"] {
        let body = move || take(ones) == Ok(1);
        sleepers.push(sleeper(name, libc::SYS_read, Wake::Add(ones), body));
    }
    let full = counter(0, 0);
    same("fill", &Ok(8), &add(full, FULL));
    let body = move || add(full, 5) == Ok(8);
    sleepers.push(sleeper("write", libc::SYS_write, Wake::Take(full), body));
    let fd = timer();
    let body = move || take(fd) == Ok(1);
    sleepers.push(sleeper("timer", libc::SYS_read, Wake::Timer(fd), body));
    let fd = signalfd(-1, bit(libc::SIGUSR1), 0);
    let body = move || next_signal(fd).is_ok_and(|(number, ..)| number == libc::SIGUSR1 as u32);
    let by_signal = || Wake::Signal(libc::SIGUSR1);
    sleepers.push(sleeper("signalfd", libc::SYS_read, by_signal(), body));
    let body = move || poll(fd);
    sleepers.push(sleeper("poll signalfd", libc::SYS_poll, by_signal(), body));

    let fd = counter(0, 0);
    sleepers.push(sleeper("poll", libc::SYS_poll, Wake::Add(fd), move || poll(fd)));
    let fd = counter(0, 0);
    sleepers.push(sleeper("ppoll", libc::SYS_ppoll, Wake::Add(fd), move || ppoll(fd)));
    let fd = timer();
    sleepers.push(sleeper("select", libc::SYS_select, Wake::Timer(fd), move || select(fd)));

    let fd = counter(0, 0);
    let one = epoll();
    watch(one, fd, IN, 1);
    let body = move || raw(libc::SYS_epoll_wait, &events(one, -1)) == 1;
    sleepers.push(sleeper("epoll_wait", libc::SYS_epoll_wait, Wake::Add(fd), body));
    let fd = counter(0, 0);
    let one = epoll();
    watch(one, fd, IN | EDGE, 1);
    let body = move || raw(libc::SYS_epoll_wait, &events(one, LONG)) == 1;
    sleepers.push(sleeper("with timeout", libc::SYS_epoll_wait, Wake::Add(fd), body));
    let fd = timer();
    let one = epoll();
    watch(one, fd, IN | EXCLUSIVE, 1);
    let body = move || {
        let mask = [bit(libc::SIGHUP)];
        let mut call = events(one, LONG).to_vec();
        call.extend([mask.as_ptr() as usize, 8]);
        raw(libc::SYS_epoll_pwait, &call) == 1
    };
    sleepers.push(sleeper("epoll_pwait", libc::SYS_epoll_pwait, Wake::Timer(fd), body));
    let fd = counter(0, 0);
    let (one, outer) = (epoll(), epoll());
    watch(one, fd, IN, 1);
    watch(outer, one, IN, 2);
    let body = move || {
        let time = libc::timespec {
            tv_sec: 1_000_000,
            tv_nsec: 0,
        };
        let mut call = events(outer, 0);
        call[3] = &raw const time as usize;
        raw(libc::SYS_epoll_pwait2, &call) == 1
    };
    sleepers.push(sleeper("epoll_pwait2", libc::SYS_epoll_pwait2, Wake::Add(fd), body));
    let fd = counter(0, 0);
    let one = epoll();
    watch(one, fd, IN, 1);
    sleepers.push(sleeper("poll epoll", libc::SYS_poll, Wake::Add(fd), move || poll(one)));
    // The child adds its own signals: nobody else's wake it.
    let body = || {
        let (one, fd) = (epoll(), signalfd(-1, bit(libc::SIGUSR1), 0));
        watch(one, fd, IN, 1);
        raw(libc::SYS_epoll_wait, &events(one, -1)) == 1 && next_signal(fd).is_ok()
    };
    sleepers.push(sleeper("epoll signalfd", libc::SYS_epoll_wait, by_signal(), body));

    checkpoint_here();

    for one in &sleepers {
        check(lives(one.pid), &format!("{} woke up", one.name));
    }
    for one in &sleepers {
        wake(&one.wake, one.pid);
    }
    for one in &sleepers {
        same(one.name, &FINE, &end_of(one.pid));
    }
    same("what was written at last", &Ok(5), &take(full));
}

/// Arguments for one event; the room stays.
fn events(epoll: RawFd, timeout: i32) -> [usize; 4] {
    let room = Box::leak(Box::new([0u64; 2]));
    [epoll as usize, room.as_mut_ptr() as usize, 1, timeout as isize as usize]
}
