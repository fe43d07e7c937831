// SPDX-License-Identifier: GPL-2.0

//! Fact: ambient capabilities of an unprivileged user come back, and are handed on by execve.
//!
//! Could break: the set is emptied whenever user ids change, also by the restart.

use std::process::Command;

use ckpt_support::{check, checkpoint_here, must, raw, same};

const VERSION_3: u32 = 0x2008_0522;
const CAP_NET_BIND_SERVICE: u32 = 10;

fn ambient() -> String {
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    status
        .lines()
        .find(|line| line.starts_with("CapAmb"))
        .unwrap_or_default()
        .to_string()
}

pub fn run() {
    let bit = 1u32 << CAP_NET_BIND_SERVICE;
    let header = [VERSION_3, 0];
    let data = [bit, bit, bit, 0, 0, 0];
    // SAFETY: take no pointer.
    unsafe {
        must(
            "PR_SET_KEEPCAPS",
            libc::prctl(libc::PR_SET_KEEPCAPS, 1, 0, 0, 0),
        );
        must("setresuid", libc::setresuid(1000, 1000, 1000));
        let call = [header.as_ptr() as usize, data.as_ptr() as usize];
        must("capset", raw(libc::SYS_capset, &call));
        let raise = libc::PR_CAP_AMBIENT_RAISE;
        must(
            "raise",
            libc::prctl(libc::PR_CAP_AMBIENT, raise, CAP_NET_BIND_SERVICE, 0, 0),
        );
    }
    let before = ambient();
    checkpoint_here();
    same("ambient set", &before, &ambient());
    let output = Command::new("/bin/cat")
        .arg("/proc/self/status")
        .output()
        .expect("cat");
    let text = String::from_utf8_lossy(&output.stdout);
    check(text.contains(&before), "the next program has another set");
}
