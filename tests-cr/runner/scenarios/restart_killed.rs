// SPDX-License-Identifier: GPL-2.0

//! Fact: when restart is killed (SIGKILL) before the container runs, nothing remains of it.

use std::time::Duration;

use super::stage::{kill, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("large")?;
    let length = stage.image()?.len();
    for (count, pause) in [
        (10, 500),
        (length / 2, 50),
        (length / 2, 1000),
        (length - 10, 1000),
    ] {
        let (pipe, writer) = stage.stalling_writer(count)?;
        let restart = stage.restart_from(pipe, &[])?;
        std::thread::sleep(Duration::from_millis(pause));
        kill(restart.child);
        kill(writer);
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
