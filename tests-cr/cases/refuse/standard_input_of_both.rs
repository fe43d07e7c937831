// SPDX-License-Identifier: GPL-2.0

//! Fact: a pipe with both of its ends in the container and another one outside is refused, also if
//! it is standard input.
//!
//! Could break: handed in, what the container tells itself through it would be lost.

use ckpt_support::pipes::{again, close, pipe};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, outsider};

pub fn run() {
    let [reader, writer] = pipe(0);
    // SAFETY: takes no pointer.
    must("dup2", unsafe { libc::dup2(reader, 0) });
    let theirs = again(writer, libc::O_WRONLY);
    let pid = outsider(&[theirs]);
    close(&[reader, theirs]);
    expect_refusal_of_fd("PipeOutside", 0, &format!("{pid},"));
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
