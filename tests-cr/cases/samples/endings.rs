// SPDX-License-Identifier: GPL-2.0

//! Watches, what is watched with epoll, and System V objects. Others may end meanwhile what lies in `doomed`
//! and `mounts`, and the objects of which the file `ids` tells; what is looked at again is the rest.
//!
//! `kept` and each directory in `mounts` is somebody else's file system in memory.

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::IntoRawFd;

use ckpt_support::pipes::{mkfifo, open, pipe, read, write};
use ckpt_support::signals::{bit, pending, set_blocked};
use ckpt_support::{checkpoint_here, must, same};
use libc::{
    FAN_CLASS_NOTIF, FAN_DELETE_SELF, FAN_MARK_ADD, FAN_MODIFY, FAN_REPORT_FID, IPC_PRIVATE,
    O_RDONLY,
};

use crate::events::tools;
use crate::ipc;
use crate::queues;
use crate::watches::marking::{add, group, mark, opened, FAN_MARK_EVICTABLE};
use crate::watches::watching::{events, watch, watcher};

const MANY: usize = 48;
const FEW: usize = 8;
const F_SETSIG: i32 = 10;
const DN_CREATE: i32 = 0x4;
const DN_RENAME: i32 = 0x10;
const DN_MULTISHOT: i32 = i32::MIN;

/// Has changes in a directory told by a signal, as long as it is open.
fn tell_of(directory: &str, events: i32, signal: i32) {
    let fd = File::open(directory).expect("a directory").into_raw_fd();
    // SAFETY: neither takes a pointer.
    unsafe {
        must("F_SETSIG", libc::fcntl(fd, F_SETSIG, signal));
        must("F_NOTIFY", libc::fcntl(fd, libc::F_NOTIFY, events));
    }
}

fn timer() -> i32 {
    // SAFETY: zeros are a value; reads one setting.
    unsafe {
        let timer = must(
            "timerfd_create",
            libc::timerfd_create(libc::CLOCK_MONOTONIC, 0),
        );
        let mut setting: libc::itimerspec = std::mem::zeroed();
        setting.it_value.tv_sec = 100_000;
        must(
            "timerfd_settime",
            libc::timerfd_settime(timer, 0, &setting, std::ptr::null_mut()),
        );
        timer
    }
}

/// What may end at any moment.
fn be_doomed(signal: i32) {
    let told = watcher(libc::IN_NONBLOCK);
    let marked = group(FAN_CLASS_NOTIF | FAN_REPORT_FID, 0);
    let watch_both = |name: &str, firmness: u32, mask: u64| {
        fs::write(name, b"").expect("a file");
        watch(told, name, libc::IN_MODIFY);
        mark(marked, FAN_MARK_ADD | firmness, mask, name);
    };
    watch(told, "kept", libc::IN_CREATE | libc::IN_DELETE);
    fs::create_dir("doomed").expect("a directory");
    // An event is saved only as long as something is marked in its file system.
    add(marked, FAN_DELETE_SELF, "doomed");
    let mut ids = File::create("ids").expect("a file");
    for number in 0..MANY {
        watch_both(
            &format!("doomed/{number}"),
            FAN_MARK_EVICTABLE * (number as u32 % 2),
            FAN_MODIFY | FAN_DELETE_SELF,
        );
        let queue = ipc::queue(IPC_PRIVATE, 0o600);
        let semaphores = ipc::semaphores_of(IPC_PRIVATE, 1, 0o600);
        let segment = ipc::segment(IPC_PRIVATE, 4096, 0o600);
        same("send", &0, &ipc::send(queue, 1, b"doomed", 0));
        same("semop", &0, &ipc::operate(semaphores, 0, 1, libc::SEM_UNDO));
        ipc::attach(segment, 0);
        writeln!(ids, "{queue} {semaphores} {segment}").expect("write");
    }
    for number in 0..FEW {
        watch_both(&format!("mounts/{number}/file"), 0, FAN_MODIFY);
        let directory = format!("doomed/in-{number}");
        fs::create_dir(&directory).expect("a directory");
        tell_of(&directory, DN_CREATE, signal);
        let name = std::ffi::CString::new(format!("/ckpt-doomed-{number}")).expect("a name");
        queues::make(&name, libc::O_RDWR, 2, 8);
    }
}

