// SPDX-License-Identifier: GPL-2.0

//! Fact: a queued signal names its sender by the number that the receiver knows; one from outside
//! comes from zero.
//!
//! Could break: the number is taken for one of another level.

use ckpt_support::signals::{bit, set_blocked};
use ckpt_support::{checkpoint_here, must, raw, same, wait_for_go};
use std::sync::atomic::Ordering::SeqCst;

use super::inside::{children_of, first};
use crate::tasks::relatives::{child, end_of, shared_word, wait_until, FINE};

fn sender() -> i32 {
    // SAFETY: a siginfo to be filled.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let set = bit(libc::SIGUSR1);
        let args = [&raw const set as usize, &raw mut info as usize, 0, 8];
        must("sigtimedwait", raw(libc::SYS_rt_sigtimedwait, &args));
        info.si_pid()
    }
}

fn send(to: i32) {
    // SAFETY: takes no address.
    must("kill", unsafe { libc::kill(to, libc::SIGUSR1) });
}

pub fn run() {
    let word = shared_word();
    set_blocked(bit(libc::SIGUSR1));
    let init = first(|| {
        let inner = child(|| {
            send(1);
            word.fetch_add(1, SeqCst);
            wait_for_go();
            if sender() == 0 { FINE } else { 1 }
        });
        wait_until(word, 2);
        wait_for_go();
        let fine = sender() == inner && end_of(inner) == FINE;
        if fine { FINE } else { 1 }
    });
    wait_until(word, 1);
    children_of(init).into_iter().for_each(send);
    word.fetch_add(1, SeqCst);
    checkpoint_here();
    same("senders", &FINE, &end_of(init));
}
