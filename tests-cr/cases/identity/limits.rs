// SPDX-License-Identifier: GPL-2.0

//! Fact: all sixteen resource limits come back, soft and hard.
//!
//! Could break: a limit that is lowered too early hits the restart itself, and a hard limit that
//! was lowered cannot be raised without a right.

use ckpt_support::{checkpoint_here, must, same};

fn limits() -> Vec<(u64, u64)> {
    (0..16u32)
        .map(|which| {
            let mut limit = libc::rlimit {
                rlim_cur: 0,
                rlim_max: 0,
            };
            // SAFETY: writes one rlimit.
            must("getrlimit", unsafe { libc::getrlimit(which, &mut limit) });
            (limit.rlim_cur, limit.rlim_max)
        })
        .collect()
}

pub fn run() {
    for (which, (soft, hard)) in limits().into_iter().enumerate() {
        // Something different for each, and not more than it was.
        let distance = which as u64 + 1;
        let lower = |value: u64| if value == u64::MAX { 1 << 40 } else { value };
        let limit = match which as u32 {
            libc::RLIMIT_CORE | libc::RLIMIT_NICE | libc::RLIMIT_RTPRIO => libc::rlimit {
                rlim_cur: 0,
                rlim_max: hard.min(distance),
            },
            _ => libc::rlimit {
                rlim_cur: lower(soft) - distance,
                rlim_max: lower(hard).max(lower(soft)) - distance,
            },
        };
        // SAFETY: reads one rlimit.
        must("setrlimit", unsafe {
            libc::setrlimit(which as u32, &limit)
        });
    }
    let before = limits();
    checkpoint_here();
    same("limits", &before, &limits());
}
