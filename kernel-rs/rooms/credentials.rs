// SPDX-License-Identifier: GPL-2.0

//! Credentials: user and group ids, capabilities, securebits, audit login, keyrings.
//!
//! Saves: those of threads, and those with which files were opened. Whoever has the same before has the
//! same afterwards: linkat(2) of a descriptor asks for that.
//! Refuses: ids without a number in the user namespace. Landlock domains and security labels are
//! refused by `thread`, keyrings with keys by `keyrings`.
//! Needs, at restart: CAP_SETUID and CAP_SETGID for ids that the caller has not, and for other
//! supplementary groups a user namespace that lets it set them; no capability and no securebit that it
//! has not; CAP_AUDIT_CONTROL for another login, unless the caller has none. The session of a login
//! comes back with that capability only: without it a task of the same user is in the session that it
//! was restarted from. A restarter in a landlock domain or with a label cannot restart a task that was
//! in none. The same holds for those who have opened files: nobody gets a file that he could not have
//! opened.
//! Locks: RCU, and a reference on the credentials.

use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::IntoBytes;

use crate::abstractions::creds::{
    self, capable, CredentialsState, Held, Prepared, CAP_SETGID, CAP_SETPCAP, CAP_SETUID,
};
use crate::abstractions::file::OpenFile;
use crate::abstractions::keys::KEYRINGS;
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::credentials::{Credentials, Identity};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::rooms::keyrings::{self, KeyringPlan};

/// Describes who a thread is. Before files: who has opened them is mostly one of the threads.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let held = Held::of(&task.task)?;
    let login = held.login(&task.task);
    let identity = capture_identity(held, Some(task), out)?;
    let (Some(identity), Ok((login_uid, audit_session))) = (identity, login) else {
        out.refuse(task.refusal(Reason::TaskIds));
        return Ok(());
    };
    out.record(
        &Credentials {
            task: task.id,
            identity,
            login_uid: U32::new(login_uid),
            audit_session: U32::new(audit_session),
        },
        &[],
    )
}

/// Describes who has opened a file; none: it cannot be said here.
pub(crate) fn capture_opener(file: &OpenFile, out: &mut Capture<'_>) -> Result<Option<ObjectId>> {
    capture_other(Held::of_opener(file)?, out)
}

/// Describes credentials that something else than a task has; none: it cannot be said here.
pub(crate) fn capture_other(held: Held, out: &mut Capture<'_>) -> Result<Option<ObjectId>> {
    if !held.is_here() {
        return Ok(None);
    }
    capture_identity(held, None, out)
}

/// Describes credentials, once; none: one of their ids has no number. Only those of a task have
/// keyrings: nobody looks for keys as the opener of a file.
fn capture_identity(
    held: Held,
    task: Option<&FrozenTask>,
    out: &mut Capture<'_>,
) -> Result<Option<ObjectId>> {
    if let Some(id) = out.known(held.identity()) {
        return Ok(Some(id));
    }
    let (state, groups) = match held.state() {
        Ok(found) => found,
        Err(error) if error == EOVERFLOW => return Ok(None),
        Err(error) => return Err(error),
    };
    let ([session_keyring, process_keyring, thread_keyring], requested_keys) = match task {
        Some(task) => (keyrings::capture(task, out)?, state.requested_keys),
        None => ([ObjectId::NONE; KEYRINGS], 0),
    };
    let mut tail = KVVec::<u8>::new();
    for group in groups.iter() {
        tail.extend_from_slice(U32::new(*group).as_bytes(), GFP_KERNEL_ACCOUNT)?;
    }
    let (id, _) = out.object(held.identity())?;
    out.hold_credentials(held)?;
    out.record(
        &Identity {
            id,
            uid: U32::new(state.uid),
            euid: U32::new(state.euid),
            suid: U32::new(state.suid),
            fsuid: U32::new(state.fsuid),
            gid: U32::new(state.gid),
            egid: U32::new(state.egid),
            sgid: U32::new(state.sgid),
            fsgid: U32::new(state.fsgid),
            securebits: U32::new(state.securebits),
            groups: U32::new(state.groups),
            requested_keys: U32::new(requested_keys),
            session_keyring,
            process_keyring,
            thread_keyring,
            reserved: U32::ZERO,
            inheritable: U64::new(state.inheritable),
            permitted: U64::new(state.permitted),
            effective: U64::new(state.effective),
            bounding: U64::new(state.bounding),
            ambient: U64::new(state.ambient),
        },
        &tail,
    )?;
    Ok(Some(id))
}

/// Credentials as the image describes them.
pub(crate) struct IdentityPlan {
    state: CredentialsState,
    groups: KVVec<u32>,
    /// Their places among the keyrings, in the order of `Which::ALL`.
    keyrings: [Option<usize>; KEYRINGS],
}

impl IdentityPlan {
    /// Takes a record in.
    pub(crate) fn new(
        record: &Identity,
        tail: &[u8],
        keyrings: [Option<usize>; KEYRINGS],
    ) -> Result<Self, Refusal> {
        Ok(Self {
            state: CredentialsState {
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
                requested_keys: record.requested_keys.get(),
            },
            groups: groups(tail)?,
            keyrings,
        })
    }

    /// May the caller have these credentials, or have opened a file with them?
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let caller = task::current();
        let confined = |name| Err(Refusal::new(Reason::RestarterConfined, EPERM).name(name));
        if creds::is_landlocked(&caller) {
            return confined("a landlock domain");
        }
        if creds::is_labelled(&caller) {
            return confined("a security label");
        }
        let (current, current_groups) = creds::of(&caller)?;
        may_have(&self.state, &self.groups, &current, &current_groups)
    }

    fn prepare(&self, keyrings: &[KeyringPlan]) -> Result<Prepared, Refusal> {
        self.check()?;
        let wanted = self.keyrings.map(|index| keyrings.get(index?));
        let keyrings = keyrings::restore(wanted)?;
        Prepared::new(&self.state, &self.groups, &keyrings)
            .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("its credentials"))
    }
}

/// Makes all credentials, if the caller may have them.
pub(crate) fn prepare(
    plans: &[IdentityPlan],
    keyrings: &[KeyringPlan],
) -> Result<KVVec<Prepared>, Refusal> {
    let mut all = KVVec::new();
    for plan in plans {
        all.push(plan.prepare(keyrings)?, GFP_KERNEL_ACCOUNT)?;
    }
    Ok(all)
}

/// Gives the caller its login.
pub(crate) fn restore_login(record: &Credentials) -> Result<(), Refusal> {
    creds::set_login(record.login_uid.get(), record.audit_session.get())
        .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("its audit login"))
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
    if groups != current_groups && !creds::may_set_groups() {
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
        && is_within(wanted.ambient, wanted.permitted & wanted.inheritable)
        && (is_within(wanted.ambient, current.ambient) || creds::may_raise_ambient());
    if allowed {
        Ok(())
    } else {
        Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name("its capabilities"))
    }
}

/// Group ids of a record's tail.
fn groups(tail: &[u8]) -> Result<KVVec<u32>, Refusal> {
    let mut groups = KVVec::new();
    for bytes in tail.chunks_exact(4) {
        let bytes = <[u8; 4]>::try_from(bytes).map_err(|_| EINVAL)?;
        groups.push(u32::from_le_bytes(bytes), GFP_KERNEL_ACCOUNT)?;
    }
    Ok(groups)
}
