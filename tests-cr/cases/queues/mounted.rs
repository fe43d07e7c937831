// SPDX-License-Identifier: GPL-2.0

//! Fact: queues that were opened through a mount of mqueue come back as such, by their path, also if
//! they were removed; with locks, owners of signals, and a directory that is open.
//!
//! Could break: mq_open's mount is in no mount namespace, and shows another path.

use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;

use ckpt_support::{checkpoint_here, must, same};

use super::{attributes, close, link, make, name, open, receive, send, stat_text, unlink};

fn open_file(path: &str, flags: i32) -> std::fs::File {
    let mut options = std::fs::OpenOptions::new();
    let options = options.read(true).write(true).custom_flags(flags);
    options.open(path).expect("open in /dev/mqueue")
}

pub fn run() {
    let [kept, removed] = [name("kept"), name("removed")];
    let paths = [&kept, &removed].map(|name| format!("/dev/mqueue{}", name.to_str().expect("text")));
    let queue = make(&kept, libc::O_RDWR, 5, 100);
    same("send", &0, &send(queue, b"hello", 2));
    let gone = make(&removed, libc::O_RDWR, 5, 100);
    same("send", &0, &send(gone, b"gone", 3));
    let files = [0, 1].map(|index| open_file(&paths[index], libc::O_NONBLOCK));
    unlink(&removed);
    let directory = std::fs::File::open("/dev/mqueue").expect("/dev/mqueue");
    let [through, through_removed] = files.each_ref().map(AsRawFd::as_raw_fd);
    // SAFETY: take no pointer.
    unsafe {
        must("flock", libc::flock(through, libc::LOCK_EX));
        let own = libc::getpid();
        must("F_SETOWN", libc::fcntl(through, libc::F_SETOWN, own));
        must("lseek", libc::lseek(through, 5, libc::SEEK_SET) as i32);
        // What stat shows as its size means nothing, but stays.
        must("ftruncate", libc::ftruncate(through, 1234));
    }
    let all = [queue, gone, through, through_removed];
    let text = |fd: i32| format!("{} {:?} {}", link(fd), attributes(fd), stat_text(fd));
    let before = all.map(text);
    checkpoint_here();
    same("queues", &before, &all.map(text));
    let found = std::fs::read_link(format!("/proc/self/fd/{}", directory.as_raw_fd()));
    same("directory", &"/dev/mqueue", &&*found.expect("link").to_string_lossy());
    // SAFETY: take no pointer.
    unsafe {
        same("owner", &libc::getpid(), &libc::fcntl(through, libc::F_GETOWN));
        same("offset", &5, &libc::lseek(through, 0, libc::SEEK_CUR));
        let other = open(&kept, libc::O_RDWR);
        let locked = libc::flock(other, libc::LOCK_EX | libc::LOCK_NB);
        let locked = (locked, ckpt_support::errno());
        same("lock", &(-1, libc::EWOULDBLOCK), &locked);
        close(other);
    }
    same("hello", &Ok((2, b"hello".to_vec())), &receive(through));
    same("nothing", &libc::EAGAIN, &receive(through).unwrap_err());
    same("gone", &Ok((3, b"gone".to_vec())), &receive(through_removed));
    let status = std::fs::read_to_string(&paths[0]).expect("status");
    same("status", &true, &status.starts_with("QSIZE:0 "));
    unlink(&kept);
    close(queue);
    close(gone);
}
