// SPDX-License-Identifier: GPL-2.0

//! Fact: a full pipe is full: nothing more goes in, and poll says so, until a page has been read.
//!
//! Could break: bytes that are packed anew leave room that was not there.

use ckpt_support::pipes::{events, pattern, pipe, read, room, waiting, write};
use ckpt_support::{checkpoint_here, page_size, same};

pub fn run() {
    let [reader, writer] = pipe(libc::O_NONBLOCK);
    let mut wrote = 0;
    // In pieces that do not share pages.
    while let Ok(count) = write(writer, &pattern(page_size() / 2 + 1, wrote as u8)) {
        wrote += count;
    }
    let sparse = pipe(libc::O_NONBLOCK | libc::O_DIRECT);
    while write(sparse[1], b"x") == Ok(1) {}

    checkpoint_here();

    same("bytes in it", &(wrote as i32), &waiting(reader));
    let half = page_size() / 2;
    same("write", &Err(libc::EAGAIN), &write(writer, &vec![1; half]));
    same("poll", &(libc::POLLIN, 0), &(events(reader), events(writer)));
    let pages = room(reader) / page_size() as i32;
    same("packets", &pages, &waiting(sparse[0]));
    same("write", &Err(libc::EAGAIN), &write(sparse[1], b"x"));
    same("read", &Ok(b"x".to_vec()), &read(sparse[0], 100));
    same("write", &Ok(1), &write(sparse[1], b"y"));
    same("write", &Err(libc::EAGAIN), &write(sparse[1], b"x"));
    let piece = pattern(page_size() / 2 + 1, 0);
    same("read", &Ok(piece.clone()), &read(reader, piece.len()));
    same("what is left of a page", &Ok(half - 1), &write(writer, &vec![1; half - 1]));
    same("a page", &Ok(half), &write(writer, &vec![1; half]));
    same("write", &Err(libc::EAGAIN), &write(writer, &vec![1; half + 1]));
}
