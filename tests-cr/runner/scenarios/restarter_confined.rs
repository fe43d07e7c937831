// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart from within seccomp filters, or without the way to new privileges, does not make
//! programs more confined than they were: it is refused by name.

use super::stage::{refused, Stage};
use crate::confine;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let filtered = stage.restart_after(|| confine::filter(libc::SYS_getppid))?;
    refused(&filtered, "seccomp")?;
    stage.nothing_is_left()?;
    let unprivileged = stage.restart_after(confine::no_new_privs)?;
    refused(&unprivileged, "no_new_privs")?;
    stage.nothing_is_left()?;
    stage.image_is_good()
}
