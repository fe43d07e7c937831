// SPDX-License-Identifier: GPL-2.0

//! Fact: children are found by wait(2) in the order in which they were, those that live and those
//! that have ended.
//!
//! Could break: the order in which they were made again.

use ckpt_support::{checkpoint_here, must, same};

use super::relatives::{child, end_of};

fn children() -> Vec<i32> {
    let list = std::fs::read_to_string("/proc/thread-self/children").expect("children");
    let pids = list.split_whitespace().map(|pid| pid.parse());
    pids.collect::<Result<_, _>>().expect("pids")
}

pub fn run() {
    let made: Vec<i32> = (0..6)
        .map(|index| {
            child(|| {
                if index % 2 == 1 {
                    return index;
                }
                loop {
                    // SAFETY: takes no address.
                    unsafe { libc::pause() };
                }
            })
        })
        .collect();
    std::thread::sleep(std::time::Duration::from_millis(100));
    same("at first", &made, &children());
    checkpoint_here();
    same("after it", &made, &children());
    for (index, pid) in made.iter().enumerate() {
        if index % 2 == 0 {
            // SAFETY: takes no address.
            must("kill", unsafe { libc::kill(*pid, libc::SIGKILL) });
            same("killed", &-libc::SIGKILL, &end_of(*pid));
        } else {
            same("ended", &(index as i32), &end_of(*pid));
        }
    }
}
