// SPDX-License-Identifier: GPL-2.0

//! Asynchronous I/O: contexts, their rings, what has completed.

pub mod context;

facts! {
    both: events;
    dynamic: asleep, rings,
}
