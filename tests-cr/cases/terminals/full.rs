// SPDX-License-Identifier: GPL-2.0

//! Fact: a terminal that is full in both directions keeps everything, in order; and takes no byte
//! more or less than it would have, even after some has been read.
//!
//! Could break: most of it lies in buffers between the two sides, whose sizes count.

use ckpt_support::pipes::{drain, events, pattern, read, set_flags, write};
use ckpt_support::terminals::{make_raw, pair};
use ckpt_support::{checkpoint_here, same};

/// Fills it with writes of this size, each of which goes as far as it can at once; everything that
/// went in.
fn fill(fd: i32, other: i32, size: usize, seed: u8) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let bytes = pattern(size, seed ^ all.len() as u8);
        match write(fd, &bytes) {
            Ok(count) => all.extend_from_slice(&bytes[..count]),
            Err(error) => {
                same("full", &libc::EAGAIN, &error);
                return all;
            }
        }
        events(other);
    }
}

/// Another that has seen the same, without a checkpoint.
fn make() -> ([i32; 2], [Vec<u8>; 2]) {
    let [master, slave] = pair();
    make_raw(slave);
    set_flags(master, libc::O_RDWR | libc::O_NONBLOCK);
    set_flags(slave, libc::O_RDWR | libc::O_NONBLOCK);
    let input = fill(master, slave, 700, 1);
    let output = fill(slave, master, 33, 2);
    ([master, slave], [input, output])
}

pub fn run() {
    let ([master, slave], [input, output]) = make();
    let ready = [events(master), events(slave)];

    checkpoint_here();

    same("as ready", &ready, &[events(master), events(slave)]);
    same("no more in", &Err(libc::EAGAIN), &write(master, b"x"));
    same("no more out", &Err(libc::EAGAIN), &write(slave, b"x"));
    let ([other_master, other_slave], [other_input, _]) = make();
    same("as much in", &other_input.len(), &input.len());
    let taste = |fd| {
        let mut all = Vec::new();
        while all.len() < 5000 {
            match read(fd, 5000 - all.len()) {
                Ok(bytes) => all.extend(bytes),
                Err(_) => std::thread::yield_now(),
            }
        }
        events(fd);
        all
    };
    let (in_part, out_part) = (taste(slave), taste(master));
    let _ = (taste(other_slave), taste(other_master));
    let (more, as_much) = (
        fill(master, slave, 100, 3),
        fill(other_master, other_slave, 100, 3),
    );
    same("as much again", &as_much.len(), &more.len());
    let all = |part: Vec<u8>, fd| [part, settled(fd)].concat();
    same("all in", &(&input[..] == &all(in_part, slave)[..input.len()]), &true);
    same("all out", &(output == all(out_part, master)), &true);
}

/// Everything, also what is still on its way.
fn settled(fd: i32) -> Vec<u8> {
    let mut all = Vec::new();
    for _ in 0..50 {
        all.extend(drain(fd, 4096).0);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    all
}
