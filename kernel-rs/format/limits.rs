// SPDX-License-Identifier: GPL-2.0

//! Resource limits.

use zerocopy::little_endian::U64;
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// RLIM_NLIMITS.
pub const RESOURCES: usize = 16;

/// One resource limit; all-ones is RLIM_INFINITY.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Limit {
    /// What applies.
    pub soft: U64,
    /// How far it may be raised.
    pub hard: U64,
}
