// SPDX-License-Identifier: GPL-2.0

//! Fact: a process that came into a namespace from outside (setns) has its parent outside; when that
//! parent was of another session, and is gone, too.
//!
//! Could break: it can only be made when the namespace is there.

use ckpt_support::{checkpoint_here, must, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{enter, first, ids, numbers, wait_as_we_are};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

pub fn run() {
    let word = shared_word();
    let waiter = || wait_as_we_are(word);
    // A child of its own namespace, made by somebody who comes before it.
    let early = child(|| {
        // SAFETY: takes no address.
        must("setsid", unsafe { libc::setsid() });
        wait_until(word, 2);
        let init = word.load(SeqCst) as i32;
        enter(init);
        let inside = child(|| {
            let before = ids();
            word.store(1, SeqCst);
            wait_for_go();
            if ids() == before && before[1] == 0 { FINE } else { 1 }
        });
        // Once more, from the namespace of somebody else.
        // SAFETY: takes no address.
        enter(unsafe { libc::getpid() });
        let outside = child(|| {
            wait_for_go();
            FINE
        });
        enter(init);
        wait_for_go();
        // SAFETY: takes no address.
        let last = child(|| if unsafe { libc::getppid() } == 0 { FINE } else { 1 });
        let all = [inside, outside, last].map(end_of);
        if all == [FINE; 3] { FINE } else { 1 }
    });
    let init = first(|| {
        let code = waiter();
        // Those who came from outside must have ended before.
        wait_until(word, 1000);
        code
    });
    wait_until(word, 1);
    word.store(init as u32, SeqCst);
    while word.load(SeqCst) != 1 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let before = numbers(&init.to_string());
    checkpoint_here();
    same("the namespace", &before, &numbers(&init.to_string()));
    same("who has entered", &FINE, &end_of(early));
    word.store(1000, SeqCst);
    same("the first", &FINE, &end_of(init));
}
