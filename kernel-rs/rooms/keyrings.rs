// SPDX-License-Identifier: GPL-2.0

//! Keyrings of credentials, as a login gives them: without keys.
//!
//! Saves: name, owner, permissions, serial number, expiry, whether it was revoked; links to the
//! keyrings of a user. Those belong to the user, like files: they are linked, not saved; but if they held
//! keys, they must hold some after a reboot too.
//! Refuses: a keyring that holds keys or other keyrings, or restricts what it may hold; the authority
//! to answer for a key.
//! Needs, at restart: CAP_SETUID for another owner, CAP_SETGID for another group; for a keyring that is
//! made anew CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN in the initial user namespace, because of its
//! serial number. Those are random and the whole machine's, and programs remember them.
//! Locks: a keyring's semaphore, inside one call of the glue.
//!
//! A task goes back into the session keyring that it had if the restarter is in it too, or may be in
//! any (CAP_SYS_ADMIN) and it still exists, be it revoked by now. After a reboot, or in another login, tasks that shared a
//! session keyring get a new one that is like the old one, with its serial number: if another key of
//! this boot has that, or the old keyring is still in use, the restart is refused.

use kernel::prelude::*;
use kernel::sync::{Arc, SetOnce};
use zerocopy::little_endian::{I32, U32, U64};

use crate::abstractions::creds::{
    self, capable, capable_initially, CAP_SETGID, CAP_SETUID, CAP_SYS_ADMIN,
};
use crate::abstractions::errno;
use crate::abstractions::keys::{self, Keyring, KeyringState, Which, KEYRINGS};
use crate::abstractions::{task, until_zero, zeroed};
use crate::capture::{Capture, FrozenTask};
use crate::format::credentials::{
    Keyring as KeyringRecord, KEYRING_IS_USER_SESSION, KEYRING_LINKS_USER,
    KEYRING_LINKS_USER_SESSION, KEYRING_REVOKED,
};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::rights;

/// All rights of possessor, owner, group and others.
const PERMISSIONS: u32 = 0x3f3f_3f3f;

/// No group.
const NO_GROUP: u32 = u32::MAX;

/// Most seconds since 1970 at which a keyring may expire: what a timeout can reach is far below.
const LAST_EXPIRY: u64 = 1 << 40;

/// Describes the keyrings of a thread; gives those that it has.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result<[ObjectId; KEYRINGS]> {
    let mut ids = [ObjectId::NONE; KEYRINGS];
    for (id, which) in ids.iter_mut().zip(Which::ALL) {
        if let Some(keyring) = Keyring::of(&task.task, which) {
            *id = capture_one(task, which, keyring, out)?;
        }
    }
    if keys::has_authority(&task.task) {
        let refusal = task.refusal(Reason::TaskFeature);
        out.refuse(refusal.name("the authority to answer for a key"));
    }
    Ok(ids)
}

fn capture_one(
    task: &FrozenTask,
    which: Which,
    keyring: Keyring,
    out: &mut Capture<'_>,
) -> Result<ObjectId> {
    let (id, is_new) = out.object(keyring.identity())?;
    if !is_new {
        return Ok(id);
    }
    let state = match keyring.state() {
        Err(error) if error == EOVERFLOW => {
            out.refuse(task.refusal(Reason::TaskIds));
            zeroed::<KeyringState>()?
        }
        other => other?,
    };
    if state.holds_keys || state.restricted {
        out.refuse(task.refusal(Reason::TaskKeyring).name(which.name()));
    }
    let of_user = state.user_session || state.links_user || state.links_user_session;
    let keys_of_user = match of_user {
        true => keys::of_user(state.user),
        false => 0,
    };
    let flags = [
        (state.user_session, KEYRING_IS_USER_SESSION),
        (state.links_user, KEYRING_LINKS_USER),
        (state.links_user_session, KEYRING_LINKS_USER_SESSION),
        (state.revoked, KEYRING_REVOKED),
    ];
    let flags = flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    let name = until_zero(&state.name);
    out.record(
        &KeyringRecord {
            id,
            serial: I32::new(state.serial),
            uid: U32::new(state.uid),
            gid: U32::new(state.gid),
            permissions: U32::new(state.permissions),
            flags: U32::new(flags),
            user: U32::new(state.user),
            name_length: U32::new(name.len() as u32),
            expires_s: U64::new(state.expires as u64),
            keys_of_user: U32::new(keys_of_user),
            reserved: U32::ZERO,
        },
        name,
    )?;
    out.hold_keyring(keyring)?;
    Ok(id)
}

/// A keyring that an image asks for.
pub(crate) struct KeyringPlan {
    record: KeyringRecord,
    name: KVVec<u8>,
    /// The keyrings of its user held keys, which this boot does not know.
    needs_keys: bool,
    /// Once it is there: all who had it share it again.
    made: SetOnce<Arc<Keyring>>,
}