pub fn run() {
    let [kept_signal, doomed_signal] = [0, 1].map(|more| libc::SIGRTMIN() + more);
    set_blocked(bit(kept_signal) | bit(doomed_signal));
    fs::create_dir("place").expect("a directory");
    let files = ["kept/one", "kept/two", "place/old"];
    for name in files {
        fs::write(name, b"").expect("a file");
    }

    let told = watcher(libc::IN_NONBLOCK);
    let numbers = [("kept", libc::IN_MOVED_TO), ("kept/one", libc::IN_MODIFY)];
    let [directory, file] = numbers.map(|(name, mask)| watch(told, name, mask));
    let marked = group(FAN_CLASS_NOTIF, O_RDONLY);
    add(marked, FAN_MODIFY, "kept/one");
    mark(
        marked,
        FAN_MARK_ADD | FAN_MARK_EVICTABLE,
        FAN_MODIFY,
        "kept/two",
    );
    tell_of("place", DN_RENAME | DN_MULTISHOT, kept_signal);
    mkfifo(c"fifo", 0o600);
    let fifo = open(c"fifo", libc::O_RDWR);
    let [reader, writer] = pipe(libc::O_DIRECT);
    for (fd, bytes) in [(fifo, b"fifo"), (writer, b"one."), (writer, b"two.")] {
        same("write", &Ok(4), &write(fd, bytes));
    }
    let epoll = tools::epoll();
    for (data, fd) in (0..).zip([tools::counter(1, 0), reader, fifo, timer(), told]) {
        tools::watch(epoll, fd, tools::IN, data);
    }
    let queue = ipc::queue(IPC_PRIVATE, 0o600);
    let semaphores = ipc::semaphores_of(IPC_PRIVATE, 1, 0o600);
    let segment = ipc::segment(IPC_PRIVATE, 4096, 0o600);
    let memory = ipc::attach(segment, 0);
    same("send", &0, &ipc::send(queue, 3, b"kept", 0));
    same("semop", &0, &ipc::operate(semaphores, 0, 2, libc::SEM_UNDO));
    // SAFETY: it is attached.
    unsafe { memory.write_volatile(b'k') };
    be_doomed(doomed_signal);

    checkpoint_here();

    let mut ready = tools::ready_in(epoll, 9);
    ready.sort();
    same("ready", &vec![0, 1, 2], &ready);
    let packets =
        [read(reader, 9), read(reader, 9), read(fifo, 9)].map(|bytes| bytes.expect("read"));
    same(
        "bytes",
        &[*b"one.", *b"two.", *b"fifo"].map(|bytes| bytes.to_vec()),
        &packets,
    );
    for name in &files[..2] {
        fs::write(name, b"x").expect("write");
    }
    let seen: Vec<_> = opened(marked)
        .into_iter()
        .map(|(mask, _, name)| (mask, name))
        .collect();
    same(
        "marks",
        &["one", "two"]
            .map(|name| (FAN_MODIFY, name.into()))
            .to_vec(),
        &seen,
    );
    fs::rename("kept/two", "kept/three").expect("rename");
    let seen = events(told)
        .into_iter()
        .map(|(number, mask, _, name)| (number, mask, name));
    let wanted = [
        (file, libc::IN_MODIFY, ""),
        (directory, libc::IN_MOVED_TO, "three"),
    ];
    let wanted = wanted
        .map(|(number, mask, name)| (number, mask, name.to_string()))
        .to_vec();
    same("watches", &wanted, &seen.collect());
    same("not told yet", &0, &(pending() & bit(kept_signal)));
    fs::rename("place/old", "place/new").expect("rename");
    same("told", &bit(kept_signal), &(pending() & bit(kept_signal)));
    same(
        "message",
        &Some((3, b"kept".to_vec())),
        &ipc::receive(queue, 0, libc::IPC_NOWAIT),
    );
    same(
        "semaphore",
        &2,
        &ipc::control(semaphores, 0, libc::GETVAL, 0),
    );
    // SAFETY: it is attached.
    same("memory", &b'k', unsafe { &memory.read_volatile() });
    ipc::remove_queue(queue);
    ipc::control(semaphores, 0, libc::IPC_RMID, 0);
    ipc::control_memory(segment, libc::IPC_RMID);
}
