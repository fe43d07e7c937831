// SPDX-License-Identifier: GPL-2.0

//! Fact: an instance that has lost events says so in its place, keeps as many as it had room for, and
//! tells epoll that there is something to be read.
//!
//! Could break: the queue is longer or shorter than it was.

use std::fs;

use ckpt_support::pipes::events as poll;
use ckpt_support::{check, checkpoint_here, same};
use libc::{IN_CREATE, IN_MODIFY, IN_NONBLOCK, IN_Q_OVERFLOW};

use super::watching::{event, events, watch, watcher};

pub fn run() {
    const ROOM: &str = "/proc/sys/fs/inotify/max_queued_events";
    fs::create_dir("place").expect("a directory");
    // It is taken from there when an instance is made; whoever makes one right now has enough of it.
    let usual = fs::read_to_string(ROOM).expect("a sysctl");
    let room = 300;
    fs::write(ROOM, room.to_string()).expect("a sysctl");
    let fd = watcher(IN_NONBLOCK);
    fs::write(ROOM, usual).expect("a sysctl");
    for name in ["one", "two"] {
        fs::write(name, b"").expect("a file");
    }
    let numbers = ["one", "two"].map(|name| watch(fd, name, IN_MODIFY));
    let fill = |count: usize| {
        for index in 0..count {
            let name = ["one", "two"][index % 2];
            fs::write(name, b"x").expect("write");
        }
    };
    // Each write of a file that has something in it cuts it first: two that are alike.
    fill(room + 10);
    let number = watch(fd, "place", IN_CREATE);
    fs::write("place/lost", b"").expect("a file");

    checkpoint_here();

    same("poll", &libc::POLLIN, &poll(fd));
    fs::write("place/lost too", b"").expect("a file");
    let told = events(fd);
    same("how many", &(room + 1), &told.len());
    for (index, one) in told.iter().take(room).enumerate() {
        if *one != event(numbers[index % 2], IN_MODIFY, "") {
            return same("an event", &event(numbers[index % 2], IN_MODIFY, ""), one);
        }
    }
    same("the last", &Some(&event(-1, IN_Q_OVERFLOW, "")), &told.last());
    same("poll", &0, &poll(fd));
    fs::write("place/more", b"").expect("a file");
    check(events(fd) == [event(number, IN_CREATE, "more")], "nothing after that");
}
