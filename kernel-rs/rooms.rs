// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! The rooms: one kind of kernel state each, with the half that saves it and the half that
//! restores it. README.md has the map and the order of locks.

pub(crate) mod cpu;
pub(crate) mod credentials;
pub(crate) mod files;
pub(crate) mod forest;
pub(crate) mod machine;
pub(crate) mod memory;
pub(crate) mod process;
pub(crate) mod scheduling;
pub(crate) mod signals;
pub(crate) mod syscalls;
pub(crate) mod thread;
