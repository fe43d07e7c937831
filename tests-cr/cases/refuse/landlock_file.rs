// SPDX-License-Identifier: GPL-2.0

//! Fact: a file that was opened in a landlock domain is refused, although its user is in none.
//!
//! Could break: what the opener might not do, nobody may do with the open file; opened again, all
//! of it would be allowed.

use std::os::fd::FromRawFd;

use ckpt_support::{checkpoint_here, expect_refusal_of_fd, must, raw, same};

const FD: i32 = 77;

/// LANDLOCK_ACCESS_FS_TRUNCATE.
const TRUNCATE: u64 = 1 << 14;

/// In a child that shares the descriptor table: confined, opens the file, and ends.
fn open_confined() {
    let attributes = [TRUNCATE];
    let call = [attributes.as_ptr() as usize, 8, 0];
    let ruleset = must(
        "landlock_create_ruleset",
        raw(libc::SYS_landlock_create_ruleset, &call),
    );
    must(
        "landlock_restrict_self",
        raw(libc::SYS_landlock_restrict_self, &[ruleset as usize, 0]),
    );
    // SAFETY: all numbers are ours; the path is a string.
    unsafe {
        libc::close(ruleset as i32);
        let fd = must("open", libc::open(c"confined".as_ptr(), libc::O_RDWR));
        must("dup2", libc::dup2(fd, FD));
        libc::close(fd);
    }
}

fn truncation_is_refused(when: &str) {
    // SAFETY: takes no pointer.
    let result = unsafe { libc::ftruncate(FD, 0) };
    let error = std::io::Error::last_os_error().raw_os_error();
    same(when, &(-1, Some(libc::EACCES)), &(result, error));
}

pub fn run() {
    std::fs::write("confined", b"content").expect("write");
    let flags = (libc::CLONE_FILES | libc::SIGCHLD) as usize;
    let child = must("clone", raw(libc::SYS_clone, &[flags]));
    if child == 0 {
        open_confined();
        // SAFETY: ends the child.
        unsafe { libc::_exit(0) };
    }
    let mut status = 0;
    // SAFETY: writes one number.
    must("waitpid", unsafe {
        libc::waitpid(child as i32, &mut status, 0)
    });
    same("status of the opener", &0, &status);
    truncation_is_refused("ftruncate before");
    expect_refusal_of_fd("FileRestricted", FD, "landlock");
    checkpoint_here();
    truncation_is_refused("ftruncate after");
    // SAFETY: the descriptor is ours.
    drop(unsafe { std::fs::File::from_raw_fd(FD) });
}
