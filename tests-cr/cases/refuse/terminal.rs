// SPDX-License-Identifier: GPL-2.0

//! Fact: terminals are refused by name if a side of them is open outside, also if the very open file
//! is; and if they have another line discipline, were hung up and opened again, or are no pair.
//!
//! Could break: a char device has no content that could be shared.

use ckpt_support::pipes::{close, open};
use ckpt_support::terminals::{name, number, pair, set, slave, QUIETLY};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, may_also_refuse, must, outsider};

pub fn run() {
    let [their_master, our_slave] = pair();
    let [our_master, their_slave] = pair();
    let [shared, _] = pair();
    let names = [their_master, our_master].map(|fd| name(number(fd)));
    let [null, _] = pair();
    set(null, libc::TIOCSETD, &N_NULL);
    let [hung_up, before] = pair();
    // SAFETY: the child only makes system calls.
    let child = must("fork", unsafe { libc::fork() });
    if child == 0 {
        // SAFETY: takes no pointer.
        unsafe {
            libc::signal(libc::SIGHUP, libc::SIG_IGN);
            must("setsid", libc::setsid());
            must("TIOCSCTTY", libc::ioctl(before, libc::TIOCSCTTY, 0));
            must("vhangup", libc::vhangup());
            libc::_exit(0);
        }
    }
    // SAFETY: no status is wanted.
    must("waitpid", unsafe {
        libc::waitpid(child, std::ptr::null_mut(), 0)
    });
    let after = slave(hung_up, 0);
    let console = open(c"/dev/ttyS0", QUIETLY | libc::O_NONBLOCK);
    let pid = outsider(&[their_master, their_slave, shared]);
    close(&[their_master, their_slave]);
    for (fd, name) in [(our_slave, &names[0]), (our_master, &names[1])] {
        for says in [name, "other-end,", &format!("{pid},")] {
            expect_refusal_of_fd("TerminalOutside", fd, says);
        }
    }
    expect_refusal_of_fd("FileSharedOutside", shared, "ptmx");
    expect_refusal_of_fd("TerminalDiscipline", null, "N_TTY");
    expect_refusal_of_fd("TerminalHungUp", before, "hung");
    expect_refusal_of_fd("FileKind", console, "ttyS0");
    may_also_refuse("TerminalDiscipline");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
    close(&[after]);
}

const N_NULL: i32 = 27;
