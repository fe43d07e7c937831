// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart gives sockets no option that its caller could not set, and lets them tell of no sender
//! that he could not send as; somebody who may brings them back.

use std::fs;

use super::stage::{refused, Stage};
use crate::confine;
use crate::verdict::{Doing, Step};

const CAP_SETGID: u64 = 6;
const CAP_SETUID: u64 = 7;
const CAP_NET_ADMIN: u64 = 12;
const CAP_NET_RAW: u64 = 13;

pub fn run(stage: &Stage) -> Step<()> {
    for option in [
        "mark", "priority", "send_buffer", "receive_buffer", "debug", "poll", "budget", "clock",
        "sender",
    ] {
        fs::write(stage.container.dir.join("option"), option).doing("option")?;
        let is_sender = option == "sender";
        stage.saved("with_option")?;
        let lacking = stage.restart_after(move || {
            let missing = match is_sender {
                true => [CAP_SETGID, CAP_SETUID],
                false => [CAP_NET_ADMIN, CAP_NET_RAW],
            };
            missing.into_iter().try_for_each(confine::without_capability)
        })?;
        let word = match is_sender {
            true => "who has sent what waits in its sockets",
            false => "the options of its sockets",
        };
        refused(&lacking, word).map_err(|mut outcome| {
            outcome.why.push_str(option);
            outcome
        })?;
        stage.nothing_is_left()?;
        stage.image_is_good()?;
        stage.container.end()?;
        stage.container.make_cgroup()?;
        stage.reset()?;
    }
    Ok(())
}
