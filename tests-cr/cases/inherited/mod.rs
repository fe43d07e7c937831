// SPDX-License-Identifier: GPL-2.0

//! Pages that relatives have shared since a fork: still shared, and private with the first write.

pub mod frames;

facts! {
    both: with_children;
    dynamic: without_parent, of_generations, split_later, private_file, moved, locked, to_swap_later,
    in_swap, huge, of_strangers, forks_later,
}
