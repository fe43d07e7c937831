// SPDX-License-Identifier: GPL-2.0

//! Checkpoint and restart of containers: the list of contents. README.md is the map.

mod abstractions;
mod bindings;
mod capture;
mod census;
mod checkpoint;
mod entry;
// Also a crate of its own, where all of it is public and in use.
#[allow(dead_code, unreachable_pub)]
#[forbid(unsafe_code)]
mod format;
mod log;
mod made;
mod plan;
mod restart;
mod rights;
mod rooms;
mod session;
mod sort;
mod stream;

/// What messages of the kernel log begin with.
const __LOG_PREFIX: &[u8] = b"checkpoint\0";
