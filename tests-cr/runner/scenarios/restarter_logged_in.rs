// SPDX-License-Identifier: GPL-2.0

//! Fact: a program without a session keyring has none when it is restarted from a login.

use super::stage::Stage;
use crate::confine;
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("without_keyring")?;
    stage.container.say_go()?;
    let ended = stage.restart_after(confine::join_session_keyring)?;
    modes::verdict(stage.container, ended.status)
}
