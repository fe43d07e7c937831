// SPDX-License-Identifier: GPL-2.0

//! Fact: room counts to the user that made the pipe, whoever has it now.
//!
//! Could break: who makes it anew is somebody else.

use ckpt_support::pipes::{close, pipe, room, set_room};
use ckpt_support::{checkpoint_here, must, same};

/// Without capabilities, and with them again.
fn as_user<T>(action: impl FnOnce() -> T) -> T {
    // SAFETY: take no pointer.
    unsafe {
        // Nobody else has that id.
        let user = 100_000 + libc::getpid() as u32;
        must("setresuid", libc::setresuid(user, user, 0));
        let result = action();
        must("setresuid", libc::setresuid(0, 0, 0));
        result
    }
}

/// Pages that the user may have before new pipes get two only.
fn soft_limit() -> usize {
    let text = std::fs::read_to_string("/proc/sys/fs/pipe-user-pages-soft").expect("proc");
    text.trim().parse().expect("a number")
}

pub fn run() {
    // All but a few pages of what the user may have.
    let most = (soft_limit() / 256 - 1) * 256;
    let pipes: Vec<_> = as_user(|| {
        let all = 0..most / 256;
        all.map(|_| {
            let ends = pipe(0);
            set_room(ends[0], 256 * 4096).expect("F_SETPIPE_SZ");
            ends
        })
        .collect()
    });
    let seen = || {
        as_user(|| {
            let probes: Vec<_> = (0..20).map(|_| pipe(0)).collect();
            let rooms: Vec<_> = probes.iter().map(|ends| room(ends[0])).collect();
            probes.iter().for_each(|ends| close(ends));
            rooms
        })
    };
    let before = seen();
    same("little", &(65_536, 8_192), &(before[0], before[19]));
    checkpoint_here();
    same("what new pipes get", &before, &seen());
    pipes.iter().for_each(|ends| close(ends));
    same("what they get now", &vec![65_536; 20], &seen());
}
