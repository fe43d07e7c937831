// SPDX-License-Identifier: GPL-2.0

//! Fact: oom_score_adj comes back.
//!
//! Could break: it belongs to the process, has a lower bound of its own, and only /proc sets it.

use ckpt_support::{checkpoint_here, proc_self, same};

pub fn run() {
    std::fs::write("/proc/self/oom_score_adj", "-321").expect("oom_score_adj");
    checkpoint_here();
    same(
        "oom_score_adj",
        &b"-321\n".to_vec(),
        &proc_self("oom_score_adj"),
    );
}
