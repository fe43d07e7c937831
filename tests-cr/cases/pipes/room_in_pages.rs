// SPDX-License-Identifier: GPL-2.0

//! Fact: as much fits in as before: a page that was half read takes no more than what is left of it,
//! and one that was spliced in takes nothing.
//!
//! Could break: bytes alone do not tell; a pipe made anew from them has more room or less.

use ckpt_support::pipes::{again, drain, fill_up, pattern, pipe, read, waiting, write};
use ckpt_support::{checkpoint_here, page_size, same};

/// A pipe with pages of every kind.
fn odd() -> [i32; 2] {
    let [reader, writer] = pipe(0);
    let page = page_size();
    write(writer, &pattern(page, 1)).expect("write");
    write(writer, &pattern(page - 100, 2)).expect("write");
    // One page has gone, of the other a piece.
    read(reader, page + 3_000).expect("read");
    [reader, writer]
}

pub fn run() {
    let [reader, writer] = odd();
    let fresh = || {
        let [reader, writer] = odd();
        let count = fill_up(writer);
        (count, waiting(reader), drain(reader, page_size()))
    };
    let expected = fresh();

    checkpoint_here();

    same("a fresh pipe", &expected, &fresh());
    let count = fill_up(writer);
    let other = again(reader, libc::O_RDONLY);
    let found = (count, waiting(reader), drain(other, page_size()));
    same("the old one", &expected, &found);
}
