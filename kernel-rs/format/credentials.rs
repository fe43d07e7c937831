// SPDX-License-Identifier: GPL-2.0

//! User and group ids, capabilities.

use zerocopy::little_endian::U32;
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mask64, TaskId};

/// NGROUPS_MAX.
pub const MAX_GROUPS: u32 = 65536;

/// Who a thread is. Ids are those of its user namespace. The tail is `groups` ids (`U32`).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Credentials {
    /// The thread.
    pub task: TaskId,
    /// Real user id.
    pub uid: U32,
    /// Effective user id.
    pub euid: U32,
    /// Saved user id.
    pub suid: U32,
    /// File system user id.
    pub fsuid: U32,
    /// Real group id.
    pub gid: U32,
    /// Effective group id.
    pub egid: U32,
    /// Saved group id.
    pub sgid: U32,
    /// File system group id.
    pub fsgid: U32,
    /// PR_SET_SECUREBITS.
    pub securebits: Mask32,
    /// Inheritable capabilities.
    pub inheritable: Mask64,
    /// Permitted capabilities.
    pub permitted: Mask64,
    /// Effective capabilities.
    pub effective: Mask64,
    /// Bounding set.
    pub bounding: Mask64,
    /// Ambient capabilities.
    pub ambient: Mask64,
    /// Supplementary groups in the tail.
    pub groups: U32,
    /// audit login uid, all-ones if unset.
    pub login_uid: U32,
    /// audit session, all-ones if unset.
    pub audit_session: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(Credentials, zero reserved, tail groups_length);

impl Credentials {
    fn groups_length(&self) -> u64 {
        u64::from(self.groups.get()).saturating_mul(4)
    }
}
