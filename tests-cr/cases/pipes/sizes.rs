// SPDX-License-Identifier: GPL-2.0

//! Fact: the room of a pipe (F_SETPIPE_SZ) is as it was, and cannot be made less than what is in it.
//!
//! Could break: a new pipe has sixteen pages, and how many are in use is more than a number of bytes.

use ckpt_support::pipes::{pipe, read, room, set_room, write};
use ckpt_support::{checkpoint_here, page_size, same};

pub fn run() {
    let page = page_size();
    let sizes = [page, 2 * page, 16 * page, 64 * page, 1 << 20, 4 << 20];
    let pipes = sizes.map(|size| {
        let ends = pipe(0);
        same("F_SETPIPE_SZ", &Ok(size as i32), &set_room(ends[1], size));
        ends
    });
    // Three pages, none of them full, since the first was read in part.
    let [reader, writer] = pipes[3];
    write(writer, &vec![1; 3 * page]).expect("write");
    read(reader, 100).expect("read");

    checkpoint_here();

    for (size, [reader, writer]) in sizes.iter().zip(pipes) {
        same("room", &(*size as i32), &room(reader));
        same("room", &(*size as i32), &room(writer));
    }
    same("less", &Err(libc::EBUSY), &set_room(reader, 2 * page));
    same("enough", &Ok(4 * page as i32), &set_room(reader, 4 * page));
    same("content", &Ok(vec![1; 3 * page - 100]), &read(reader, 9 * page));
    same("less now", &Ok(page as i32), &set_room(reader, page));
}
