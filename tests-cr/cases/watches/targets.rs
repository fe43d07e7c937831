// SPDX-License-Identifier: GPL-2.0

//! Fact: whatever was watched is watched under the number that it had, with its mask: by a path, by
//! another name, removed and open, in memory, a FIFO, a link as such; once only, and not what was
//! unlinked, if that was asked for.
//!
//! Could break: a number leads to something else, or numbers that were free are taken.

use std::fs;
use std::io::Write;
use std::os::fd::AsRawFd;

use ckpt_support::pipes::mkfifo;
use ckpt_support::{checkpoint_here, memfd, same};
use libc::{
    IN_ATTRIB, IN_CLOSE_WRITE, IN_CREATE, IN_DELETE_SELF, IN_DONT_FOLLOW, IN_EXCL_UNLINK,
    IN_IGNORED, IN_ISDIR, IN_MASK_ADD, IN_MODIFY, IN_NONBLOCK, IN_ONESHOT, IN_OPEN,
};

use super::watching::{event, events, unwatch, watch, watcher};

pub fn run() {
    let fd = watcher(IN_NONBLOCK);
    fs::create_dir("directory").expect("a directory");
    for name in ["plain", "named", "removed", "once", "last", "directory/inside"] {
        fs::write(name, b"").expect("a file");
    }
    fs::hard_link("named", "other name").expect("link");
    fs::rename("named", "third name").expect("rename");
    std::os::unix::fs::symlink("plain", "link").expect("symlink");
    mkfifo(c"fifo", 0o600);
    let mut removed = fs::File::options().append(true).open("removed").expect("a file");
    let mut inside = fs::File::options().append(true).open("directory/inside").expect("a file");
    let memory = memfd(c"watched", 0);
    let in_memory = format!("/proc/self/fd/{}", memory.as_raw_fd());
    let far: Vec<i32> = (0..100).map(|_| {
        let number = watch(fd, "/dev/null", IN_OPEN);
        unwatch(fd, number);
        number
    }).collect();
    let plain = watch(fd, "plain", IN_MODIFY);
    let named = watch(fd, "third name", IN_MODIFY);
    let gone = watch(fd, "removed", IN_MODIFY | IN_DELETE_SELF);
    let shared = watch(fd, &in_memory, IN_OPEN);
    let fifo = watch(fd, "fifo", IN_OPEN);
    let link = watch(fd, "link", IN_ATTRIB | IN_DONT_FOLLOW);
    let once = watch(fd, "once", IN_MODIFY | IN_ONESHOT);
    let directory = watch(fd, "directory", IN_MODIFY | IN_CREATE | IN_EXCL_UNLINK);
    let free = watch(fd, "/dev/zero", IN_OPEN);
    let null = watch(fd, "last", IN_CLOSE_WRITE);
    unwatch(fd, free);
    fs::remove_file("removed").expect("unlink");
    fs::remove_file("directory/inside").expect("unlink");
    events(fd);
    same("numbers go on", &(far[99] + 1), &plain);

    checkpoint_here();

    same("nothing has happened", &Vec::new(), &events(fd));
    let append = |name: &str| {
        let mut file = fs::File::options().append(true).open(name).expect("a file");
        file.write_all(b"x").expect("write");
    };
    append("plain");
    append("other name");
    removed.write_all(b"x").expect("write");
    drop(fs::File::open(&in_memory).expect("open"));
    drop(fs::File::options().read(true).write(true).open("fifo").expect("open"));
    append("once");
    append("once");
    inside.write_all(b"x").expect("write");
    fs::create_dir("directory/more").expect("a directory");
    drop(removed);
    fs::remove_file("link").expect("unlink");
    let wanted = vec![
        event(plain, IN_MODIFY, ""),
        event(named, IN_MODIFY, ""),
        event(gone, IN_MODIFY, ""),
        event(shared, IN_OPEN, ""),
        event(fifo, IN_OPEN, ""),
        event(once, IN_MODIFY, ""),
        event(once, IN_IGNORED, ""),
        event(directory, IN_CREATE | IN_ISDIR, "more"),
        event(gone, IN_DELETE_SELF, ""),
        event(gone, IN_IGNORED, ""),
        event(link, IN_ATTRIB, ""),
        event(link, IN_IGNORED, ""),
    ];
    let told = events(fd);
    same("events", &wanted, &told);
    same("one more event of it", &plain, &watch(fd, "plain", IN_MASK_ADD | IN_ATTRIB));
    same("the same", &null, &watch(fd, "last", IN_CLOSE_WRITE));
    same("the next", &(null + 1), &watch(fd, "/dev/zero", IN_OPEN));
}
