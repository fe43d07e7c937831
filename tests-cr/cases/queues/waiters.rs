// SPDX-License-Identifier: GPL-2.0

//! Fact: several processes that sleep in mq_timedreceive, and several in mq_timedsend, each get one
//! message, or get rid of one, with nothing lost and nothing repeated.
//!
//! Could break: some of them would sleep on, or a message be taken twice.

use ckpt_support::{checkpoint_here, same};

use super::{attributes, close, make, name, receive, send, unlink};
use crate::tasks::relatives::{child, end_of, state};

const MANY: usize = 6;

fn asleep(children: &[i32]) {
    for child in children {
        while state(&child.to_string()) != 'S' {
            std::thread::yield_now();
        }
    }
}

pub fn run() {
    let names = [name("takers"), name("givers")];
    let [takers, givers] = [0, 1].map(|index| make(&names[index], libc::O_RDWR, 3, 16));
    names.iter().for_each(unlink);
    let taking: Vec<i32> = (0..MANY)
        .map(|_| {
            child(|| match receive(takers) {
                Ok((priority, bytes)) if bytes == [priority as u8; 3] => priority as i32,
                _ => 99,
            })
        })
        .collect();
    for index in 0..3 {
        same("send", &0, &send(givers, &[index], 20));
    }
    let giving: Vec<i32> = (0..MANY)
        .map(|index| child(|| send(givers, &[index as u8 + 3], index as u32)))
        .collect();
    asleep(&taking);
    asleep(&giving);
    checkpoint_here();
    same("nothing to take", &0, &attributes(takers)[3]);
    same("no room", &3, &attributes(givers)[3]);
    for index in 1..=MANY as u8 {
        same("send", &0, &send(takers, &[index; 3], index.into()));
    }
    let mut taken: Vec<i32> = taking.into_iter().map(end_of).collect();
    taken.sort_unstable();
    same("taken", &(1..=MANY as i32).collect(), &taken);
    let mut given = Vec::new();
    for _ in 0..MANY + 3 {
        given.push(receive(givers).expect("receive").1);
    }
    for child in giving {
        same("given", &0, &end_of(child));
    }
    let first: Vec<Vec<u8>> = (0..3).map(|index| vec![index]).collect();
    same("those that were there", &first, &given[..3].to_vec());
    given.sort_unstable();
    let all: Vec<Vec<u8>> = (0..MANY as u8 + 3).map(|index| vec![index]).collect();
    same("all, once", &all, &given);
    same("nothing left", &0, &attributes(givers)[3]);
    close(takers);
    close(givers);
}
