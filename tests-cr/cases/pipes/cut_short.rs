// SPDX-License-Identifier: GPL-2.0

//! Fact: a write that has moved a part ends with it when it is frozen, as it does without a
//! checkpoint, and no byte is there twice or missing.
//!
//! Could break: made again it would write its beginning a second time.

use ckpt_support::pipes::{pattern, pipe, read, waiting, write};
use ckpt_support::{ready_inside_once, same, wait_for_go, was_checkpointed};

pub fn run() {
    if !was_checkpointed() {
        return wait_for_go();
    }
    let [reader, writer] = pipe(0);
    let bytes = pattern(70_000, 13);
    ready_inside_once(libc::SYS_write);
    same("write", &Ok(65_536), &write(writer, &bytes));
    wait_for_go();
    same("bytes in it", &65_536, &waiting(reader));
    same("content", &Ok(bytes[..65_536].to_vec()), &read(reader, 100_000));
}
