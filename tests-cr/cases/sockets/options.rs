// SPDX-License-Identifier: GPL-2.0

//! Fact: sockets of each type have the options that they had, connected or not.
//!
//! Could break: options are bits and numbers all over the socket.

use ckpt_support::unix::{number, option, pair, set_option, socket};
use ckpt_support::{checkpoint_here, same};

const SO_PASSPIDFD: i32 = 76;
const SO_PASSRIGHTS: i32 = 83;
const SO_INQ: i32 = 84;
const SO_RCVPRIORITY: i32 = 82;
const SO_TIMESTAMPING_NEW: i32 = 65;
const SO_TIMESTAMPNS_NEW: i32 = 64;
const SO_BUF_LOCK: i32 = 72;
const SO_NOFCS: i32 = 43;
const SO_TXTIME: i32 = 61;
const SO_PREFER_BUSY_POLL: i32 = 69;
const SO_BUSY_POLL_BUDGET: i32 = 70;
const SO_RCVMARK: i32 = 75;

/// Every option that says something, but for cookies.
const ALL: [i32; 46] = [
    libc::SO_DEBUG,
    libc::SO_REUSEADDR,
    libc::SO_TYPE,
    libc::SO_ERROR,
    libc::SO_DONTROUTE,
    libc::SO_BROADCAST,
    libc::SO_SNDBUF,
    libc::SO_RCVBUF,
    libc::SO_KEEPALIVE,
    libc::SO_OOBINLINE,
    libc::SO_NO_CHECK,
    libc::SO_PRIORITY,
    libc::SO_LINGER,
    libc::SO_PASSCRED,
    libc::SO_PEERCRED,
    libc::SO_RCVLOWAT,
    libc::SO_RCVTIMEO,
    libc::SO_SNDTIMEO,
    libc::SO_TIMESTAMP,
    libc::SO_ACCEPTCONN,
    libc::SO_PASSSEC,
    libc::SO_TIMESTAMPNS,
    libc::SO_MARK,
    libc::SO_TIMESTAMPING,
    libc::SO_DOMAIN,
    libc::SO_PROTOCOL,
    libc::SO_RXQ_OVFL,
    libc::SO_WIFI_STATUS,
    libc::SO_PEEK_OFF,
    libc::SO_LOCK_FILTER,
    libc::SO_SELECT_ERR_QUEUE,
    libc::SO_INCOMING_CPU,
    libc::SO_MAX_PACING_RATE,
    libc::SO_BUSY_POLL,
    SO_PREFER_BUSY_POLL,
    SO_BUSY_POLL_BUDGET,
    SO_TXTIME,
    SO_RCVMARK,
    SO_NOFCS,
    SO_INQ,
    SO_BUF_LOCK,
    SO_PASSPIDFD,
    SO_RCVPRIORITY,
    SO_PASSRIGHTS,
    SO_TIMESTAMPNS_NEW,
    SO_TIMESTAMPING_NEW,
];

fn set_many(socket: i32, is_stream: bool) {
    let on = [
        libc::SO_REUSEADDR,
        libc::SO_DONTROUTE,
        libc::SO_BROADCAST,
        libc::SO_KEEPALIVE,
        libc::SO_OOBINLINE,
        libc::SO_PASSCRED,
        libc::SO_PASSSEC,
        libc::SO_RXQ_OVFL,
        libc::SO_SELECT_ERR_QUEUE,
        libc::SO_DEBUG,
        libc::SO_WIFI_STATUS,
        SO_NOFCS,
        SO_PREFER_BUSY_POLL,
        SO_RCVMARK,
        libc::SO_LOCK_FILTER,
        SO_PASSPIDFD,
        SO_RCVPRIORITY,
    ];
    for option in on {
        set_option(socket, option, 1).expect("an option");
    }
    set_option(socket, SO_PASSRIGHTS, 0).expect("no files");
    for (option, value) in [
        (libc::SO_SNDBUF, 33_333),
        (libc::SO_PRIORITY, 5),
        (libc::SO_RCVLOWAT, 17),
        (libc::SO_PEEK_OFF, 3),
        (libc::SO_MARK, 0x1234),
        (libc::SO_TIMESTAMPNS, 1),
        (libc::SO_TIMESTAMPING, 0x18),
        (libc::SO_INCOMING_CPU, 3),
        (libc::SO_BUSY_POLL, 55),
        (SO_BUSY_POLL_BUDGET, 77),
    ] {
        set_option(socket, option, value).expect("a number");
    }
    set_option(socket, libc::SO_MAX_PACING_RATE, 12_345_678_901_u64).expect("a rate");
    // CLOCK_TAI, by a deadline, with errors.
    set_option(socket, SO_TXTIME, [libc::CLOCK_TAI, 3]).expect("SO_TXTIME");
    // More than the limit, which takes a right.
    set_option(socket, libc::SO_RCVBUFFORCE, 50_000_000).expect("a large buffer");
    let time = libc::timeval {
        tv_sec: 1_234,
        tv_usec: 560_000,
    };
    set_option(socket, libc::SO_RCVTIMEO, time).expect("a timeout");
    let linger = libc::linger {
        l_onoff: 1,
        l_linger: 77,
    };
    set_option(socket, libc::SO_LINGER, linger).expect("linger");
    if is_stream {
        set_option(socket, SO_INQ, 1).expect("SO_INQ");
    }
}

pub fn run() {
    let mut sockets = Vec::new();
    for kind in [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_SEQPACKET] {
        let changed = [pair(kind)[0], pair(kind)[1], socket(kind), socket(kind)];
        set_many(changed[1], kind == libc::SOCK_STREAM);
        set_many(changed[3], kind == libc::SOCK_STREAM);
        sockets.extend(changed);
    }
    let look = |socket: i32| ALL.map(|name| option(socket, name));
    let before: Vec<_> = sockets.iter().map(|socket| look(*socket)).collect();
    let owner = sockets[2];
    // SAFETY: takes no pointer.
    unsafe { libc::fchmod(owner, 0o640) };
    // SAFETY: zeros are a result, and there is room for it.
    let mode = |fd| unsafe {
        let mut status: libc::stat = std::mem::zeroed();
        libc::fstat(fd, &mut status);
        (status.st_mode, status.st_uid, status.st_gid, status.st_mtime)
    };
    let inode = mode(owner);

    checkpoint_here();

    for (index, (socket, before)) in sockets.iter().zip(&before).enumerate() {
        for (name, (before, now)) in ALL.iter().zip(before.iter().zip(&look(*socket))) {
            same(&format!("option {name} of socket {index}"), before, now);
        }
    }
    same("its inode", &inode, &mode(owner));
    same("nothing sent", &0, &number(sockets[0], libc::TIOCOUTQ));
}
