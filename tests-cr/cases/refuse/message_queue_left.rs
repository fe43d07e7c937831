// SPDX-License-Identifier: GPL-2.0

//! Fact: a message queue that nobody has open is refused too, in an IPC namespace of the container's own.
//!
//! Could break: no descriptor leads to it, and with the namespace it would be gone.

use ckpt_support::{checkpoint_here, expect_refusal, must};

pub fn run() {
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWIPC) });
    let flags = libc::O_CREAT | libc::O_RDWR;
    let none = std::ptr::null_mut::<libc::mq_attr>();
    // SAFETY: a C string; without attributes it has the usual ones.
    let queue = must("mq_open", unsafe {
        libc::mq_open(c"/left".as_ptr(), flags, 0o600, none)
    });
    // SAFETY: takes no pointer; nobody else uses it.
    must("close", unsafe { libc::close(queue) });
    expect_refusal("IpcUnreadable", "queue");
    checkpoint_here();
}
