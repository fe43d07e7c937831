// SPDX-License-Identifier: GPL-2.0

//! Fact: packets stay packets: one read gets one, and what did not fit is gone.
//!
//! Could break: their borders are flags of the kernel's buffers, not in the bytes.

use ckpt_support::pipes::{pattern, pipe, read, set_flags, waiting, write};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    let [reader, writer] = pipe(libc::O_DIRECT);
    write(writer, b"one").expect("write");
    write(writer, b"a second one").expect("write");
    write(writer, &pattern(4096, 3)).expect("write");
    // Longer than a packet can be: two.
    write(writer, &pattern(5_000, 4)).expect("write");
    // From now on bytes, and then packets again.
    set_flags(writer, 0);
    write(writer, b"bytes, ").expect("write");
    write(writer, b"bytes").expect("write");
    set_flags(writer, libc::O_DIRECT);
    write(writer, b"last").expect("write");

    checkpoint_here();

    same("bytes in it", &(3 + 12 + 4096 + 5_000 + 12 + 4), &waiting(reader));
    same("one", &Ok(b"one".to_vec()), &read(reader, 100));
    same("the beginning of the second", &Ok(b"a sec".to_vec()), &read(reader, 5));
    same("a page", &Ok(pattern(4096, 3)), &read(reader, 10_000));
    same("most", &Ok(pattern(5_000, 4)[..4096].to_vec()), &read(reader, 10_000));
    same("the rest", &Ok(pattern(5_000, 4)[4096..].to_vec()), &read(reader, 10_000));
    same("bytes", &Ok(b"bytes, byteslast".to_vec()), &read(reader, 10_000));
    write(writer, b"new").expect("write");
    write(writer, b"packets").expect("write");
    same("new", &Ok(b"new".to_vec()), &read(reader, 10_000));
}
