// SPDX-License-Identifier: GPL-2.0

//! Fact: an IPC namespace of its own comes back whole: what nobody uses, limits, and the identifiers
//! that come next.
//!
//! Could break: the container would come back in the restarter's, and find that of others there.

use ckpt_support::{checkpoint_here, must, same};

use super::{
    attach, control, memory_text, operate, queue, queue_text, receive, segment, semaphores_of,
    semaphores_text, send,
};
use crate::tasks::relatives::{child, end_of};

fn limits() -> String {
    let names = [
        "kernel/shmmax",
        "kernel/shmall",
        "kernel/shmmni",
        "kernel/shm_rmid_forced",
        "kernel/msgmax",
        "kernel/msgmnb",
        "kernel/msgmni",
        "kernel/sem",
        "fs/mqueue/queues_max",
        "fs/mqueue/msg_max",
        "fs/mqueue/msgsize_max",
        "fs/mqueue/msg_default",
        "fs/mqueue/msgsize_default",
    ];
    let read = |name| std::fs::read_to_string(format!("/proc/sys/{name}")).expect("sysctl");
    names.map(read).concat()
}

fn set(name: &str, value: &str) {
    std::fs::write(format!("/proc/sys/{name}"), value).expect("sysctl");
}

pub fn run() {
    // SAFETY: takes no pointer.
    must("unshare", unsafe { libc::unshare(libc::CLONE_NEWIPC) });
    set("kernel/shmmax", "123456789");
    set("kernel/msgmnb", "40000");
    set("kernel/sem", "300 4000 50 60");
    set("fs/mqueue/msg_max", "17");
    let old = segment(1, 5000, libc::IPC_CREAT | 0o600);
    let memory = segment(2, 5000, libc::IPC_CREAT | 0o666);
    super::control_memory(old, libc::IPC_RMID);
    // Made by one that has ended.
    let maker = child(|| {
        let set = semaphores_of(3, 4, libc::IPC_CREAT | 0o600);
        control(set, 2, libc::SETVAL, 9);
        let queue = queue(4, libc::IPC_CREAT | 0o600);
        send(queue, 5, b"left behind", 0)
    });
    same("the maker", &0, &end_of(maker));
    let set_id = semaphores_of(3, 0, 0);
    let queue_id = queue(4, 0);
    let address = attach(memory, 0);
    // SAFETY: within what was attached.
    unsafe { address.write(77) };
    operate(set_id, 0, 1, libc::SEM_UNDO);
    let before = (
        limits(),
        memory_text(memory),
        semaphores_text(set_id, 4),
        queue_text(queue_id),
    );
    checkpoint_here();
    let now = (
        limits(),
        memory_text(memory),
        semaphores_text(set_id, 4),
        queue_text(queue_id),
    );
    same("limits", &before.0, &now.0);
    same("memory", &before.1, &now.1);
    same("semaphores", &before.2, &now.2);
    same("queue", &before.3, &now.3);
    same("by key", &memory, &segment(2, 0, 0));
    same("by key", &set_id, &semaphores_of(3, 0, 0));
    let got = receive(queue_id, 0, libc::IPC_NOWAIT);
    same("message", &Some((5, b"left behind".to_vec())), &got);
    // SAFETY: within what was attached.
    same("content", &77, &unsafe { address.read() });
    // The third of each kind.
    same("next memory", &2, &segment(libc::IPC_PRIVATE, 1, 0o600));
    same("next set", &1, &semaphores_of(libc::IPC_PRIVATE, 1, 0o600));
    same("next queue", &1, &queue(libc::IPC_PRIVATE, 0o600));
}
