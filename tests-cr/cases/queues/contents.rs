// SPDX-License-Identifier: GPL-2.0

//! Fact: message queues come back with their messages, priorities and order, attributes, owner, mode,
//! times; removed ones too, and those whose name another one has by now; each open file with its
//! access, O_NONBLOCK and offset.
//!
//! Could break: only receiving shows what is in one, and mq_open makes none that is removed.

use ckpt_support::{checkpoint_here, must, same};

use super::{
    attributes, close, link, make, name, open, receive, send, stat_text, status, try_open, unlink,
};

fn drain(fd: i32) -> Vec<(u32, Vec<u8>)> {
    let mut all = Vec::new();
    while let Ok(message) = receive(fd) {
        all.push(message);
    }
    all
}

pub fn run() {
    let [kept, removed] = [name("kept"), name("removed")];
    let queue = make(&kept, libc::O_RDWR | libc::O_NONBLOCK, 10, 9000);
    // Priorities in disorder, several of one, the highest, none in it, and more than a page.
    let big: Vec<u8> = (0..9000u32).map(|byte| byte as u8).collect();
    let sent: [(&[u8], u32); 7] = [
        (b"low", 1),
        (b"first of five", 5),
        (b"", 0),
        (&big, 32767),
        (b"second of five", 5),
        (b"\0\xff", 1),
        (b"third of five", 5),
    ];
    for (bytes, priority) in sent {
        same("send", &0, &send(queue, bytes, priority));
    }
    let reader = open(&kept, libc::O_RDONLY);
    let writer = open(&kept, libc::O_WRONLY | libc::O_APPEND);
    // SAFETY: take no pointer.
    let twin = unsafe {
        must("fchmod", libc::fchmod(queue, 0o642));
        must("lseek", libc::lseek(reader, 7, libc::SEEK_SET) as i32);
        must("dup", libc::dup(writer))
    };
    // SAFETY: zeros are a value; the kernel reads it.
    unsafe {
        let mut attr: libc::mq_attr = std::mem::zeroed();
        attr.mq_flags = libc::O_NONBLOCK.into();
        must(
            "mq_setattr",
            libc::mq_setattr(writer, &raw const attr, std::ptr::null_mut()),
        );
    }

    // One that is removed, one that has its name now, and one that is full.
    let old = make(&removed, libc::O_RDWR, 3, 64);
    same("send", &0, &send(old, b"of old", 2));
    unlink(&removed);
    let new = make(&removed, libc::O_RDWR | libc::O_NONBLOCK, 2, 8);
    same("send", &0, &send(new, b"one", 0));
    same("send", &0, &send(new, b"two", 0));
    same("full", &libc::EAGAIN, &send(new, b"three", 0));
    // Empty, but was used: all of its tree is gone.
    let empty_name = name("empty");
    let empty = make(&empty_name, libc::O_RDWR | libc::O_NONBLOCK, 5, 100);
    same("send", &0, &send(empty, b"gone", 3));
    same("receive", &Ok((3, b"gone".to_vec())), &receive(empty));

    let all = [queue, reader, writer, twin, old, new, empty];
    let text = |fd: i32| format!("{} {:?} {}", link(fd), attributes(fd), stat_text(fd));
    // What it says of itself is not asked before: that would change times.
    let before = all.map(text);
    checkpoint_here();
    same("queues", &before, &all.map(text));
    // SAFETY: takes no pointer.
    let offset = unsafe { libc::lseek(reader, 0, libc::SEEK_CUR) };
    same("offset", &7, &offset);
    let total: usize = sent.iter().map(|(bytes, _)| bytes.len()).sum();
    let says = format!("QSIZE:{total:<10} NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n");
    same("status", &says, &status(reader));
    same("by a twin", &libc::EBADF, &receive(writer).unwrap_err());
    same("by the reader", &libc::EBADF, &send(reader, b"x", 1));
    same("send more", &0, &send(twin, b"fourth of five", 5));
    let mut order: Vec<(u32, Vec<u8>)> = vec![
        (32767, big.clone()),
        (5, b"first of five".to_vec()),
        (5, b"second of five".to_vec()),
        (5, b"third of five".to_vec()),
        (5, b"fourth of five".to_vec()),
        (1, b"low".to_vec()),
        (1, b"\0\xff".to_vec()),
        (0, Vec::new()),
    ];
    same("messages", &order, &drain(queue));
    for index in 0..10 {
        same("room", &0, &send(queue, &[index], u32::from(index)));
    }
    same("too many", &libc::EAGAIN, &send(writer, b"x", 9));
    same("too long", &libc::EMSGSIZE, &send(queue, &[0; 9001], 9));
    order = (0..10).rev().map(|index| (index.into(), vec![index])).collect();
    same("those messages", &order, &drain(queue));

    same("of old", &Ok((2, b"of old".to_vec())), &receive(old));
    same("still full", &libc::EAGAIN, &send(new, b"three", 0));
    let again = open(&removed, libc::O_RDONLY | libc::O_NONBLOCK);
    let two = vec![(0, b"one".to_vec()), (0, b"two".to_vec())];
    same("by name", &two, &drain(again));
    same("nothing", &libc::EAGAIN, &receive(empty).unwrap_err());
    for name in [&kept, &removed, &empty_name] {
        unlink(name);
        same("no name", &-libc::ENOENT, &try_open(name, libc::O_RDWR));
    }
    all.into_iter().for_each(close);
}
