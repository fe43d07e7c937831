// SPDX-License-Identifier: GPL-2.0

//! Fact: who waits for a change of a file in sysfs or cgroupfs goes on waiting; who was not told of one yet is
//! told.
//!
//! Could break: a file that was just opened tells of a change at once.

use std::fs::File;
use std::io::{Read, Seek};
use std::os::fd::AsRawFd;

use ckpt_support::waits::{ends_in_time, seconds};
use ckpt_support::{check, must, raw};

/// Is there news?
fn told(file: &File) -> bool {
    let mut poll = libc::pollfd {
        fd: file.as_raw_fd(),
        events: libc::POLLPRI,
        revents: 0,
    };
    // SAFETY: one pollfd.
    must("poll", unsafe { libc::poll(&mut poll, 1, 0) });
    poll.revents & libc::POLLPRI != 0
}

fn read(mut file: &File) {
    file.rewind().expect("seek");
    let mut text = String::new();
    file.read_to_string(&mut text).expect("read");
}

pub fn run() {
    let open = |name: &str| File::open(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let names = [
        "/sys/kernel/mm/transparent_hugepage/enabled",
        "/sys/fs/cgroup/cgroup.controllers",
    ];
    let files = names.map(open);
    let unread = names.map(open);
    files.iter().for_each(read);
    for (name, file) in names.iter().zip(&files) {
        check(!told(file), &format!("{name} has news before"));
    }
    unread.iter().for_each(|file| check(told(file), "no news"));
    let mut polls = [0, 1].map(|index: usize| libc::pollfd {
        fd: files[index].as_raw_fd(),
        events: libc::POLLPRI,
        revents: 0,
    });
    let milliseconds = seconds() * 1000;
    ends_in_time("poll", libc::SYS_poll, (0, 0), || {
        raw(
            libc::SYS_poll,
            &[polls.as_mut_ptr() as usize, polls.len(), milliseconds as usize],
        )
    });
    for (name, file) in names.iter().zip(&files) {
        check(!told(file), &format!("{name} has news after"));
    }
    unread.iter().for_each(|file| check(told(file), "no news"));
}
