// SPDX-License-Identifier: GPL-2.0

//! Fact: events that nobody has read so far come in their order, with their names and what belongs
//! together, and nothing stands between them and those that come after; alike events are one.
//!
//! Could break: an event is lost, comes twice, or tells of what the restart has done with the file.

use std::fs;
use std::io::Write;

use ckpt_support::{check, checkpoint_here, must, same};
use libc::{
    IN_ALL_EVENTS, IN_CLOSE_WRITE, IN_CREATE, IN_DELETE, IN_IGNORED, IN_ISDIR, IN_MODIFY,
    IN_MOVED_FROM, IN_MOVED_TO, IN_NONBLOCK, IN_OPEN,
};

use super::watching::{event, events, unwatch, watch, watcher};

pub fn run() {
    fs::create_dir("place").expect("a directory");
    let fd = watcher(IN_NONBLOCK);
    let quiet = watcher(IN_NONBLOCK);
    let first = watch(fd, "place", IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO);
    fs::create_dir("home").expect("a directory");
    fs::write("home/own", b"").expect("a file");
    let mut own = fs::File::options().append(true).open("home/own").expect("a file");
    let second = watch(fd, "home/own", IN_ALL_EVENTS);
    // What is open here is opened again by a restart.
    let nothing = watch(quiet, "home/own", IN_ALL_EVENTS);
    let all = watch(quiet, "home", IN_ALL_EVENTS);
    let gone = watch(fd, "/", IN_CREATE);
    unwatch(fd, gone);
    fs::write("place/one", b"").expect("a file");
    fs::create_dir("place/two").expect("a directory");
    fs::rename("place/one", "place/a longer name than before").expect("rename");
    own.write_all(b"x").expect("write");
    let size = || {
        let mut size = 0;
        // SAFETY: one number to be filled.
        must("FIONREAD", unsafe { libc::ioctl(fd, libc::FIONREAD, &mut size) });
        size
    };
    let before = size();
    let told = events(quiet);
    check(!told.is_empty(), "nothing is seen at first");

    checkpoint_here();

    same("nothing has happened", &Vec::new(), &events(quiet));
    same("as much is queued", &before, &size());
    own.write_all(b"y").expect("write");
    drop(own);
    let mut told = events(fd);
    let cookies: Vec<u32> = told.iter().map(|event| event.2).filter(|it| *it != 0).collect();
    check(
        cookies.len() == 2 && cookies[0] == cookies[1],
        "what belongs together has come apart",
    );
    told.iter_mut().for_each(|event| event.2 = 0);
    let wanted = vec![
        event(gone, IN_IGNORED, ""),
        event(first, IN_CREATE, "one"),
        event(first, IN_CREATE | IN_ISDIR, "two"),
        event(first, IN_MOVED_FROM, "one"),
        event(first, IN_MOVED_TO, "a longer name than before"),
        // Two that are alike.
        event(second, IN_MODIFY, ""),
        event(second, IN_CLOSE_WRITE, ""),
    ];
    same("events", &wanted, &told);
    let wanted = vec![
        event(nothing, IN_MODIFY, ""),
        event(all, IN_MODIFY, "own"),
        event(nothing, IN_CLOSE_WRITE, ""),
        event(all, IN_CLOSE_WRITE, "own"),
    ];
    let mut told = events(quiet);
    told.sort();
    let mut wanted = wanted;
    wanted.sort();
    same("the others", &wanted, &told);
    same("the number that comes next", &(gone + 1), &watch(fd, "/", IN_OPEN));
}
