// SPDX-License-Identifier: GPL-2.0

//! Fact: secret memory is refused, descriptor and mapping.
//!
//! Could break: not even the kernel has it mapped.

use ckpt_support::{
    checkpoint_here, expect_refusal_at, expect_refusal_of_fd, must, page_size, raw, Mapping,
};

pub fn run() {
    let fd = must("memfd_secret", raw(libc::SYS_memfd_secret, &[0])) as i32;
    // SAFETY: takes no pointer.
    must("ftruncate", unsafe {
        libc::ftruncate(fd, page_size() as i64)
    });
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(page_size(), rights, libc::MAP_SHARED, fd, 0);
    memory.page(0)[0] = 1;
    expect_refusal_of_fd("FileKind|FileRemoved", fd, "secret");
    expect_refusal_at("AreaKind|AreaFlags|FileKind", memory.page_address(0), "");
    checkpoint_here();
}
