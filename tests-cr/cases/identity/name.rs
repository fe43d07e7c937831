// SPDX-License-Identifier: GPL-2.0

//! Fact: the name that a program gave itself comes back.
//!
//! Could break: the task that becomes the restored one was called otherwise.

use ckpt_support::{checkpoint_here, must, proc_self, same};

pub fn run() {
    // SAFETY: a C string.
    must("PR_SET_NAME", unsafe {
        libc::prctl(libc::PR_SET_NAME, c"fifteen letters".as_ptr())
    });
    checkpoint_here();
    same("name", &b"fifteen letters\n".to_vec(), &proc_self("comm"));
}
