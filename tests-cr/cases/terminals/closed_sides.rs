// SPDX-License-Identifier: GPL-2.0

//! Fact: a slave that was closed, or hung up, or has lost its master, reads as it did; so does /dev/tty.
//!
//! Could break: each is another state of the pair, and a closed master takes the name away.

use ckpt_support::pipes::{close, drain, events, flags, open, read, write};
use ckpt_support::terminals::{master, name, number, pair, settings, shown, slave};
use ckpt_support::{checkpoint_here, link_of, must, same};

pub fn run() {
    let [closed, closed_slave] = pair();
    same("last words", &Ok(6), &write(closed_slave, b"so it "));
    close(&[closed_slave]);
    let unopened = master();
    let [left, left_slave] = pair();
    let left_again = slave(left, libc::O_NONBLOCK);
    let lost = name(number(left));
    same("lost", &Ok(2), &write(left, b"x\n"));
    close(&[left]);
    // Hung up by somebody whom it controlled, and still open.
    let [hung_up, hung_up_slave] = pair();
    // SAFETY: the child only makes system calls.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        // SAFETY: takes no pointer.
        unsafe {
            libc::signal(libc::SIGHUP, libc::SIG_IGN);
            must("setsid", libc::setsid());
            must("TIOCSCTTY", libc::ioctl(hung_up_slave, libc::TIOCSCTTY, 0));
            must("vhangup", libc::vhangup());
            libc::_exit(0);
        }
    }
    // SAFETY: no status is wanted.
    must("waitpid", unsafe {
        libc::waitpid(child, std::ptr::null_mut(), 0)
    });
    // What controls this program, under both names.
    let [own, own_slave] = pair();
    // SAFETY: takes no pointer.
    must("TIOCSCTTY", unsafe {
        libc::ioctl(own_slave, libc::TIOCSCTTY, 0)
    });
    let tty = open(c"/dev/tty", libc::O_RDWR | libc::O_NONBLOCK);
    close(&[own_slave]);
    let all = [
        closed, unopened, left_slave, left_again, hung_up, hung_up_slave, own, tty,
    ];
    let look = || (all.map(events), all.map(flags), all.map(link_of));
    let before = look();
    let hup = libc::POLLHUP;
    let seen = [0, 2, 4, 5].map(|at| before.0[at] & hup != 0);
    same("hung up", &[true, true, false, true], &seen);

    checkpoint_here();

    same("as ready", &before, &look());
    same("last words", &b"so it ".to_vec(), &drain(closed, 100).0);
    same("and then", &Err(libc::EIO), &read(closed, 100));
    let again = slave(closed, 0);
    same("opened again", &Ok(2), &write(again, b"is"));
    same("reads", &Ok(b"is".to_vec()), &read(closed, 100));
    let late = slave(unopened, 0);
    same("a late one", &Ok(2), &write(late, b"ok"));
    same("reads", &Ok(b"ok".to_vec()), &read(unopened, 100));
    for fd in [left_slave, left_again, hung_up_slave] {
        same("ended", &Ok(Vec::new()), &read(fd, 10));
        same("cannot be written", &Err(libc::EIO), &write(fd, b"x"));
    }
    same("its name", &false, &std::fs::exists(&lost).unwrap_or(true));
    let fresh = slave(hung_up, 0);
    same("fresh", &shown(&settings(late)), &shown(&settings(fresh)));
    same("write", &Ok(1), &write(fresh, b"f"));
    same("read", &Ok(b"f".to_vec()), &read(hung_up, 10));
    same("write", &Ok(3), &write(tty, b"tty"));
    same("read", &Ok(b"tty".to_vec()), &read(own, 10));
    let other = open(c"/dev/tty", libc::O_RDWR);
    same("write", &Ok(1), &write(other, b"!"));
    same("read", &Ok(b"!".to_vec()), &read(own, 10));
}
