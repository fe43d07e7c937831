// SPDX-License-Identifier: GPL-2.0

//! Fact: an IPC namespace of its own comes back with all its message queues, also those that nobody
//! has open, with its limits, and with the directory that they lie in.
//!
//! Could break: no descriptor leads to them, and with the namespace they would be gone.

use std::ffi::CString;

use ckpt_support::{checkpoint_here, must, same};

use super::{attributes, close, make, open, receive, send, stat_text, status, try_open, unlink};

fn set(name: &str, value: &str) {
    std::fs::write(format!("/proc/sys/fs/mqueue/{name}"), value).expect("sysctl");
}

fn limits() -> String {
    let names = ["queues_max", "msg_max", "msgsize_max", "msg_default", "msgsize_default"];
    let read = |name| std::fs::read_to_string(format!("/proc/sys/fs/mqueue/{name}"));
    names.map(|name| read(name).expect("sysctl")).concat()
}

pub fn run() {
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWIPC) });
    set("queues_max", "4");
    set("msg_max", "12");
    set("msgsize_default", "200");
    let [left, kept, removed] = [c"/left", c"/kept", c"/removed"].map(CString::from);
    let queue = make(&left, libc::O_RDWR, 12, 100);
    same("send", &0, &send(queue, b"for whoever comes", 3));
    // SAFETY: takes no pointer.
    must("fchmod", unsafe { libc::fchmod(queue, 0o617) });
    let before = stat_text(queue);
    close(queue);
    let open_still = make(&kept, libc::O_RDWR | libc::O_NONBLOCK, 2, 100);
    same("send", &0, &send(open_still, b"kept", 0));
    let gone = make(&removed, libc::O_RDWR, 2, 100);
    unlink(&removed);
    same("send", &0, &send(gone, b"gone", 0));
    let limits_before = limits();
    checkpoint_here();
    same("limits", &limits_before, &limits());
    let queue = open(&left, libc::O_RDWR | libc::O_NONBLOCK);
    same("left", &before, &stat_text(queue));
    let flags = i64::from(libc::O_NONBLOCK);
    same("attributes", &[flags, 12, 100, 1], &attributes(queue));
    let expected = Ok((3, b"for whoever comes".to_vec()));
    same("its message", &expected, &receive(queue));
    same("kept", &Ok((0, b"kept".to_vec())), &receive(open_still));
    same("gone", &Ok((0, b"gone".to_vec())), &receive(gone));
    same("no name", &-libc::ENOENT, &try_open(&removed, libc::O_RDWR));
    let nothing = "QSIZE:0          NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n";
    same("status", &nothing.to_string(), &status(queue));
    // A default one has those limits.
    let usual = c"/usual".to_owned();
    let none = std::ptr::null_mut::<libc::mq_attr>();
    // SAFETY: a C string.
    let made = must("mq_open", unsafe {
        libc::mq_open(usual.as_ptr(), libc::O_CREAT | libc::O_RDWR, 0o600, none)
    });
    same("default", &[0, 10, 200, 0], &attributes(made));
    same("another", &-libc::ENOENT, &try_open(&c"/nobody".into(), 0));
    [queue, open_still, gone, made].into_iter().for_each(close);
    [&left, &kept, &usual].into_iter().for_each(unlink);
}
