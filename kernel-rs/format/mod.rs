// SPDX-License-Identifier: GPL-2.0

//! The image format: the one place that says what a checkpoint image looks like.
//!
//! Compiled twice from the same files: as a module of the kernel's `checkpoint` crate, and as the
//! userspace crate `ckpt-format`. Only `core` and `zerocopy`; no allocation, no input or output,
//! no unsafe, no clock. Inside it, paths say `super::`, never `crate::`.
//!
//! `README.md` beside this file has the rules and shows how to add a record.

mod checksum;
mod error;
mod kind;
mod reader;
mod writer;

pub mod aio;
pub mod calls;
pub mod confinement;
pub mod cpu_x86_64;
pub mod credentials;
pub mod events;
pub mod fanotify;
pub mod files;
pub mod handed;
pub mod header;
pub mod ipc;
pub mod limits;
pub mod locks;
pub mod memory;
pub mod pidfds;
pub mod pipes;
pub mod queues;
pub mod reason;
pub mod record;
pub mod signals;
pub mod sockets;
pub mod storage;
pub mod syscalls;
pub mod task;
pub mod terminals;
pub mod timers;
pub mod usage;
pub mod watches;

pub use checksum::Crc32c;
pub use error::{FormatError, Problem};
pub use kind::Kind;
pub use reader::{decode, Frame, Grammar, Sequence};
pub use record::{ObjectId, Record, RecordHeader, TaskId};
pub use writer::seal;
