// SPDX-License-Identifier: GPL-2.0

//! Fact: an end of a pipe, and a socket, that an io_uring outside has among its own files are refused, by
//! descriptor.
//!
//! Could break: nobody outside has them in his table, and what is written there after a restart goes
//! nowhere.

use ckpt_support::pipes::{close, pipe};
use ckpt_support::{checkpoint_here, expect_refusal_of_fd, may_also_refuse, must, outsider, raw, unix};

const IORING_REGISTER_FILES: usize = 2;

pub fn run() {
    let [reader, writer] = pipe(0);
    let sockets = unix::pair(libc::SOCK_STREAM);
    let mut parameters = [0u8; 120];
    let ring = [4, parameters.as_mut_ptr() as usize];
    let ring = must("io_uring_setup", raw(libc::SYS_io_uring_setup, &ring)) as i32;
    let files = [writer, sockets[0]];
    let own = [ring as usize, IORING_REGISTER_FILES, files.as_ptr() as usize, files.len()];
    must("io_uring_register", raw(libc::SYS_io_uring_register, &own));
    let pid = outsider(&[ring]);
    close(&[ring]);
    // We are marked as one that has used an io_uring.
    may_also_refuse("TaskFeature");
    for file in files {
        expect_refusal_of_fd("FileHeld", file, "io_uring");
    }
    checkpoint_here();
    close(&[reader, writer]);
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
