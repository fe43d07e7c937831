// SPDX-License-Identifier: GPL-2.0

//! Fact: when checkpoint is killed (SIGKILL) while it writes, the program is thawed and goes on.

use std::time::Duration;

use super::stage::{kill, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    for pause in [0, 20, 300] {
        let (pipe, reader) = stage.stalling_reader(5000)?;
        let checkpoint = stage.checkpoint_into(pipe, &[])?;
        std::thread::sleep(Duration::from_millis(pause));
        kill(checkpoint.child);
        kill(reader);
        stage.container.wait_for(&["frozen 0"])?;
    }
    stage.goes_on(&mut child)
}
