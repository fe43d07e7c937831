// SPDX-License-Identifier: GPL-2.0

//! Fact: a program in a memfd can still be run.
//!
//! Could break: a memfd that is opened anew for writing counts as being written, and then exec says
//! ETXTBSY.

use std::io::Write;
use std::os::fd::AsRawFd;

use ckpt_support::{checkpoint_here, memfd, same};

pub fn run() {
    let mut file = memfd(c"program", 0);
    let program = std::fs::read("/bin/sh").expect("/bin/sh");
    file.write_all(&program).expect("write");
    checkpoint_here();
    // SAFETY: the child only calls what is safe after fork.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let arguments = [
            c"sh".as_ptr(),
            c"-c".as_ptr(),
            c"exit 7".as_ptr(),
            std::ptr::null(),
        ];
        let environment = [std::ptr::null()];
        // SAFETY: both arrays end with null.
        unsafe {
            libc::fexecve(file.as_raw_fd(), arguments.as_ptr(), environment.as_ptr());
            libc::_exit(*libc::__errno_location());
        }
    }
    let mut status = 0;
    // SAFETY: writes one status.
    unsafe { libc::waitpid(child, &mut status, 0) };
    same("the exit status", &7, &libc::WEXITSTATUS(status));
}
