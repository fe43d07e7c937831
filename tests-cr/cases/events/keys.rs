// SPDX-License-Identifier: GPL-2.0

//! Fact: an epoll looks at open files, by the number under which each was added: one that is open under
//! another number only, one that was added twice, one whose number is another file's by now, other
//! epolls, one below the other, and one that a relative has too.
//!
//! Could break: to add a file again it takes a descriptor, which may be another file's.

use std::os::fd::RawFd;

use ckpt_support::pipes::{close, pipe};
use ckpt_support::{checkpoint_here, must, raw, same, wait_for_go};

use super::tools::{
    add, change, counter, epoll, forget, ready_in, take, try_watch, watch, EDGE, IN, OUT,
};
use crate::tasks::relatives::{child, end_of, FINE};

fn dup(fd: RawFd) -> RawFd {
    // SAFETY: takes no pointer.
    must("dup", unsafe { libc::dup(fd) })
}

/// Is the open file behind `fd` what the epoll has added under `number`?
fn is_target(epoll: RawFd, number: RawFd, fd: RawFd) -> bool {
    const EPOLL_TFD: usize = 7;
    // SAFETY: takes nothing.
    let own = unsafe { libc::getpid() } as usize;
    let compare = |place: u32| {
        let slot = [epoll as u32, number as u32, place];
        let call = [own, own, EPOLL_TFD, fd as usize, slot.as_ptr() as usize];
        raw(libc::SYS_kcmp, &call) == 0
    };
    (0..3).any(compare)
}

pub fn run() {
    let all = epoll();
    let file = || counter(0, libc::EFD_NONBLOCK);

    // Its number is free by now, and it is open under another.
    let gone = file();
    let left = dup(gone);
    watch(all, gone, IN, 1);
    close(&[gone]);
    // Its number is another file's by now, which was added too.
    let old = file();
    same("the number of another", &gone, &old);
    let kept = dup(old);
    watch(all, old, IN, 2);
    close(&[old]);
    let new = file();
    same("the number of another", &old, &new);
    watch(all, new, IN, 3);
    // Twice, by both of its numbers; later ones are told first.
    let twice = file();
    let other = dup(twice);
    watch(all, twice, IN | EDGE, 4);
    watch(all, other, IN | EDGE, 5);
    // Removed when nobody has it any more.
    let closed = file();
    watch(all, closed, IN, 6);
    close(&[closed]);

    // One below the other, and a relative has one of them only.
    let [top, middle, bottom] = [epoll(), epoll(), epoll()];
    let [reader, writer] = pipe(libc::O_NONBLOCK);
    watch(bottom, writer, OUT | EDGE, 9);
    watch(middle, bottom, IN, 8);
    watch(top, middle, IN | EDGE, 7);
    watch(top, all, IN, 10);
    same("first edge", &vec![7], &ready_in(top, 9));
    let relative = child(|| {
        wait_for_go();
        match ready_in(bottom, 9) == [9] {
            true => FINE,
            false => 1,
        }
    });
    let deep = [(); 5].map(|()| epoll());
    for pair in deep.windows(2) {
        watch(pair[0], pair[1], IN, 11);
    }

    checkpoint_here();

    same("gone", &true, &is_target(all, gone, left));
    same("old", &true, &is_target(all, old, kept));
    same("new", &true, &is_target(all, old, new));
    same("not there", &false, &is_target(all, old, twice));
    same("twice", &true, &is_target(all, other, twice));
    same("nothing yet", &Vec::new(), &ready_in(all, 9));
    for fd in [left, kept, new, twice] {
        same("add", &Ok(8), &add(fd, 1));
    }
    same("in order", &vec![1, 2, 3, 5, 4], &ready_in(all, 9));
    same("in there", &Err(libc::EEXIST), &try_watch(all, new, IN, 0));
    same("not in there", &Err(libc::ENOENT), &forget(all, kept));
    change(all, new, IN | EDGE, 33);
    same("changed", &vec![1, 2, 33], &ready_in(all, 9));
    for fd in [left, kept, new, twice] {
        same("take", &Ok(1), &take(fd));
    }
    // Nobody can reach it by its number; it goes with the last descriptor.
    close(&[kept]);
    same("new remains", &Ok(8), &add(new, 1));
    same("alone", &vec![33], &ready_in(all, 9));

    same("child", &FINE, &end_of(relative));
    same("seen by the child", &Vec::new(), &ready_in(middle, 9));
    same("no edge", &Vec::new(), &ready_in(top, 9));
    close(&[reader]);
    same("told above", &vec![7], &ready_in(top, 9));
    same("and below", &vec![8], &ready_in(middle, 9));
    same("at the end", &vec![9], &ready_in(bottom, 9));
    let [first, .., last] = deep;
    let below = epoll();
    same("too deep", &Err(libc::ELOOP), &try_watch(below, first, IN, 0));
    same("a circle", &Err(libc::ELOOP), &try_watch(last, first, IN, 0));
}
