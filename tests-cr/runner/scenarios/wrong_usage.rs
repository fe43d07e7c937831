// SPDX-License-Identifier: GPL-2.0

//! Fact: wrong usage ends with 2 and says what is wrong; --help ends with 0.

use super::stage::{ensure, fine, Stage};
use crate::tool;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    for (name, arguments) in [
        ("checkpoint", &[][..]),
        ("checkpoint", &["--kill", "--leave-frozen", "x"]),
        ("checkpoint", &["--no-such-option", "x"]),
        ("restart", &["--no-pidns"]),
        ("restart", &["--no-such-option"]),
        ("ckptinfo", &["--no-such-option"]),
    ] {
        let ended = tool::run(name, arguments, stage.container)?;
        let what = format!("{name} {arguments:?}: {}\n{}", ended.status, ended.said);
        ensure(
            ended.status.code() == Some(2) && !ended.said.is_empty(),
            &what,
        )?;
    }
    for name in ["checkpoint", "restart", "ckptinfo"] {
        fine(&tool::run(name, &["--help"], stage.container)?)?;
        fine(&tool::run(name, &["--version"], stage.container)?)?;
    }
    Ok(())
}
