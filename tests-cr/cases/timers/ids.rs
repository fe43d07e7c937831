// SPDX-License-Identifier: GPL-2.0

//! Fact: POSIX timers keep their ids, gaps too, and the next one gets the id that it would have
//! got; /proc/PID/timers shows the same.
//!
//! Could break: ids are counted up for ever, and only a special mode lets them be chosen.

use ckpt_support::{checkpoint_here, must, proc_self, raw, same};

use super::timer::{Timer, SECOND};

/// <linux/prctl.h>, which libc does not know yet.
const PR_TIMER_CREATE_RESTORE_IDS: usize = 77;
const OFF: usize = 0;
const ON: usize = 1;
const GET: usize = 2;

fn chosen_ids(mode: usize) -> i64 {
    must(
        "prctl",
        raw(libc::SYS_prctl, &[PR_TIMER_CREATE_RESTORE_IDS, mode]),
    )
}

/// A timer with this id.
fn with_id(wanted: i32) -> Timer {
    let mut id = wanted;
    let call = [libc::CLOCK_MONOTONIC as usize, 0, (&raw mut id) as usize];
    must("timer_create", raw(libc::SYS_timer_create, &call));
    same("id", &wanted, &id);
    Timer(id)
}

pub fn run() {
    let new = || Timer::new(libc::CLOCK_MONOTONIC, libc::SIGUSR1);
    let made: Vec<Timer> = (0..6).map(|_| new()).collect();
    for index in [1, 2, 4] {
        made[index].delete();
    }
    chosen_ids(ON);
    let sparse: Vec<Timer> = [1_000_000, i32::MAX, 77].map(with_id).to_vec();
    chosen_ids(OFF);
    let next = new();
    same("the id after the chosen", &Timer(78), &next);
    // Its default event: SIGALRM with the id.
    sparse[0].set(9000 * SECOND, 3 * SECOND);
    next.delete();
    chosen_ids(ON);
    let shown = proc_self("timers");
    checkpoint_here();
    let shown_now = proc_self("timers");
    same(
        "/proc/self/timers",
        &String::from_utf8_lossy(&shown),
        &String::from_utf8_lossy(&shown_now),
    );
    same("chosen ids", &(ON as i64), &chosen_ids(GET));
    for (index, timer) in made.iter().enumerate() {
        let is_there = timer.try_get().is_some();
        same("is there", &![1, 2, 4].contains(&index), &is_there);
    }
    for timer in &sparse {
        same("is there", &true, &timer.try_get().is_some());
    }
    same("interval", &(3 * SECOND), &sparse[0].get().1);
    chosen_ids(OFF);
    same("the next id", &Timer(79), &new());
    sparse[1].delete();
    same("deleted", &None, &sparse[1].try_get());
}
