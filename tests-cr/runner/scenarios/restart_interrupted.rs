// SPDX-License-Identifier: GPL-2.0

//! Fact: Ctrl-C while restart waits for the rest of an image ends it, and nothing remains.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use super::stage::{ensure, kill, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("large")?;
    let length = stage.image()?.len();
    for count in [10, length / 2, length - 10] {
        let (pipe, writer) = stage.stalling_writer(count)?;
        let restart = stage.restart_from(pipe, &[])?;
        std::thread::sleep(Duration::from_millis(1000));
        // SAFETY: takes no pointer.
        unsafe { libc::kill(restart.child.id() as i32, libc::SIGINT) };
        let ended = restart.end(stage.container);
        kill(writer);
        let ended = ended?;
        let why = format!("stalled at {count}: {}\n{}", ended.status, ended.said);
        ensure(ended.status.signal() == Some(libc::SIGINT), &why)?;
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
