// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Who may use the two system calls: the sysctl kernel.checkpoint_restart, and capabilities.
//! What a caller may look into, and what it may give to tasks, is asked where it is done.

use kernel::prelude::*;

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
