// SPDX-License-Identifier: GPL-2.0

//! Fact: an eventfd to which an io_uring outside counts is refused, by descriptor.
//!
//! Could break: nobody outside has it open, and what completes there would be told to nobody.

use ckpt_support::pipes::close;
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, may_also_refuse, must, outsider, raw};

const IORING_REGISTER_EVENTFD: usize = 4;

pub fn run() {
    // SAFETY: takes no pointer.
    let number = must("eventfd", unsafe { libc::eventfd(0, 0) });
    let mut parameters = [0u8; 120];
    let ring = [4, parameters.as_mut_ptr() as usize];
    let ring = must("io_uring_setup", raw(libc::SYS_io_uring_setup, &ring)) as i32;
    let registered = (&raw const number) as usize;
    let told = [ring as usize, IORING_REGISTER_EVENTFD, registered, 1];
    must("io_uring_register", raw(libc::SYS_io_uring_register, &told));
    let pid = outsider(&[ring]);
    close(&[ring]);
    // We are marked as one that has used an io_uring.
    may_also_refuse("TaskFeature");
    expect_refusal_of_fd("EventfdHeld", number, "io_uring");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
