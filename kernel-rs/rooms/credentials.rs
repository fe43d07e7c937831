// SPDX-License-Identifier: GPL-2.0

//! Credentials: user and group ids, capabilities, securebits, audit login, keyrings.
//!
//! Refuses: ids without a number in the user namespace. Landlock domains and security labels are
//! refused by `thread`, keyrings with keys by `keyrings`.
//! Needs, at restart: CAP_SETUID and CAP_SETGID for ids that the caller has not; no capability and
//! no securebit that it has not; CAP_AUDIT_CONTROL for another login, unless the caller has none. The
//! session of a login comes back with that capability only: without it a task of the same user is in
//! the session that it was restarted from. A restarter in a landlock domain or with a label cannot
//! restart a task that was in none.
//! Locks: RCU, and a reference on the credentials.

use kernel::prelude::*;
use kernel::sync::Arc;
use zerocopy::little_endian::{U32, U64};
use zerocopy::IntoBytes;

use crate::abstractions::creds::{
    self, capable, CredentialsState, Prepared, CAP_SETGID, CAP_SETPCAP, CAP_SETUID,
};
use crate::abstractions::keys::{Keyring, KEYRINGS};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::credentials::Credentials;
use crate::format::reason::Reason;
use crate::log::Refusal;
use crate::rooms::keyrings;

/// Describes who a thread is.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let (creds, groups) = match creds::of(&task.task) {
        Ok(found) => found,
        Err(error) if error == EOVERFLOW => {
            out.refuse(task.refusal(Reason::TaskIds));
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let [session_keyring, process_keyring, thread_keyring] = keyrings::capture(task, out)?;
    let mut tail = KVVec::<u8>::new();
    for group in groups.iter() {
        tail.extend_from_slice(U32::new(*group).as_bytes(), GFP_KERNEL_ACCOUNT)?;
    }
    out.record(
        &Credentials {
            task: task.id,
            uid: U32::new(creds.uid),
            euid: U32::new(creds.euid),
            suid: U32::new(creds.suid),
            fsuid: U32::new(creds.fsuid),
            gid: U32::new(creds.gid),
            egid: U32::new(creds.egid),
            sgid: U32::new(creds.sgid),
            fsgid: U32::new(creds.fsgid),
            securebits: U32::new(creds.securebits),
            inheritable: U64::new(creds.inheritable),
            permitted: U64::new(creds.permitted),
            effective: U64::new(creds.effective),
            bounding: U64::new(creds.bounding),
            ambient: U64::new(creds.ambient),
            groups: U32::new(creds.groups),
            login_uid: U32::new(creds.login_uid),
            audit_session: U32::new(creds.audit_session),
            requested_keys: U32::new(creds.requested_keys),
            session_keyring,
            process_keyring,
            thread_keyring,
            reserved: U32::ZERO,
        },
        &tail,
    )
}

/// Makes the credentials of the caller-to-be, if it may have them, and gives it its login.
pub(crate) fn prepare(
    record: &Credentials,
    groups: &[u32],
    keyrings: &[Option<Arc<Keyring>>; KEYRINGS],
) -> Result<Prepared, Refusal> {
    let wanted = CredentialsState {
        uid: record.uid.get(),
        euid: record.euid.get(),
        suid: record.suid.get(),
        fsuid: record.fsuid.get(),
        gid: record.gid.get(),
        egid: record.egid.get(),
        sgid: record.sgid.get(),
        fsgid: record.fsgid.get(),
        securebits: record.securebits.get(),
        inheritable: record.inheritable.get(),
        permitted: record.permitted.get(),
        effective: record.effective.get(),
        bounding: record.bounding.get(),
        ambient: record.ambient.get(),
        groups: record.groups.get(),
        login_uid: record.login_uid.get(),
        audit_session: record.audit_session.get(),
        requested_keys: record.requested_keys.get(),
    };
    let caller = task::current();
    let confined = |name| Err(Refusal::new(Reason::RestarterConfined, EPERM).name(name));
    if creds::is_landlocked(&caller) {
        return confined("a landlock domain");
    }
    if creds::is_labelled(&caller) {
        return confined("a security label");
    }
    let (current, current_groups) = creds::of(&caller)?;
    may_have(&wanted, groups, &current, &current_groups)?;
    let not_restored = |name| move |error| Refusal::new(Reason::StateNotRestored, error).name(name);
    creds::set_login(wanted.login_uid, wanted.audit_session)
        .map_err(not_restored("its audit login"))?;
    Prepared::new(&wanted, groups, keyrings).map_err(not_restored("its credentials"))
}

/// Nobody gets more than the caller could have taken by setuid(2), setgroups(2), capset(2), prctl(2).
fn may_have(
    wanted: &CredentialsState,
    groups: &[u32],
    current: &CredentialsState,
    current_groups: &[u32],
) -> Result<(), Refusal> {
    let refuse = |name| Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name(name));

    let uids = [current.uid, current.euid, current.suid];
    let wanted_uids = [wanted.uid, wanted.euid, wanted.suid, wanted.fsuid];
    if !wanted_uids.iter().all(|id| uids.contains(id)) && !capable(CAP_SETUID) {
        return refuse("its user ids");
    }
    let gids = [current.gid, current.egid, current.sgid];
    let wanted_gids = [wanted.gid, wanted.egid, wanted.sgid, wanted.fsgid];
    if !wanted_gids.iter().all(|id| gids.contains(id)) && !capable(CAP_SETGID) {
        return refuse("its group ids");
    }
    if groups != current_groups && !capable(CAP_SETGID) {
        return refuse("its supplementary groups");
    }
    may_have_capabilities(wanted, current)?;

    let changed = wanted.securebits ^ current.securebits;
    let locks = |bits: u32| bits & 0xaaaa_aaaa;
    let is_possible = creds::are_securebits(wanted.securebits)
        && changed & locks(current.securebits) >> 1 == 0
        && locks(current.securebits) & !wanted.securebits == 0;
    if !is_possible || (changed & !creds::free_securebits() != 0 && !capable(CAP_SETPCAP)) {
        return refuse("its securebits");
    }
    Ok(())
}

/// As capset(2), PR_CAPBSET_DROP and PR_CAP_AMBIENT would decide.
fn may_have_capabilities(
    wanted: &CredentialsState,
    current: &CredentialsState,
) -> Result<(), Refusal> {
    let is_within = |set: u64, limit: u64| set & !limit == 0;
    let has_setpcap = capable(CAP_SETPCAP);
    let own_inheritable = current.inheritable | current.permitted;
    let allowed = is_within(wanted.permitted, current.permitted)
        && is_within(wanted.effective, wanted.permitted)
        && is_within(wanted.bounding, current.bounding)
        && (wanted.bounding == current.bounding || has_setpcap)
        && is_within(wanted.inheritable, current.inheritable | current.bounding)
        && (is_within(wanted.inheritable, own_inheritable) || has_setpcap)
        && is_within(wanted.ambient, wanted.permitted & wanted.inheritable);
    if allowed {
        Ok(())
    } else {
        Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name("its capabilities"))
    }
}

/// Group ids of a record's tail.
pub(crate) fn groups(tail: &[u8]) -> Result<KVVec<u32>, Refusal> {
    let mut groups = KVVec::new();
    for bytes in tail.chunks_exact(4) {
        let bytes = <[u8; 4]>::try_from(bytes).map_err(|_| EINVAL)?;
        groups.push(u32::from_le_bytes(bytes), GFP_KERNEL_ACCOUNT)?;
    }
    Ok(groups)
}
