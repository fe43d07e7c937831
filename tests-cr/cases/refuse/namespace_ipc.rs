// SPDX-License-Identifier: GPL-2.0

//! Fact: an ipc namespace of its own that somebody outside is in too is refused, by that task.
//!
//! Could break: what the other goes on using would be in the image, and be made a second time.

use ckpt_support::{checkpoint_here, expect_refusal, must, outsider};

pub fn run() {
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWIPC) });
    let pid = outsider(&[]);
    expect_refusal("IpcNamespaceShared", &pid.to_string());
    checkpoint_here();
    // SAFETY: takes no pointer.
    must("kill", unsafe { libc::kill(pid, libc::SIGKILL) });
}
