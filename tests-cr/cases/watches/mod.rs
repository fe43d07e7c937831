// SPDX-License-Identifier: GPL-2.0

//! Watches: inotify instances with what they watch and what they have to tell.

pub mod watching;

facts! {
    both: queued;
    dynamic: targets, asleep, overflown,
}
