// SPDX-License-Identifier: GPL-2.0

//! Fact: a terminal that is full in both directions keeps everything, in order, and takes no byte more.
//!
//! Could break: most of it lies in buffers between the two sides.

use ckpt_support::pipes::{drain, events, pattern, set_flags, write};
use ckpt_support::terminals::{make_raw, pair};
use ckpt_support::{checkpoint_here, same};

/// Fills it with writes of this size, until it stays full; everything that went in.
fn fill(fd: i32, size: usize, seed: u8) -> Vec<u8> {
    let (mut all, mut quiet) = (Vec::new(), 0);
    while quiet < 20 {
        let bytes = pattern(size, seed ^ all.len() as u8);
        match write(fd, &bytes) {
            Ok(count) => {
                all.extend_from_slice(&bytes[..count]);
                quiet = 0;
            }
            Err(error) => {
                same("full", &libc::EAGAIN, &error);
                // What was written is moved on by somebody else, and makes room.
                std::thread::sleep(std::time::Duration::from_millis(5));
                quiet += 1;
            }
        }
    }
    all
}

pub fn run() {
    let [master, slave] = pair();
    make_raw(slave);
    set_flags(master, libc::O_RDWR | libc::O_NONBLOCK);
    set_flags(slave, libc::O_RDWR | libc::O_NONBLOCK);
    let input = fill(master, 700, 1);
    let output = fill(slave, 33, 2);
    let ready = [events(master), events(slave)];

    checkpoint_here();

    same("as ready", &ready, &[events(master), events(slave)]);
    same("no more in", &Err(libc::EAGAIN), &write(master, b"x"));
    same("no more out", &Err(libc::EAGAIN), &write(slave, b"x"));
    same("all in", &true, &(input == settled(slave)));
    same("all out", &true, &(output == settled(master)));
    same("in again", &Ok(2), &write(master, b"in"));
    same("reads", &b"in".to_vec(), &settled(slave));
    same("out again", &Ok(3), &write(slave, b"out"));
    same("reads", &b"out".to_vec(), &settled(master));
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
