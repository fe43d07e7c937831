// SPDX-License-Identifier: GPL-2.0

//! Fact: an epoll tells once, and in the order in which it happened, of every event that it has not
//! told of yet; of edges that were seen it tells no more; what was disarmed stays so until it is armed
//! again; and what happens from then on is told of as ever. Data comes with it, all 64 bits.
//!
//! Could break: adding files again makes all of them ready that are, seen or not, in the order of
//! adding.

use ckpt_support::pipes::{pipe, read, write};
use ckpt_support::{checkpoint_here, must, raw, same};

use super::tools::{
    add, change, counter, epoll, ready_in, take, wait, watch, EDGE, IN, ONCE, OUT,
};

const WIDE: u64 = 0xfedc_ba98_7654_3210;

/// struct epoll_params: microseconds, packets, whether to prefer it.
type Params = [u8; 8];

fn params(epoll: i32, request: u64, params: &mut Params) {
    let call = [epoll as usize, request as usize, params.as_mut_ptr() as usize];
    must("ioctl", raw(libc::SYS_ioctl, &call));
}

pub fn run() {
    // By edge: seen, not seen, both seen and come again.
    let edges = epoll();
    let [seen, unseen, again, quiet] = [(); 4].map(|()| counter(0, libc::EFD_NONBLOCK));
    for (fd, data) in [(seen, 1), (unseen, 2), (again, 3), (quiet, 4)] {
        watch(edges, fd, IN | EDGE, data);
    }
    for fd in [again, seen] {
        same("add", &Ok(8), &add(fd, 1));
    }
    same("in order", &vec![3, 1], &ready_in(edges, 9));
    for fd in [unseen, again] {
        same("add", &Ok(8), &add(fd, 1));
    }

    // As long as it is so; each is told of in turn.
    let levels = epoll();
    let many = [(); 5].map(|()| counter(0, libc::EFD_NONBLOCK));
    for (index, fd) in many.iter().enumerate() {
        watch(levels, *fd, IN, index as u64);
    }
    for index in [3, 1, 4, 0] {
        same("add", &Ok(8), &add(many[index], 1));
    }
    same("the first", &vec![3], &ready_in(levels, 1));
    same("taken back", &Ok(1), &take(many[4]));

    // Once.
    let once = epoll();
    let [reader, writer] = pipe(libc::O_NONBLOCK);
    let [told, waiting] = [(); 2].map(|()| counter(1, libc::EFD_NONBLOCK));
    watch(once, reader, IN | ONCE, WIDE);
    watch(once, told, IN | ONCE | EDGE, 6);
    watch(once, writer, OUT | ONCE, 7);
    watch(once, waiting, 0, 8);
    let mut first = ready_in(once, 9);
    first.sort_unstable();
    same("at first", &vec![6, 7], &first);
    same("write", &Ok(1), &write(writer, b"x"));

    let busy = epoll();
    // 1000 us, 8 packets, prefer.
    let mut asked: Params = [0xe8, 3, 0, 0, 8, 0, 1, 0];
    params(busy, 0x4008_8a01, &mut asked);

    checkpoint_here();

    same("edges", &vec![2, 3], &ready_in(edges, 9));
    same("edges once", &Vec::new(), &ready_in(edges, 9));
    same("add", &Ok(8), &add(seen, 1));
    same("add", &Ok(8), &add(quiet, 1));
    same("new edges", &vec![1, 4], &ready_in(edges, 9));
    change(edges, unseen, IN | EDGE, 22);
    same("looked at anew", &vec![22], &ready_in(edges, 9));

    same("the next", &vec![1], &ready_in(levels, 1));
    same("in turn", &vec![0, 3, 1], &ready_in(levels, 9));
    same("still", &vec![0, 3, 1], &ready_in(levels, 9));
    for index in [0, 1, 3] {
        same("take", &Ok(1), &take(many[index]));
    }
    same("no more", &Vec::new(), &ready_in(levels, 9));

    same("not told", &Ok(vec![(IN, WIDE)]), &wait(once, 9, 0));
    same("told", &Vec::new(), &ready_in(once, 9));
    same("write", &Ok(1), &write(writer, b"y"));
    same("disarmed", &Vec::new(), &ready_in(once, 9));
    change(once, reader, IN | ONCE, 55);
    change(once, told, IN | ONCE, 66);
    same("armed", &vec![55, 66], &ready_in(once, 9));
    same("read", &Ok(b"xy".to_vec()), &read(reader, 9));

    let mut now: Params = [0; 8];
    params(busy, 0x8008_8a02, &mut now);
    same("busy polling", &asked, &now);
}
