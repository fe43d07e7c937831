// SPDX-License-Identifier: GPL-2.0

//! Fact: a pipe, or a FIFO, of which an end is open in a task outside is refused, with that task's
//! name and pid.
//!
//! Could break: the container itself has no open file in common with it.

use ckpt_support::pipes::{close, mkfifo, open, pipe};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, outsider};

pub fn run() {
    let [reader, writer] = pipe(0);
    mkfifo(c"fifo", 0o600);
    let theirs = open(c"fifo", libc::O_RDWR);
    let pid = outsider(&[writer, theirs]);
    close(&[writer, theirs]);
    let ours = open(c"fifo", libc::O_RDWR);
    for (fd, name) in [(reader, "pipe:["), (ours, "/fifo")] {
        for says in [name, "other-end,", &format!("{pid},")] {
            expect_refusal_of_fd("PipeOutside", fd, says);
        }
    }
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
