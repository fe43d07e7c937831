// SPDX-License-Identifier: GPL-2.0

//! Sockets that take more than their program has: an option that somebody else has set, a message from
//! somebody else, a server outside.

use std::ffi::CString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use ckpt_support::pipes::{close, flags, open, pipe, read, write};
use ckpt_support::unix::{bind, connect, pair, receive, set_option, socket};
use ckpt_support::{checkpoint_here, must, same};

const CAPABILITIES: [u32; 4] = [6, 7, 12, 13];
const SO_TXTIME: i32 = 61;
const SO_PREFER_BUSY_POLL: i32 = 69;
const SO_BUSY_POLL_BUDGET: i32 = 70;

/// Becomes one without CAP_SETGID, CAP_SETUID, CAP_NET_ADMIN and CAP_NET_RAW, as another program too.
fn drop_capabilities() {
    let header = [0x2008_0522u32, 0];
    let mut sets = [0u32; 6];
    for number in CAPABILITIES {
        // SAFETY: takes no pointer.
        must("prctl", unsafe {
            libc::prctl(libc::PR_CAPBSET_DROP, number, 0, 0, 0)
        });
    }
    // SAFETY: fills two times three sets.
    must("capget", unsafe {
        libc::syscall(libc::SYS_capget, header.as_ptr(), sets.as_mut_ptr())
    });
    for set in &mut sets[..3] {
        *set &= !CAPABILITIES.iter().fold(0u32, |all, one| all | 1 << one);
    }
    // SAFETY: reads two times three sets.
    must("capset", unsafe {
        libc::syscall(libc::SYS_capset, header.as_ptr(), sets.as_ptr())
    });
}

/// What is open at 0, 1 and 2, opened by who has no more rights than we have now.
fn open_again() {
    for fd in 0..3 {
        let path = CString::new(format!("/proc/self/fd/{fd}")).expect("a path");
        let mode = flags(fd) & (libc::O_ACCMODE | libc::O_APPEND);
        let again = open(&path, mode);
        // SAFETY: takes no pointer.
        must("dup2", unsafe { libc::dup2(again, fd) });
        close(&[again]);
    }
}

/// Has a child that may set the option that the file `option` says, or send as somebody else, do so.
pub fn with_option() {
    let which = std::fs::read_to_string("option").expect("an option");
    let Ok(known) = std::env::var("CHILD") else {
        let asks = pipe(0);
        // SAFETY: one thread.
        let child = must("fork", unsafe { libc::fork() });
        if child == 0 {
            helps(&which, asks[0]);
        }
        drop_capabilities();
        let mut again = Command::new("/proc/self/exe");
        again.arg("samples/with_option");
        again.env("CHILD", format!("{child} {} {}", asks[0], asks[1]));
        panic!("{}", again.exec());
    };
    let mut known = known
        .split(' ')
        .map(|number| number.parse().expect("a number"));
    let mut next = || known.next().expect("a number");
    let (child, asks) = (next(), [next(), next()]);
    open_again();
    let pair = pair(libc::SOCK_DGRAM);
    set_option(pair[1], libc::SO_PASSCRED, 1).expect("SO_PASSCRED");
    assert_eq!(write(asks[1], &pair[0].to_ne_bytes()), Ok(4));
    let mut status = 0;
    // SAFETY: fills one number.
    must("waitpid", unsafe { libc::waitpid(child, &mut status, 0) });
    assert_eq!(status, 0, "{which}");
    close(&asks);
    checkpoint_here();
    same(
        "a message",
        &Ok(b"message".to_vec()),
        &receive(pair[1], 100, 0),
    );
}

/// Takes a socket of its parent, and does that to it.
fn helps(which: &str, asks: i32) -> ! {
    let bytes = read(asks, 4).expect("a number");
    let number = i32::from_ne_bytes(bytes.try_into().expect("a number"));
    // SAFETY: takes no pointer.
    let parent = must("pidfd_open", unsafe {
        libc::syscall(libc::SYS_pidfd_open, libc::getppid(), 0)
    });
    // SAFETY: takes no pointer.
    let taken = must("pidfd_getfd", unsafe {
        libc::syscall(libc::SYS_pidfd_getfd, parent, number, 0)
    });
    set(which, taken as i32);
    // SAFETY: takes no pointer.
    unsafe { libc::_exit(0) }
}

fn set(which: &str, one: i32) {
    let set = |option, value: i32| set_option(one, option, value).expect("an option");
    match which {
        "mark" => set(libc::SO_MARK, 1),
        "priority" => set(libc::SO_PRIORITY, 7),
        "send_buffer" => set(libc::SO_SNDBUFFORCE, 50_000_000),
        "receive_buffer" => set(libc::SO_RCVBUFFORCE, 50_000_000),
        "debug" => set(libc::SO_DEBUG, 1),
        "poll" => set(SO_PREFER_BUSY_POLL, 1),
        "budget" => set(SO_BUSY_POLL_BUDGET, 9),
        "clock" => set_option(one, SO_TXTIME, [libc::CLOCK_REALTIME, 0]).expect("SO_TXTIME"),
        // SAFETY: takes no pointer.
        "sender" => unsafe {
            must("setresgid", libc::setresgid(71, 71, 71));
            must("setresuid", libc::setresuid(61, 61, 61)) as usize
        },
        which => panic!("{which}"),
    };
    assert_eq!(write(one, b"message"), Ok(7));
}

/// Sends to the server "server", here, before and after.
pub fn client() {
    let client = socket(libc::SOCK_DGRAM);
    bind(client, b"client").expect("bind");
    connect(client, b"server").expect("connect");
    assert_eq!(write(client, b"before"), Ok(6));
    checkpoint_here();
    assert_eq!(write(client, b"after"), Ok(5));
}
