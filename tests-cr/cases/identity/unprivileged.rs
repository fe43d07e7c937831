// SPDX-License-Identifier: GPL-2.0

//! Fact: an ordinary user's program, with no capability at all, comes back as that.
//!
//! Could break: everything that is restored after the credentials lacks the right to be.

use ckpt_support::{check, checkpoint_here, errno, must, same};

fn credentials() -> Vec<String> {
    let status = String::from_utf8(ckpt_support::proc_self("status")).expect("text");
    let wanted = ["Uid", "Gid", "Groups", "Cap", "NoNewPrivs"];
    let lines = status
        .lines()
        .filter(|line| wanted.iter().any(|name| line.starts_with(name)));
    lines.map(str::to_string).collect()
}

pub fn run() {
    // SAFETY: the list is empty; the others take no pointer.
    unsafe {
        must("setgroups", libc::setgroups(0, std::ptr::null()));
        must("setresgid", libc::setresgid(1000, 1000, 1000));
        must("setresuid", libc::setresuid(1000, 1000, 1000));
        // Dumpable again, as a program started by this user would be.
        must(
            "PR_SET_DUMPABLE",
            libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0),
        );
    }
    let before = credentials();
    checkpoint_here();
    same("credentials", &before, &credentials());
    // SAFETY: takes no pointer.
    same("setuid(0)", &-1, &unsafe { libc::setuid(0) });
    check(errno() == libc::EPERM, "setuid failed for another reason");
    check(
        std::fs::read("/proc/1/environ").is_err(),
        "a file of root can be read",
    );
}
