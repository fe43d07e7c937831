// SPDX-License-Identifier: GPL-2.0

//! Fact: a FIFO is opened again by its name, all its ends of one pipe, with what is in it.
//!
//! Could break: opening one end of a FIFO waits for the other.

use ckpt_support::pipes::{
    are_one, close, events, flags, mkfifo, open, read, room, set_flags, set_room, waiting, write,
};
use ckpt_support::{check, checkpoint_here, same};

pub fn run() {
    mkfifo(c"fifo", 0o640);
    let both = open(c"fifo", libc::O_RDWR);
    let reader = open(c"fifo", libc::O_RDONLY);
    let writer = open(c"fifo", libc::O_WRONLY | libc::O_APPEND);
    let quick = open(c"fifo", libc::O_RDONLY | libc::O_NONBLOCK);
    set_flags(writer, libc::O_DIRECT);
    set_room(both, 8192).expect("F_SETPIPE_SZ");
    write(both, b"bytes").expect("write");
    write(writer, b"packet").expect("write");
    let fds = [both, reader, writer, quick];
    let before = fds.map(|fd| (flags(fd), room(fd), waiting(fd), events(fd)));

    checkpoint_here();

    let now = fds.map(|fd| (flags(fd), room(fd), waiting(fd), events(fd)));
    same("what can be seen", &before, &now);
    check(fds.iter().all(|&fd| are_one(both, fd)), "not one pipe");
    same("bytes, and the packet", &Ok(b"bytespacket".to_vec()), &read(quick, 100));
    same("nothing more", &Err(libc::EAGAIN), &read(quick, 100));
    let late = open(c"fifo", libc::O_WRONLY | libc::O_NONBLOCK);
    write(late, b"late").expect("write");
    same("by its name", &Ok(b"late".to_vec()), &read(reader, 100));
    close(&[both, writer, late]);
    same("poll", &libc::POLLHUP, &events(quick));
    same("the end", &Ok(Vec::new()), &read(reader, 100));
}
