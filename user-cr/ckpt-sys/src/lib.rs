// SPDX-License-Identifier: GPL-2.0

//! What `checkpoint` and `restart` need of the system.
//!
//! - [`calls`]: the two system calls.
//! - [`spawn`]: a new task, with its pid and in its cgroup, that joins a restart.
//! - [`process`]: a copy of this process that does something else.
//! - [`signals`]: catching, passing on, dying by.
//! - [`command`]: a command of the user's beside us.
//! - [`terminal`]: the size of a window.
//! - [`attendant`]: a thread beside a long system call: keeps its log, heeds signals and limits.
//! - [`cgroup`], [`mounts`]: the container's cgroup: where it is, events, freezer, kill.
//! - [`progress`]: a line on a terminal, for somebody who waits.
//! - [`report`]: what the processes of a restart tell the tool.
//! - [`voice`]: how a tool speaks to its user.
//! - [`watcher`]: a process that tidies up if this one is killed.
//!
//! Unsafe code is in the first six and nowhere else.

#![deny(unsafe_code)]

#[cfg(not(target_arch = "x86_64"))]
compile_error!("checkpoint and restart are for x86-64 only, so far");

pub mod attendant;
pub mod calls;
pub mod cgroup;
pub mod command;
pub mod mounts;
pub mod process;
pub mod progress;
mod raw;
pub mod report;
pub mod signals;
pub mod spawn;
pub mod terminal;
pub mod voice;
pub mod watcher;
