// SPDX-License-Identifier: GPL-2.0

//! Watches: inotify instances and fanotify groups with what they watch and what they have to tell;
//! directories that tell by signals.

pub mod marking;
pub mod watching;

facts! {
    both: queued;
    dynamic: targets, asleep, overflown, marked, told, listening, lost, directories, removed, led_its_group,
}
