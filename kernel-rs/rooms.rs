// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! The rooms: one kind of kernel state each, with the half that saves it and the half that
//! restores it. README.md has the map and the order of locks.

/// Mode, owner and times of an inode, which every record that holds them names alike.
macro_rules! inode_state {
    ($record:expr) => {{
        use crate::abstractions::storage::StorageState;

        let record = &$record;
        KVBox::new(StorageState::default(), GFP_KERNEL).map(|mut state| {
            state.mode = record.mode.get();
            state.uid = record.uid.get();
            state.gid = record.gid.get();
            state.atime_s = record.atime_s.get();
            state.atime_ns = record.atime_ns.get();
            state.mtime_s = record.mtime_s.get();
            state.mtime_ns = record.mtime_ns.get();
            state
        })
    }};
}

pub(crate) mod aio;
pub(crate) mod areas;
mod attributes;
pub(crate) mod confinement;
pub(crate) mod contents;
pub(crate) mod cpu;
pub(crate) mod credentials;
pub(crate) mod descriptors;
pub(crate) mod directories;
pub(crate) mod directory_watches;
pub(crate) mod durability;
pub(crate) mod epolls;
mod eventfds;
pub(crate) mod fanotify;
pub(crate) mod features;
pub(crate) mod files;
pub(crate) mod forest;
pub(crate) mod generated;
pub(crate) mod handed;
pub(crate) mod inherited;
pub(crate) mod ipc;
pub(crate) mod jobs;
pub(crate) mod keyrings;
mod kinds;
pub(crate) mod locks;
pub(crate) mod machine;
pub(crate) mod memory;
pub(crate) mod owners;
pub(crate) mod pages;
pub(crate) mod pidfds;
pub(crate) mod pids;
pub(crate) mod pipes;
pub(crate) mod policy;
pub(crate) mod process;
pub(crate) mod queues;
mod scaffold;
pub(crate) mod scheduling;
pub(crate) mod segments;
pub(crate) mod semaphores;
pub(crate) mod settings;
mod signalfds;
pub(crate) mod signals;
pub(crate) mod sockets;
pub(crate) mod specials;
pub(crate) mod storage;
pub(crate) mod syscalls;
pub(crate) mod terminals;
pub(crate) mod thread;
mod timerfds;
pub(crate) mod timers;
pub(crate) mod tracers;
pub(crate) mod usage;
pub(crate) mod vfork;
pub(crate) mod watches;
