// SPDX-License-Identifier: GPL-2.0

//! Fact: a group that has lost events says so in its place, and keeps as many as it had room for.
//!
//! Could break: the queue is longer or shorter than it was.

use std::fs;

use ckpt_support::{check, checkpoint_here, same};
use libc::{FAN_CLASS_NOTIF, FAN_CREATE, FAN_Q_OVERFLOW, FAN_REPORT_DFID_NAME};

use super::marking::{add, group, told};

pub fn run() {
    const ROOM: &str = "/proc/sys/fs/fanotify/max_queued_events";
    fs::create_dir("place").expect("a directory");
    // It is taken from there when a group is made; whoever makes one right now has enough of it.
    let usual = fs::read_to_string(ROOM).expect("a sysctl");
    let room = 300;
    fs::write(ROOM, room.to_string()).expect("a sysctl");
    let fd = group(FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME, 0);
    fs::write(ROOM, usual).expect("a sysctl");
    add(fd, FAN_CREATE, "place");
    for index in 0..room + 10 {
        fs::write(format!("place/{index}"), b"").expect("a file");
    }

    checkpoint_here();

    fs::write("place/lost too", b"").expect("a file");
    let all = told(fd);
    same("how many", &(room + 1), &all.len());
    for (index, one) in all.iter().take(room).enumerate() {
        let name = format!("{index}\0");
        let has = one.rest.windows(name.len()).any(|bytes| bytes == name.as_bytes());
        check(one.mask == FAN_CREATE && has, "an event");
    }
    same("the last", &Some(FAN_Q_OVERFLOW), &all.last().map(|one| one.mask));
    fs::write("place/more", b"").expect("a file");
    same("after that", &1, &told(fd).len());
}
