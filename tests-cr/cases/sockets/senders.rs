// SPDX-License-Identifier: GPL-2.0

//! Fact: who is at the other end, and who has sent each message, is told as before: user, group, groups,
//! pid and pidfd, also of a child that is gone.
//!
//! Could break: the kernel knows them by process, not by number.

use ckpt_support::pipes::{close, write};
use ckpt_support::unix::{
    accept, bind, connect, listen, option, pair, receive_message, set_option, socket,
};
use ckpt_support::{checkpoint_here, must, same};

const SO_PEERPIDFD: i32 = 77;
const SO_PASSPIDFD: i32 = 76;

fn pid_behind(pidfd: i32) -> i32 {
    let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{pidfd}")).expect("fdinfo");
    let line = info.lines().find_map(|line| line.strip_prefix("Pid:"));
    line.expect("Pid").trim().parse().expect("a number")
}

pub fn run() {
    let name = format!("\0senders-{}", std::process::id()).into_bytes();
    let listener = socket(libc::SOCK_SEQPACKET);
    bind(listener, &name).expect("bind");
    listen(listener, 5);
    set_option(listener, libc::SO_PASSCRED, 1).expect("SO_PASSCRED");
    let stream = pair(libc::SOCK_STREAM);
    set_option(stream[1], libc::SO_PASSCRED, 1).expect("SO_PASSCRED");
    set_option(stream[1], SO_PASSPIDFD, 1).expect("SO_PASSPIDFD");
    write(stream[0], b"mine").expect("write");
    // SAFETY: one thread.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        // SAFETY: reads three numbers; the others take none.
        unsafe {
            libc::setgroups(3, [7, 8, 9].as_ptr());
            libc::setresgid(71, 72, 73);
            libc::setresuid(61, 62, 63);
        }
        write(stream[0], b"child's").expect("write");
        let client = socket(libc::SOCK_SEQPACKET);
        connect(client, &name).expect("connect");
        write(client, b"hello").expect("write");
        // SAFETY: takes no pointer.
        unsafe { libc::_exit(3) };
    }
    // SAFETY: null is no status.
    must("waitpid", unsafe {
        libc::waitpid(child, std::ptr::null_mut(), 0)
    });
    write(stream[0], b"mine again").expect("write");
    let pair = pair(libc::SOCK_DGRAM);
    let credentials = |fd| (option(fd, libc::SO_PEERCRED), option(fd, libc::SO_PEERGROUPS));
    let before = [pair[0], stream[0], listener].map(credentials);

    checkpoint_here();

    same("peers", &before, &[pair[0], stream[0], listener].map(credentials));
    let me = std::process::id() as i32;
    let pidfd = option(pair[0], SO_PEERPIDFD).expect("a pidfd");
    let pidfd = i32::from_ne_bytes(pidfd.try_into().expect("a number"));
    same("whose", &me, &pid_behind(pidfd));
    close(&[pidfd]);

    // SAFETY: takes no pointer.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    for (bytes, sender) in [
        (&b"mine"[..], (me, uid, gid)),
        (b"child's", (child, 61, 71)),
        (b"mine again", (me, uid, gid)),
    ] {
        // Not glued to what somebody else has written.
        let got = receive_message(stream[1], 100, 0).expect("a message");
        same("bytes", &bytes.to_vec(), &got.bytes);
        same("sender", &Some(sender), &got.sender);
        let whose = pid_behind(got.pidfd.expect("a pidfd"));
        same("pidfd", &(if sender.0 == me { me } else { -1 }), &whose);
    }
    let accepted = accept(listener).expect("accept");
    let got = receive_message(accepted, 100, 0).expect("a message");
    same("bytes", &b"hello".to_vec(), &got.bytes);
    same("sender", &Some((child, 61, 71)), &got.sender);
    let expected = [child, 62, 72].map(i32::to_ne_bytes).concat();
    same("peer", &Ok(expected), &option(accepted, libc::SO_PEERCRED));
    let groups = [7, 8, 9].map(i32::to_ne_bytes).concat();
    same("groups", &Ok(groups), &option(accepted, libc::SO_PEERGROUPS));
}
