// SPDX-License-Identifier: GPL-2.0

//! Fact: kernel.pid_max and vm.memfd_noexec of a namespace are as they were.
//!
//! Could break: they belong to the namespace, not to a task.

use ckpt_support::{checkpoint_here, must, raw, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::first;
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

const MOST: &str = "/proc/sys/kernel/pid_max";
const NOEXEC: &str = "/proc/sys/vm/memfd_noexec";

/// May a memfd be made that can be executed?
fn executable() -> i64 {
    const MFD_EXEC: usize = 0x10;
    let fd = raw(libc::SYS_memfd_create, &[c"x".as_ptr() as usize, MFD_EXEC]);
    if fd >= 0 {
        // SAFETY: ours, closed once.
        unsafe { libc::close(fd as i32) };
    }
    fd.min(0)
}

pub fn run() {
    let word = shared_word();
    let init = first(|| {
        std::fs::write(MOST, "400").expect("pid_max");
        std::fs::write(NOEXEC, "2").expect("memfd_noexec");
        word.fetch_add(1, SeqCst);
        wait_for_go();
        let most = std::fs::read_to_string(MOST).expect("pid_max");
        same("pid_max", &"400", &most.trim());
        same("memfd_noexec", &-1, &executable());
        // From the highest number back to the lowest that is not reserved.
        let mut last = 0;
        let wraps = (0..500).any(|_| {
            let pid = child(|| 0);
            end_of(pid);
            std::mem::replace(&mut last, pid) > pid
        });
        if wraps && (2..400).contains(&last) { FINE } else { 1 }
    });
    wait_until(word, 1);
    checkpoint_here();
    same("not out here", &0, &must("memfd_create", executable()));
    same("inside", &FINE, &end_of(init));
}
