// SPDX-License-Identifier: GPL-2.0

//! Fact: a task with a seccomp filter is refused.
//!
//! Could break: without it the program would be less confined.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // Return "allow".
    let mut program = [libc::sock_filter {
        code: 6,
        jt: 0,
        jf: 0,
        k: libc::SECCOMP_RET_ALLOW,
    }];
    let filter = libc::sock_fprog {
        len: 1,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the filter lives long enough.
    must("PR_SET_SECCOMP", unsafe {
        libc::prctl(
            libc::PR_SET_SECCOMP,
            libc::SECCOMP_MODE_FILTER,
            &raw const filter,
        )
    });
    expect_refusal("TaskFeature", "seccomp");
    checkpoint_here();
}
