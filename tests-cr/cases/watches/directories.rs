// SPDX-License-Identifier: GPL-2.0

//! Fact: directories of which changes are told by a signal (F_NOTIFY) are told of again: with the
//! signal and the descriptor, to each that has asked, in their order; once or for good.
//!
//! Could break: the restart itself is told of, one is told twice or by another descriptor.

use std::fs::{self, File};
use std::os::fd::AsRawFd;

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, must, same};

const F_SETSIG: i32 = 10;
const DN_MODIFY: i32 = 0x2;
const DN_CREATE: i32 = 0x4;
const DN_DELETE: i32 = 0x8;
const DN_RENAME: i32 = 0x10;
const DN_MULTISHOT: i32 = i32::MIN;

/// Signals and descriptors that were told.
fn told() -> Vec<(i32, i32)> {
    let mut all = Vec::new();
    let set = [bit(libc::SIGRTMIN()) | bit(libc::SIGRTMIN() + 1)];
    loop {
        // SAFETY: a signal to be filled, a set of signals, no time.
        let (signal, info) = unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            let now: libc::timespec = std::mem::zeroed();
            let call = libc::SYS_rt_sigtimedwait;
            let signal = libc::syscall(call, set.as_ptr(), &raw mut info, &now, 8);
            (signal as i32, info)
        };
        if signal < 0 {
            return all;
        }
        // si_fd: behind si_band, which lies behind the three numbers.
        // SAFETY: it has that many bytes.
        let fd = unsafe { (&raw const info).cast::<i32>().add(6).read() };
        all.push((signal, fd));
    }
}

pub fn run() {
    for name in ["place", "other"] {
        fs::create_dir(name).expect("a directory");
    }
    set_blocked(bit(libc::SIGRTMIN()) | bit(libc::SIGRTMIN() + 1));
    let files = ["place", "place", "other"].map(|name| File::open(name).expect("open"));
    let [first, second, third] = &files;
    let fds = files.each_ref().map(AsRawFd::as_raw_fd);
    let signals = [0, 1, 0].map(|more| libc::SIGRTMIN() + more);
    for (fd, signal) in fds.iter().zip(signals) {
        // SAFETY: takes no pointer.
        must("F_SETSIG", unsafe { libc::fcntl(*fd, F_SETSIG, signal) });
    }
    let ask = |file: &File, events: i32| {
        // SAFETY: takes no pointer.
        must("F_NOTIFY", unsafe {
            libc::fcntl(file.as_raw_fd(), libc::F_NOTIFY, events)
        });
    };
    ask(first, DN_CREATE | DN_DELETE | DN_MULTISHOT);
    ask(second, DN_CREATE | DN_RENAME);
    ask(third, DN_MODIFY | DN_RENAME | DN_MULTISHOT);
    // SAFETY: takes no pointer.
    let twin = must("fcntl", unsafe { libc::fcntl(fds[2], libc::F_DUPFD, 100) });
    fs::write("place/old", b"").expect("a file");
    same("before", &vec![(signals[0], fds[0]), (signals[1], fds[1])], &sorted(told()));
    ask(second, DN_CREATE | DN_RENAME);

    checkpoint_here();

    same("nothing has happened", &Vec::new(), &told());
    fs::write("place/new", b"").expect("a file");
    fs::write("place/newer", b"").expect("a file");
    let wanted = vec![(signals[0], fds[0]), (signals[0], fds[0]), (signals[1], fds[1])];
    same("once, and for good", &wanted, &sorted(told()));
    fs::remove_file("place/new").expect("unlink");
    fs::write("other/one", b"").expect("a file");
    fs::rename("other/one", "other/two").expect("rename");
    let wanted = vec![(signals[0], fds[0]), (signals[0], fds[2])];
    same("the others", &wanted, &sorted(told()));
    // Closing any descriptor of a file ends it.
    // SAFETY: it is ours.
    unsafe { libc::close(twin) };
    fs::rename("other/two", "other/three").expect("rename");
    same("nothing more", &Vec::new(), &told());
}

fn sorted(mut told: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    told.sort();
    told
}
