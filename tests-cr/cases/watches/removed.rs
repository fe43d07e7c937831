// SPDX-License-Identifier: GPL-2.0

//! Fact: of a removed file that is open several times its watches tell the end when the last open file
//! of that name is closed, and not before.
//!
//! Could break: each open file has a name of its own, and the first that is closed ends it.

use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::os::fd::AsRawFd;

use ckpt_support::pipes::again;
use ckpt_support::{checkpoint_here, same};
use libc::{FAN_CLASS_NOTIF, FAN_MODIFY, FAN_OPEN, IN_ATTRIB, IN_DELETE_SELF, IN_IGNORED, IN_MODIFY, IN_NONBLOCK};

use super::marking::{add, group, opened};
use super::watching::{event, events, watch, watcher};

pub fn run() {
    let fd = watcher(IN_NONBLOCK);
    let listener = group(FAN_CLASS_NOTIF, libc::O_RDONLY);
    fs::write("twice", b"some").expect("a file");
    fs::write("other", b"").expect("a file");
    let append = || File::options().append(true).open("twice").expect("a file");
    let (first, second) = (append(), append());
    // Opened after its removal, by way of the other.
    let number = watch(fd, "twice", IN_MODIFY | IN_DELETE_SELF | IN_ATTRIB);
    add(listener, FAN_MODIFY | FAN_OPEN, "twice");
    fs::remove_file("twice").expect("unlink");
    let third = again(first.as_raw_fd(), libc::O_RDONLY);
    events(fd);
    opened(listener);

    checkpoint_here();

    same("nothing has happened", &Vec::new(), &events(fd));
    same("nobody was told", &Vec::new(), &opened(listener));
    drop(first);
    same("the first", &Vec::new(), &events(fd));
    (&second).write_all(b"more").expect("write");
    same("written", &vec![event(number, IN_MODIFY, "")], &events(fd));
    drop(second);
    same("the second", &Vec::new(), &events(fd));
    // SAFETY: it is ours.
    let mut third: File = unsafe { std::os::fd::FromRawFd::from_raw_fd(third) };
    let mut text = String::new();
    third.rewind().expect("seek");
    third.read_to_string(&mut text).expect("read");
    same("what is in it", &"somemore".to_string(), &text);
    drop(opened(listener));
    drop(third);
    let wanted = vec![event(number, IN_DELETE_SELF, ""), event(number, IN_IGNORED, "")];
    same("the last", &wanted, &events(fd));
}
