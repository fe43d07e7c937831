// SPDX-License-Identifier: GPL-2.0

//! Fact: events that nobody has read so far come in their order, with whose they are, the file, the
//! handles and the names; those that are alike become one with what happens then.
//!
//! Could break: an event is lost, tells of the restart, or of another file.

use std::fs;
use std::io::{Read, Write};
use std::os::fd::FromRawFd;

use ckpt_support::pipes::events as poll;
use ckpt_support::{check, checkpoint_here, must, pidfds, same};
use libc::{
    FAN_CLASS_NOTIF, FAN_CLOSE_WRITE, FAN_CREATE, FAN_DELETE, FAN_EVENT_ON_CHILD, FAN_MODIFY,
    FAN_MOVED_FROM, FAN_MOVED_TO, FAN_ONDIR, FAN_OPEN, FAN_REPORT_DFID_NAME, FAN_REPORT_FID,
    FAN_REPORT_PIDFD, FAN_REPORT_TID, O_RDONLY,
};

use super::marking::{add, group, opened, told, FAN_RENAME};

const FAN_REPORT_TARGET_FID: u32 = 0x1000;

fn size(fd: i32) -> i32 {
    let mut size = 0;
    // SAFETY: one number to be filled.
    must("FIONREAD", unsafe { libc::ioctl(fd, libc::FIONREAD, &mut size) });
    size
}

/// Makes a child that does it, and waits for its end.
fn by_another(what: impl FnOnce()) -> i32 {
    // SAFETY: one thread.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        what();
        // SAFETY: ends.
        unsafe { libc::_exit(0) };
    }
    let mut status = 0;
    // SAFETY: one number to be filled.
    must("waitpid", unsafe { libc::waitpid(child, &mut status, 0) });
    child
}

fn change() {
    let append = |name: &str| {
        let mut file = fs::File::options().append(true).open(name).expect("a file");
        file.write_all(b"x").expect("write");
    };
    fs::write("place/one", b"").expect("a file");
    fs::create_dir("place/two").expect("a directory");
    fs::rename("place/one", "other/a longer name than before, so that it is long").expect("rename");
    append("place/three");
    append("place/three");
    fs::remove_dir("place/two").expect("rmdir");
    fs::rename("place/three", "place/four").expect("rename");
    fs::rename("place/four", "place/three").expect("rename");
}

pub fn run() {
    for name in ["place", "other"] {
        fs::create_dir(name).expect("a directory");
    }
    for name in ["place/three", "place/gone"] {
        fs::write(name, b"some").expect("a file");
    }
    let all = FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_MODIFY | FAN_OPEN
        | FAN_CLOSE_WRITE | FAN_EVENT_ON_CHILD | FAN_ONDIR | FAN_RENAME;
    let names = FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME | FAN_REPORT_FID;
    let kinds = [
        (names | FAN_REPORT_TARGET_FID, all),
        (names | FAN_REPORT_TID, all),
        (FAN_CLASS_NOTIF | FAN_REPORT_FID, all & !FAN_RENAME),
    ];
    // Of each two that are alike one is read before, to tell what is in the other.
    let pairs = kinds.map(|(flags, mask)| [(); 2].map(|()| {
        let fd = group(flags, 0);
        add(fd, mask, "place");
        fd
    }));
    let files = group(FAN_CLASS_NOTIF, O_RDONLY);
    let processes = group(FAN_CLASS_NOTIF | FAN_REPORT_PIDFD, O_RDONLY);
    add(files, FAN_OPEN | FAN_CLOSE_WRITE | FAN_EVENT_ON_CHILD, "place");
    change();
    let child = by_another(|| {
        fs::write("place/by another", b"").expect("a file");
    });
    // It is found in an event only.
    let gone = fs::File::open("place/gone").expect("a file");
    fs::remove_file("place/gone").expect("unlink");
    drop(gone);
    add(processes, FAN_OPEN | FAN_EVENT_ON_CHILD, "other");
    drop(fs::File::open("other").expect("open"));
    fs::write("other/here", b"").expect("a file");
    let before = pairs.map(|[one, _]| told(one));
    let sizes = pairs.map(|[_, other]| size(other));
    for told in &before {
        check(told.len() > 5, "events");
    }

    checkpoint_here();

    let own = std::process::id() as i32;
    same("nothing has happened", &[0; 3], &pairs.map(|[one, _]| size(one)));
    same("as much is queued", &sizes, &pairs.map(|[_, other]| size(other)));
    for (before, [_, other]) in before.iter().zip(pairs) {
        same("poll", &libc::POLLIN, &poll(other));
        same("events", before, &told(other));
        check(before.iter().any(|event| event.pid == child), "who has ended has a number");
    }
    // What happens now becomes one with what has happened, if nothing is between.
    fs::write("place/by another", b"more").expect("a file");
    let now = told(processes);
    same("by processes", &1, &now.len());
    same("whose", &own, &now[0].pid);
    let pidfd = i32::from_ne_bytes(now[0].rest[4..8].try_into().expect("four bytes"));
    let number = pidfds::number(pidfd);
    check(number.starts_with(&format!("Pid:\t{own} ")) || number == own.to_string(), "the process");
    // SAFETY: both were opened for us.
    unsafe {
        libc::close(pidfd);
        libc::close(now[0].fd);
    }
    let told = told(files);
    let names: Vec<(u64, i32)> = told.iter().map(|told| (told.mask, told.pid)).collect();
    let _ = &opened;
    let wanted = vec![
        (FAN_OPEN | FAN_CLOSE_WRITE, own),
        (FAN_OPEN | FAN_CLOSE_WRITE, own),
        (FAN_OPEN | FAN_CLOSE_WRITE, child),
        (FAN_OPEN, own),
        (FAN_OPEN | FAN_CLOSE_WRITE, own),
    ];
    same("files", &wanted, &names);
    // SAFETY: it was opened for us.
    let mut gone = unsafe { fs::File::from_raw_fd(told[3].fd) };
    let mut text = String::new();
    gone.read_to_string(&mut text).expect("read");
    same("the removed one", &"some".to_string(), &text);
    for [one, other] in pairs {
        super::marking::told(one);
        super::marking::told(other);
    }
    change_again();
    for [one, other] in pairs {
        let (one, other) = (super::marking::told(one), super::marking::told(other));
        check(!one.is_empty(), "it goes on");
        same("both", &one, &other);
    }
}

fn change_again() {
    fs::write("place/again", b"x").expect("a file");
    fs::rename("place/again", "other/again").expect("rename");
}
