// SPDX-License-Identifier: GPL-2.0

//! Fact: what was written into a pipe and not read is there, in order; then it is a pipe as ever.
//!
//! Could break: its content is in the kernel only, in pages of which some are half read.

use ckpt_support::pipes::{close, pattern, pipe, read, waiting, write};
use ckpt_support::{checkpoint_here, same};

pub fn run() {
    let [reader, writer] = pipe(0);
    let bytes = pattern(30_000, 7);
    for part in bytes.chunks(7_001) {
        same("write", &Ok(part.len()), &write(writer, part));
    }
    same("read", &Ok(bytes[..5_003].to_vec()), &read(reader, 5_003));

    checkpoint_here();

    same("bytes in it", &(30_000 - 5_003), &waiting(reader));
    same("content", &Ok(bytes[5_003..].to_vec()), &read(reader, 40_000));
    same("write", &Ok(5), &write(writer, b"later"));
    same("what was written later", &Ok(b"later".to_vec()), &read(reader, 9));
    close(&[writer]);
    same("the end", &Ok(Vec::new()), &read(reader, 9));
}
