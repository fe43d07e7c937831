// SPDX-License-Identifier: GPL-2.0

//! Pid namespaces inside of the container.

pub mod inside;

facts! {
    both: nested;
    dynamic: unshared, for_children, deep, entered, adopted_first, groups_across, threads_inside, sent_from_inside,
    killed_with_first, zombies_inside, limits_inside, next_number,
}
