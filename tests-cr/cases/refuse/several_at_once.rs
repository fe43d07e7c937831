// SPDX-License-Identifier: GPL-2.0

//! Fact: several obstacles are all named at once: of descriptors, of memory, of the task.
//!
//! Could break: a checkpoint that stops at the first one makes its user come back for each.

use ckpt_support::{
    checkpoint_here, expect_refusal, expect_refusal_at, expect_refusal_of_fd, must, page_size, raw,
    Mapping,
};

pub fn run() {
    let faults = must("userfaultfd", raw(libc::SYS_userfaultfd, &[0])) as i32;
    let secret = must("memfd_secret", raw(libc::SYS_memfd_secret, &[0])) as i32;
    // SAFETY: takes no pointer.
    let netlink = must("socket", unsafe {
        libc::socket(libc::AF_NETLINK, libc::SOCK_RAW, 0)
    });
    // SAFETY: takes no pointer.
    must("ftruncate", unsafe {
        libc::ftruncate(secret, page_size() as i64)
    });
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    let memory = Mapping::new(page_size(), rights, libc::MAP_SHARED, secret, 0);
    memory.page(0)[0] = 1;
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWUTS) });
    expect_refusal_of_fd("FileKind", faults, "userfaultfd");
    expect_refusal_of_fd("FileKind", netlink, "socket");
    expect_refusal_of_fd("FileKind|FileRemoved", secret, "secret");
    expect_refusal_at("AreaKind|AreaFlags|FileKind", memory.page_address(0), "");
    expect_refusal("TaskNamespace", "uts");
    checkpoint_here();
}
