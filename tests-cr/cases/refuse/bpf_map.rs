// SPDX-License-Identifier: GPL-2.0

//! Fact: a BPF map is refused, by descriptor.
//!
//! Could break: its content is in the kernel only.

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must};

pub fn run() {
    // BPF_MAP_TYPE_ARRAY with keys of 4 and values of 8 bytes, one entry.
    let attributes = [2u32, 4, 8, 1, 0, 0, 0, 0];
    let call = [0, attributes.as_ptr() as usize, size_of_val(&attributes)];
    let fd = must("bpf", ckpt_support::raw(libc::SYS_bpf, &call)) as i32;
    expect_refusal_of_fd("FileKind", fd, "bpf");
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("fcntl", unsafe { libc::fcntl(fd, libc::F_GETFD) });
}
