// SPDX-License-Identifier: GPL-2.0

//! What cannot be saved is refused by name.

/// Every fact of this family.
pub const FACTS: &[crate::list::Fact] = &[];
