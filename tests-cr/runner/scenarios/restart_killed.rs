// SPDX-License-Identifier: GPL-2.0

//! Fact: when restart is killed (SIGKILL) before the container runs, nothing remains of it; also while it
//! makes its cgroup and the tasks, at every other millisecond of that.

use std::time::Duration;

use super::stage::{kill, Stage};
use crate::verdict::Step;

/// In so many milliseconds there are a cgroup and tasks.
const EARLY: u64 = 100;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("large")?;
    let length = stage.image()?.len();
    let early = (0..EARLY).step_by(2).map(|pause| (length / 2, pause));
    let late = [(10, 500), (length / 2, 1000), (length - 10, 1000)];
    for (count, pause) in early.chain(late) {
        let (pipe, writer) = stage.stalling_writer(count)?;
        let restart = stage.restart_from(pipe, &[])?;
        std::thread::sleep(Duration::from_millis(pause));
        kill(restart.child);
        kill(writer);
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
