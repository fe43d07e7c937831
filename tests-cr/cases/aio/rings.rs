// SPDX-License-Identifier: GPL-2.0

//! Fact: contexts have the numbers and places that they had, also where others were ended between
//! them, and where a ring was moved; a child that was forked has none.
//!
//! Could break: the number of a context is the address of its ring, and the ring tells its place.

use ckpt_support::{check, checkpoint_here, file_with, must_ptr, raw, same};
use std::os::fd::AsRawFd;

use super::context::{completed, destroy, request, setup, submit, READ};
use crate::tasks::relatives::{checked_child, end_of, FINE};

/// What a ring begins with.
fn header(context: usize) -> [u32; 8] {
    // SAFETY: the ring is mapped there.
    unsafe { (context as *const [u32; 8]).read_volatile() }
}

/// The area of a ring, as /proc tells it.
fn area(context: usize) -> Option<(usize, usize)> {
    let maps = std::fs::read_to_string("/proc/self/maps").expect("maps");
    let ring = maps.lines().find(|line| line.starts_with(&format!("{context:x}-")))?;
    let (bounds, rest) = ring.split_once(' ')?;
    let (start, end) = bounds.split_once('-')?;
    let number = |text| usize::from_str_radix(text, 16).ok();
    rest.contains("[aio]").then_some((number(start)?, number(end)?))
}

pub fn run() {
    let file = file_with("content", b"0123456789");
    let mut contexts: Vec<usize> = (1..=10).map(setup).collect();
    for index in [8, 5, 0] {
        destroy(contexts.remove(index));
    }
    let (start, end) = area(contexts[3]).expect("a ring");
    let size = end - start;
    // SAFETY: moved to where nothing is.
    contexts[3] = must_ptr("mremap", unsafe {
        let none = std::ptr::null_mut();
        let (rights, kind) = (libc::PROT_NONE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        let room = libc::mmap(none, size, rights, kind, -1, 0);
        let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
        libc::mremap(start as *mut _, size, size, flags, room)
    }) as usize;
    let mut byte = 0u8;
    let mut perform = |context, data| {
        let buffer = &raw mut byte as u64;
        submit(context, &mut request(data, READ, file.as_raw_fd(), buffer, 1, -1));
    };
    for (data, context) in (0..).zip(&contexts) {
        perform(*context, data);
    }
    let before: Vec<_> = contexts.iter().map(|one| (header(*one), area(*one))).collect();
    let number = contexts[0];
    let child = checked_child(move || {
        let mut event = [0u64; 4];
        let call = [number, 0, 1, &raw mut event as usize, 0];
        raw(libc::SYS_io_getevents, &call) == -1
            && ckpt_support::errno() == libc::EINVAL
            && area(number).is_none()
            && setup(5) != 0
    });

    checkpoint_here();

    same("the child", &FINE, &end_of(child));
    let now: Vec<_> = contexts.iter().map(|one| (header(*one), area(*one))).collect();
    same("rings", &before, &now);
    for (data, context) in (0..).zip(&contexts) {
        same("what has completed", &vec![(data, 1)], &completed(*context, 2));
        perform(*context, data + 1);
        same("what completes now", &vec![(data + 1, 1)], &completed(*context, 2));
    }
    // The first place that was free is taken next.
    let free = |taken: &[usize]| {
        let places: Vec<u32> = taken.iter().map(|one| header(*one)[0]).collect();
        (0..).find(|place| !places.contains(place))
    };
    let wanted = free(&contexts);
    same("the next place", &wanted, &Some(header(setup(1))[0]));
    for context in contexts {
        destroy(context);
        check(area(context).is_none(), "a ring is left");
    }
}
