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
use crate::abstractions::machine::sysctl;
use crate::format::reason::Reason;
use crate::log::Refusal;

/// May the caller use either call at all?
pub(crate) fn may_use() -> Result<(), Refusal> {
    let capabilities = [CAP_CHECKPOINT_RESTORE, CAP_SYS_ADMIN];
    let allowed = match sysctl() {
        0 => return Err(Refusal::new(Reason::Disabled, EPERM)),
        1 => capabilities.iter().any(|one| capable_initially(*one)),
        _ => capabilities.iter().any(|one| capable(*one)),
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::new(Reason::NotPermitted, EPERM).name("it takes CAP_CHECKPOINT_RESTORE"))
    }
}

/// What a call does to everybody in a cgroup, whoever comes into it: the caller must be allowed to do
/// that by the file of the cgroup that does the same.
pub(crate) fn may_freeze(cgroup_fd: i32) -> Result<(), Refusal> {
    may_write(cgroup_fd, c"cgroup.freeze")
}

/// As above: a restart that fails kills what is in the cgroup, one that succeeds has frozen it.
pub(crate) fn may_freeze_and_kill(cgroup_fd: i32) -> Result<(), Refusal> {
    may_freeze(cgroup_fd)?;
    may_write(cgroup_fd, c"cgroup.kill")
}

fn may_write(cgroup_fd: i32, file: &'static CStr) -> Result<(), Refusal> {
    match Cgroup::may_write(cgroup_fd, file) {
        Err(error) if [EACCES, EPERM, EROFS].contains(&error) => {
            let name = file.to_str().unwrap_or_default();
            Err(Refusal::new(Reason::CgroupAccess, EACCES).name(name))
        }
        // What is no cgroup, or the topmost, is refused for that.
        _ => Ok(()),
    }
}
