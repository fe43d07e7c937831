// SPDX-License-Identifier: GPL-2.0

//! User and group ids, capabilities.

use zerocopy::little_endian::{I32, U32, U64};
use zerocopy_derive::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::record::{record, Mask32, Mask64, ObjectId, TaskId};
use super::Problem;

/// NGROUPS_MAX.
pub const MAX_GROUPS: u32 = 65536;

/// What somebody may do: a thread, or whoever has opened a file. Threads and files that have the same
/// object have the very same credentials. Ids are those of their user namespace. The tail is `groups`
/// ids (`U32`).
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Identity {
    /// The object that this record declares.
    pub id: ObjectId,
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
    /// Supplementary groups in the tail.
    pub groups: U32,
    /// Where request_key(2) puts keys; one of `KEYS_GO_*`.
    pub requested_keys: U32,
    /// The session `Keyring`, or none: the user's. Those who have only opened files have no keyrings.
    pub session_keyring: ObjectId,
    /// The process `Keyring`, or none.
    pub process_keyring: ObjectId,
    /// The thread `Keyring`, or none.
    pub thread_keyring: ObjectId,
    /// Must be zero.
    pub reserved: U32,
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
}
record!(
    Identity,
    zero reserved,
    one requested_keys = KEYS_GO_BY_DEFAULT
        | KEYS_GO_TO_THREAD
        | KEYS_GO_TO_PROCESS
        | KEYS_GO_TO_SESSION
        | KEYS_GO_TO_USER
        | KEYS_GO_TO_USER_SESSION
        | KEYS_GO_TO_REQUESTOR,
    tail groups_length
);

impl Identity {
    fn groups_length(&self) -> u64 {
        u64::from(self.groups.get()).saturating_mul(4)
    }
}

/// Who a thread is.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Credentials {
    /// The thread.
    pub task: TaskId,
    /// Its `Identity`.
    pub identity: ObjectId,
    /// audit login uid, all-ones if unset.
    pub login_uid: U32,
    /// audit session, all-ones if unset.
    pub audit_session: U32,
}
record!(Credentials);

/// KEY_REQKEY_DEFL_DEFAULT.
pub const KEYS_GO_BY_DEFAULT: u32 = 0;
/// KEY_REQKEY_DEFL_THREAD_KEYRING.
pub const KEYS_GO_TO_THREAD: u32 = 1;
/// KEY_REQKEY_DEFL_PROCESS_KEYRING.
pub const KEYS_GO_TO_PROCESS: u32 = 2;
/// KEY_REQKEY_DEFL_SESSION_KEYRING.
pub const KEYS_GO_TO_SESSION: u32 = 3;
/// KEY_REQKEY_DEFL_USER_KEYRING.
pub const KEYS_GO_TO_USER: u32 = 4;
/// KEY_REQKEY_DEFL_USER_SESSION_KEYRING.
pub const KEYS_GO_TO_USER_SESSION: u32 = 5;
/// KEY_REQKEY_DEFL_REQUESTOR_KEYRING.
pub const KEYS_GO_TO_REQUESTOR: u32 = 7;

/// Longest name of a keyring, without a zero byte.
pub const MAX_KEYRING_NAME: u64 = 4095;

/// No key has a lower serial number.
pub const FIRST_SERIAL: u32 = 3;

/// A keyring without keys. The tail is its name.
#[derive(Clone, Copy, Debug, FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Keyring {
    /// The object that this record declares.
    pub id: ObjectId,
    /// Its serial number.
    pub serial: I32,
    /// Owner.
    pub uid: U32,
    /// Group, all-ones if none.
    pub gid: U32,
    /// KEYCTL_SETPERM.
    pub permissions: Mask32,
    /// Bits of `KEYRING_*`.
    pub flags: U32,
    /// The user whose keyrings `flags` speak of.
    pub user: U32,
    /// Bytes in the tail, at least one.
    pub name_length: U32,
    /// KEYCTL_SET_TIMEOUT: seconds since 1970; zero: it stays.
    pub expires_s: U64,
    /// Keys in the keyrings of `user`, if `flags` speak of them.
    pub keys_of_user: U32,
    /// Must be zero.
    pub reserved: U32,
}
record!(
    Keyring,
    zero reserved,
    bits flags = KEYRING_IS_USER_SESSION
        | KEYRING_LINKS_USER
        | KEYRING_LINKS_USER_SESSION
        | KEYRING_REVOKED,
    tail name_length,
    rule is_plausible
);

/// It is the default session keyring of `user`.
pub const KEYRING_IS_USER_SESSION: u32 = 1 << 0;
/// It links to the keyring of `user`.
pub const KEYRING_LINKS_USER: u32 = 1 << 1;
/// It links to the default session keyring of `user`.
pub const KEYRING_LINKS_USER_SESSION: u32 = 1 << 2;
/// It was revoked: the login is over.
pub const KEYRING_REVOKED: u32 = 1 << 3;

impl Keyring {
    fn name_length(&self) -> u64 {
        self.name_length.get().into()
    }

    fn is_plausible(&self) -> Result<(), Problem> {
        if !(1..=MAX_KEYRING_NAME).contains(&self.name_length()) {
            return Err(Problem::Value("name_length", self.name_length()));
        }
        match u32::try_from(self.serial.get()) {
            Ok(FIRST_SERIAL..) => Ok(()),
            _ => Err(Problem::Value("serial", self.serial.get() as u64)),
        }
    }
}
