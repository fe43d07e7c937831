// SPDX-License-Identifier: GPL-2.0

//! Fact: whatever a group has marked is marked with its mask, with what it ignores, and as firmly:
//! inodes, removed ones that are open, memory, mounts, file systems; and it tells of nothing but what
//! happens then.
//!
//! Could break: an ignored event is told, the restart itself is told of, a mark is one on something
//! else.

use std::fs;
use std::io::Write;
use std::os::fd::AsRawFd;

use ckpt_support::{check, checkpoint_here, memfd, same};
use libc::{
    FAN_CLASS_CONTENT, FAN_CLASS_NOTIF, FAN_CLOSE_WRITE, FAN_EVENT_ON_CHILD,
    FAN_MARK_ADD, FAN_MARK_FILESYSTEM, FAN_MARK_IGNORED_MASK, FAN_MARK_IGNORED_SURV_MODIFY,
    FAN_MARK_MOUNT, FAN_MODIFY, FAN_ONDIR, FAN_OPEN, FAN_REPORT_DFID_NAME, FAN_REPORT_FID,
    FAN_UNLIMITED_MARKS, FAN_UNLIMITED_QUEUE, O_CLOEXEC, O_LARGEFILE, O_RDONLY, O_RDWR,
};

use super::marking::{add, group, mark, opened, shown, told, FAN_MARK_EVICTABLE, FAN_MARK_IGNORE};

const FAN_FS_ERROR: u64 = 0x8000;

pub fn run() {
    let append = |name: &str| {
        let mut file = fs::File::options().append(true).open(name).expect("a file");
        file.write_all(b"x").expect("write");
    };
    fs::create_dir("place").expect("a directory");
    for name in ["plain", "removed", "quiet", "surviving", "place/inside", "named"] {
        fs::write(name, b"").expect("a file");
    }
    let mut removed = fs::File::options().append(true).open("removed").expect("a file");
    let memory = memfd(c"marked", 0);
    let in_memory = format!("/proc/self/fd/{}", memory.as_raw_fd());

    let fd = group(FAN_CLASS_NOTIF | FAN_UNLIMITED_QUEUE, O_RDONLY | O_CLOEXEC | O_LARGEFILE);
    let content = group(FAN_CLASS_CONTENT | FAN_UNLIMITED_MARKS, O_RDWR);
    let named = group(FAN_CLASS_NOTIF | FAN_REPORT_FID | FAN_REPORT_DFID_NAME, 0);
    add(fd, FAN_MODIFY | FAN_CLOSE_WRITE, "plain");
    add(fd, FAN_MODIFY, "removed");
    add(fd, FAN_OPEN, &in_memory);
    add(fd, FAN_OPEN | FAN_MODIFY | FAN_EVENT_ON_CHILD, "place");
    for (name, more) in [("quiet", 0), ("surviving", FAN_MARK_IGNORED_SURV_MODIFY)] {
        add(fd, FAN_OPEN | FAN_MODIFY | FAN_CLOSE_WRITE, name);
        mark(fd, FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | more, FAN_OPEN, name);
    }
    mark(fd, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN, "/sys");
    mark(
        fd,
        FAN_MARK_ADD | FAN_MARK_MOUNT | FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY,
        FAN_MODIFY,
        "/sys",
    );
    add(content, FAN_OPEN | FAN_ONDIR, "place");
    mark(content, FAN_MARK_ADD | FAN_MARK_EVICTABLE, FAN_MODIFY, "plain");
    mark(named, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_FS_ERROR, ".");
    add(named, FAN_MODIFY | FAN_EVENT_ON_CHILD | FAN_ONDIR, "place");
    mark(
        named,
        FAN_MARK_ADD | FAN_MARK_EVICTABLE | FAN_MARK_IGNORE | FAN_MARK_IGNORED_SURV_MODIFY,
        FAN_MODIFY,
        "named",
    );
    fs::remove_file("removed").expect("unlink");
    let all = [fd, content, named];
    for fd in all {
        opened(fd);
    }
    let before = all.map(shown);
    check(before[0].lines().count() > 7, "fdinfo shows marks");

    checkpoint_here();

    let own = std::process::id() as i32;
    let seen = |fd| {
        let all = opened(fd).into_iter();
        all.filter(|(_, pid, _)| *pid == own).map(|(mask, _, name)| (mask, name)).collect::<Vec<_>>()
    };
    for fd in all {
        same("nothing has happened", &Vec::new(), &seen(fd));
    }
    let now = all.map(shown);
    for (before, now) in before.iter().zip(&now) {
        let sorted = |text: &String| {
            // What was carried by the image may have got other numbers.
            let mut lines: Vec<String> = text.lines().map(|line| line.to_string()).collect();
            lines.sort();
            lines.len()
        };
        same("marks", &sorted(before), &sorted(now));
    }
    same("marks of handles", &before[2], &now[2]);
    append("plain");
    removed.write_all(b"x").expect("write");
    drop(fs::File::open(&in_memory).expect("open"));
    append("place/inside");
    append("quiet");
    append("quiet");
    drop(fs::File::open("quiet").expect("open"));
    append("surviving");
    drop(fs::File::open("surviving").expect("open"));
    drop(fs::File::open("/sys/kernel/notes").expect("open"));
    append("named");
    let event = |mask: u64, name: &str| (mask, name.to_string());
    let wanted = vec![
        event(FAN_MODIFY | FAN_CLOSE_WRITE, "plain"),
        event(FAN_MODIFY, "removed (deleted)"),
        event(FAN_OPEN, "memfd:marked (deleted)"),
        event(FAN_OPEN | FAN_MODIFY, "inside"),
        event(FAN_OPEN | FAN_MODIFY | FAN_CLOSE_WRITE, "quiet"),
        event(FAN_MODIFY | FAN_CLOSE_WRITE, "surviving"),
        event(FAN_OPEN, "notes"),
    ];
    same("events", &wanted, &seen(fd));
    let listed = fs::read_dir("place").expect("a directory").count();
    same("entries", &1, &listed);
    let wanted = vec![event(FAN_MODIFY, "plain"), event(FAN_OPEN, "place")];
    same("with content", &wanted, &seen(content));
    let told = told(named);
    same("by names", &vec![FAN_MODIFY], &told.iter().map(|told| told.mask).collect());
    check(told[0].rest.windows(6).any(|name| name == b"inside"), "the name");
}
