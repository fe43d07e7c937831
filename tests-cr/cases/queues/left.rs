// SPDX-License-Identifier: GPL-2.0

//! Fact: a queue in the namespace that everybody is in is there once after a restart: the very one
//! that the killed container has left, or a new one after a reboot; its user is charged for it once.
//!
//! Could break: the name is taken by the container's own queue.

use ckpt_support::{checkpoint_here, same, was_checkpointed};

use super::{attributes, close, make, name, open, receive, send, stat_text, unlink};

pub fn run() {
    let name = name("left");
    let queue = make(&name, libc::O_RDWR, 10, 8000);
    for which in 0..4u32 {
        same("send", &0, &send(queue, &[which as u8; 7000], which / 2));
    }
    let before = stat_text(queue);
    checkpoint_here();
    same("as it was", &before, &stat_text(queue));
    same("was checkpointed", &true, &was_checkpointed());
    let other = open(&name, libc::O_RDONLY);
    same("the same", &4, &attributes(other)[3]);
    same("next", &Ok((1, vec![2; 7000])), &receive(other));
    same("the same", &3, &attributes(queue)[3]);
    for which in [3u8, 0, 1] {
        let priority = u32::from(which / 2);
        same("next", &Ok((priority, vec![which; 7000])), &receive(queue));
    }
    unlink(&name);
    close(other);
    close(queue);
}
