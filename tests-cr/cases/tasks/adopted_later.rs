// SPDX-License-Identifier: GPL-2.0

//! Fact: a subreaper adopts the orphans of descendants that it had before.
//!
//! Could break: each descendant has a bit, which nothing shows, that says there is one above.

use std::sync::atomic::Ordering::SeqCst;

use ckpt_support::{checkpoint_here, must, same};

use super::relatives::{child, end_of, shared_word, wait_until, FINE};

const MADE: u32 = 1;
const END: u32 = 2;
const LOOK: u32 = 3;

pub fn run() {
    let (stage, number) = (shared_word(), shared_word());
    // Not the first process of anything: that one adopts in any case.
    let reaper = child(|| {
        // SAFETY: takes no address.
        let reaper = unsafe {
            must("subreaper", libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1));
            libc::getpid()
        };
        let parent = child(|| {
            let orphan = child(|| {
                wait_until(stage, LOOK);
                // SAFETY: takes no address.
                match unsafe { libc::getppid() } == reaper {
                    true => FINE,
                    false => 1,
                }
            });
            number.store(orphan as u32, SeqCst);
            stage.store(MADE, SeqCst);
            wait_until(stage, END);
            0
        });
        wait_until(stage, END);
        same("the parent goes", &0, &end_of(parent));
        stage.store(LOOK, SeqCst);
        let orphan = number.load(SeqCst) as i32;
        same("the orphan is the subreaper's", &FINE, &end_of(orphan));
        FINE
    });
    wait_until(stage, MADE);
    checkpoint_here();
    stage.store(END, SeqCst);
    same("it has adopted", &FINE, &end_of(reaper));
}
