// SPDX-License-Identifier: GPL-2.0

//! Credentials: user and group ids, capabilities, securebits, audit login.
//!
//! Refuses: ids without a number in the user namespace. Keyrings, landlock domains and security
//! labels are refused by `thread`.
//! Needs, at restart: CAP_SETUID and CAP_SETGID for ids that the caller has not; no capability and
//! no securebit that it has not.
//! Locks: RCU, and a reference on the credentials.

use kernel::bindings;
use kernel::prelude::*;
use zerocopy::little_endian::{U32, U64};
use zerocopy::IntoBytes;

use crate::abstractions::creds::{self, capable, Prepared};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::credentials::Credentials;
use crate::format::reason::Reason;
use crate::log::Refusal;

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
            reserved: U32::ZERO,
        },
        &tail,
    )
}

/// Makes the credentials of the caller-to-be, if it may have them.
pub(crate) fn prepare(record: &Credentials, groups: &[u32]) -> Result<Prepared, Refusal> {
    let wanted = bindings::ckpt_creds {
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
    };
    let (current, current_groups) = creds::of(&task::current())?;
    may_have(&wanted, groups, &current, &current_groups)?;
    Prepared::new(&wanted, groups)
        .map_err(|error| Refusal::new(Reason::StateNotRestored, error).name("its credentials"))
}

/// Nobody gets more than the caller could have taken by setuid(2), setgroups(2), capset(2), prctl(2).
fn may_have(
    wanted: &bindings::ckpt_creds,
    groups: &[u32],
    current: &bindings::ckpt_creds,
    current_groups: &[u32],
) -> Result<(), Refusal> {
    let refuse = |name| Err(Refusal::new(Reason::RestoreNotPermitted, EPERM).name(name));

    let uids = [current.uid, current.euid, current.suid];
    let wanted_uids = [wanted.uid, wanted.euid, wanted.suid, wanted.fsuid];
    if !wanted_uids.iter().all(|id| uids.contains(id)) && !capable(bindings::CAP_SETUID) {
        return refuse("its user ids");
    }
    let gids = [current.gid, current.egid, current.sgid];
    let wanted_gids = [wanted.gid, wanted.egid, wanted.sgid, wanted.fsgid];
    if !wanted_gids.iter().all(|id| gids.contains(id)) && !capable(bindings::CAP_SETGID) {
        return refuse("its group ids");
    }
    if groups != current_groups && !capable(bindings::CAP_SETGID) {
        return refuse("its supplementary groups");
    }
    if wanted.permitted & !current.permitted != 0
        || wanted.effective & !wanted.permitted != 0
        || wanted.bounding & !current.bounding != 0
        || wanted.inheritable & !(current.inheritable | current.permitted) != 0
        || wanted.ambient & !(wanted.permitted & wanted.inheritable) != 0
    {
        return refuse("its capabilities");
    }
    if wanted.securebits != current.securebits && !capable(bindings::CAP_SETPCAP) {
        return refuse("its securebits");
    }
    /// Each securebit and the lock beside it.
    const SECUREBITS: u32 = 0xff;
    let locked = (current.securebits >> 1) & 0x55;
    if wanted.securebits & !SECUREBITS != 0
        || (wanted.securebits ^ current.securebits) & locked != 0
        || current.securebits & 0xaa & !wanted.securebits != 0
    {
        return refuse("its securebits");
    }
    if !creds::has_login_uid(wanted) {
        return Err(Refusal::new(Reason::StateNotRestored, EPERM).name("its audit login"));
    }
    Ok(())
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