impl KeyringPlan {
    pub(crate) fn new(
        record: &KeyringRecord,
        name: &[u8],
        same_boot: bool,
    ) -> Result<Self, Refusal> {
        let value = |field, value| {
            Err(Refusal::new(Reason::ImageValue, EINVAL)
                .name(field)
                .value(value))
        };
        // Names that begin with a dot are the kernel's own.
        if name.first() == Some(&b'.') || name.contains(&0) {
            return value("name_length", name.len() as u64);
        }
        if record.permissions.get() & !PERMISSIONS != 0 {
            return value("permissions", record.permissions.get().into());
        }
        let expires = record.expires_s.get();
        if expires > LAST_EXPIRY {
            return value("expires_s", expires);
        }
        let mut copy = KVVec::new();
        copy.extend_from_slice(name, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            record: *record,
            name: copy,
            needs_keys: record.keys_of_user.get() != 0 && !same_boot,
            made: SetOnce::new(),
        })
    }

    /// What is asked for; large, and not kept: an image may ask for many.
    fn wanted(&self) -> Result<KVBox<KeyringState>> {
        let (record, name) = (&self.record, &self.name);
        let mut state = zeroed::<KeyringState>()?;
        let has = |flag| record.flags.get() & flag != 0;
        state.serial = record.serial.get();
        state.uid = record.uid.get();
        state.gid = record.gid.get();
        state.permissions = record.permissions.get();
        state.expires = record.expires_s.get() as i64;
        state.user_session = has(KEYRING_IS_USER_SESSION);
        state.links_user = has(KEYRING_LINKS_USER);
        state.links_user_session = has(KEYRING_LINKS_USER_SESSION);
        state.revoked = has(KEYRING_REVOKED);
        state.user = record.user.get();
        // One byte of zero stays behind it.
        let room = state.name.len().saturating_sub(1);
        let to = state.name.get_mut(..name.len().min(room)).ok_or(EINVAL)?;
        to.copy_from_slice(name.get(..to.len()).ok_or(EINVAL)?);
        Ok(state)
    }

    /// Finds or makes it, if the caller may have it.
    fn restore(&self, which: Which) -> Result<Arc<Keyring>, Refusal> {
        if let Some(made) = self.made.as_ref() {
            return Ok(made.clone());
        }
        let keyring = Arc::new(self.find_or_make(which)?, GFP_KERNEL)?;
        self.made.populate(keyring.clone());
        Ok(keyring)
    }

    fn find_or_make(&self, which: Which) -> Result<Keyring, Refusal> {
        let wanted = &*self.wanted()?;
        if which == Which::Session && !wanted.user_session {
            if let Some(there) = Keyring::find(wanted) {
                let own = Keyring::of(&task::current(), Which::Session);
                let is_own = own.is_some_and(|own| own.identity() == there.identity());
                if is_own || capable_initially(CAP_SYS_ADMIN) {
                    return Ok(there);
                }
            }
        }
        may_own(wanted)?;
        if self.needs_keys && keys::of_user(wanted.user) == 0 {
            let refusal = Refusal::new(Reason::KeysMissing, errno::no_key());
            return Err(refusal.value(wanted.user.into()));
        }
        // Those of a user have the numbers that they have here.
        if !wanted.user_session && !rights::may_identify() {
            let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
            return Err(refusal.name("the serial number of its keyring"));
        }
        Keyring::make(wanted).map_err(|error| {
            let name = match error == EEXIST {
                true => "its keyring, whose number a key has already",
                false => "its keyring",
            };
            Refusal::new(Reason::StateNotRestored, error).name(name)
        })
    }
}

/// Finds or makes the keyrings of the caller-to-be, in the order of `Which::ALL`.
pub(crate) fn restore(
    wanted: [Option<&KeyringPlan>; KEYRINGS],
) -> Result<[Option<Arc<Keyring>>; KEYRINGS], Refusal> {
    let mut keyrings = [const { None }; KEYRINGS];
    let plans = wanted.into_iter().zip(Which::ALL);
    for (keyring, (plan, which)) in keyrings.iter_mut().zip(plans) {
        if let Some(plan) = plan {
            *keyring = Some(plan.restore(which)?);
        }
    }
    Ok(keyrings)
}

/// Nobody gets a keyring that he could not have made after setuid(2) and setgid(2).
fn may_own(wanted: &KeyringState) -> Result<(), Refusal> {
    let (current, groups) = creds::of(&task::current())?;
    let uids = [current.uid, current.euid, current.suid, current.fsuid];
    let of_user = wanted.user_session || wanted.links_user || wanted.links_user_session;
    let is_own_user = uids.contains(&wanted.uid) && (!of_user || uids.contains(&wanted.user));
    let gids = [current.gid, current.egid, current.sgid, current.fsgid];
    let is_own_group =
        wanted.gid == NO_GROUP || gids.contains(&wanted.gid) || groups.contains(&wanted.gid);
    if (is_own_user || capable(CAP_SETUID)) && (is_own_group || capable(CAP_SETGID)) {
        Ok(())
    } else {
        Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name("its keyring"))
    }
}

#[kunit_tests(checkpoint_keyrings)]
mod tests {
    use zerocopy::FromZeros;

    use super::*;

    fn refuses(name: &[u8], change: impl Fn(&mut KeyringRecord)) -> bool {
        let mut record = KeyringRecord::new_zeroed();
        change(&mut record);
        KeyringPlan::new(&record, name, true).is_err()
    }

    #[test]
    fn impossible_values_are_refused() {
        assert!(!refuses(b"_ses", |_| ()));
        assert!(refuses(b".builtin_trusted_keys", |_| ()));
        assert!(refuses(b"a\0b", |_| ()));
        assert!(refuses(b"_ses", |record| record.permissions = U32::new(1 << 31)));
        assert!(refuses(b"_ses", |record| record.expires_s = U64::new(u64::MAX)));
    }
}
