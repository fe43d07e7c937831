// SPDX-License-Identifier: GPL-2.0

//! Fact: a vfork child is refused if who waits for it is outside.
//!
//! Could break: the one outside would wait for ever.

use ckpt_support::{expect_refusal, may_also_refuse, ready, wait_for_go};

use crate::tasks::relatives::{child, end_of, shared_word, wait_until};
use crate::vfork::borrowed::vfork;

pub fn run() {
    expect_refusal("TaskVforkChild", "outside");
    may_also_refuse("TaskSharedOutside");
    let word = shared_word();
    let here = std::fs::read_to_string("/proc/self/cgroup").expect("a cgroup");
    let here = here.trim().trim_start_matches("0::").to_owned();
    let between = child(|| {
        child(|| {
            std::fs::write("/sys/fs/cgroup/cgroup.procs", "0").expect("another cgroup");
            vfork(|| {
                let procs = format!("/sys/fs/cgroup{here}/cgroup.procs");
                std::fs::write(procs, "0").expect("the cgroup");
                word.store(1, std::sync::atomic::Ordering::SeqCst);
                wait_for_go();
                0
            });
            0
        });
        0
    });
    end_of(between);
    wait_until(word, 1);
    ready();
    wait_for_go();
}
