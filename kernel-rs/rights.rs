// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Who may use the two system calls, and on which cgroup: the sysctl kernel.checkpoint_restart,
//! capabilities, and the files of the cgroup. What a caller may look into, and what it may give to
//! tasks, is asked where it is done.
//!
//! Lockdown (kernel_lockdown(7)) refuses nothing here. It guards the kernel itself against root: a
//! checkpoint reads what ptrace(2) reads, which lockdown allows, and a restart makes nothing that it
//! forbids: I/O ports and perf events are refused, devices are opened as open(2) does, which asks.

use kernel::prelude::*;

use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::creds::{
    capable, capable_initially, CAP_CHECKPOINT_RESTORE, CAP_SYS_ADMIN,
};
use crate::abstractions::file::OpenFile;
use crate::abstractions::machine::sysctl;
use crate::format::reason::Reason;
use crate::log::Refusal;

/// One of them is enough.
const CAPABILITIES: [u32; 2] = [CAP_CHECKPOINT_RESTORE, CAP_SYS_ADMIN];

/// May the caller use either call at all?
pub(crate) fn may_use() -> Result<(), Refusal> {
    let allowed = match sysctl() {
        0 => return Err(Refusal::new(Reason::Disabled, EPERM)),
        1 => may_identify(),
        _ => CAPABILITIES.iter().any(|one| capable(*one)),
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::new(Reason::NotPermitted, EPERM).name("it takes CAP_CHECKPOINT_RESTORE"))
    }
}

/// May the caller say what the kernel alone says otherwise, and what the whole machine knows things by:
/// when a process has started, the serial number of a keyring?
pub(crate) fn may_identify() -> bool {
    CAPABILITIES.iter().any(|one| capable_initially(*one))
}

/// A cgroup that the caller may freeze: a call does that to whoever comes into it, so the caller must be
/// allowed to write to the file of the cgroup that does the same.
pub(crate) fn cgroup_to_freeze(fd: i32) -> Result<Cgroup, Refusal> {
    cgroup_to(fd, &[c"cgroup.freeze"])
}

/// As above: a restart that fails kills what is in the cgroup, one that succeeds has frozen it.
pub(crate) fn cgroup_to_freeze_and_kill(fd: i32) -> Result<Cgroup, Refusal> {
    cgroup_to(fd, &[c"cgroup.freeze", c"cgroup.kill"])
}

/// The descriptor is looked at once: another thread may put something else there.
fn cgroup_to(fd: i32, files: &[&'static CStr]) -> Result<Cgroup, Refusal> {
    let none = |error| Refusal::new(Reason::Empty, error);
    let directory = OpenFile::from_any_fd(fd).map_err(none)?;
    let cgroup = Cgroup::of(&directory).map_err(none)?;
    for file in files {
        let name = file.to_str().unwrap_or_default();
        match Cgroup::may_write(&directory, file) {
            Ok(()) => (),
            Err(error) if error == ENOMEM => return Err(error.into()),
            // It is refused for that.
            Err(error) if error == ENOENT && cgroup.is_topmost() => (),
            Err(_) => return Err(Refusal::new(Reason::CgroupAccess, EACCES).name(name)),
        }
    }
    Ok(cgroup)
}
