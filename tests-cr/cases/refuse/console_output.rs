// SPDX-License-Identifier: GPL-2.0

//! Fact: a terminal that output of the console goes to (TIOCCONS) is refused.
//!
//! Could break: it belongs to the whole machine, and only the terminal knows.

use ckpt_support::pipes::{close, open};
use ckpt_support::terminals::{call, pair};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd};

pub fn run() {
    let [master, terminal] = pair();
    call(terminal, libc::TIOCCONS, 0).expect("TIOCCONS");
    expect_refusal_of_fd("TerminalConsole", master, "/dev/pts/");
    expect_refusal_of_fd("TerminalConsole", terminal, "/dev/pts/");
    checkpoint_here();
    let console = open(c"/dev/console", libc::O_WRONLY | libc::O_NOCTTY);
    call(console, libc::TIOCCONS, 0).expect("TIOCCONS");
    close(&[console]);
}
