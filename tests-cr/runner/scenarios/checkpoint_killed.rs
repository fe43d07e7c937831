// SPDX-License-Identifier: GPL-2.0

//! Fact: when checkpoint is killed (SIGKILL), the program is thawed and goes on: while it writes, and at
//! each millisecond of its beginning. What there is of a file without its name goes with it.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use super::stage::{kill, Stage};
use crate::verdict::{Outcome, Step};
use crate::wait;

/// In so many milliseconds there are a file and a frozen program.
const EARLY: u64 = 60;

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
    let image = stage.container.image();
    let image = image.to_string_lossy();
    let options = ["-o", &*image];
    for pause in 0..EARLY {
        let checkpoint = stage.checkpoint_into(Stdio::null(), &options)?;
        std::thread::sleep(Duration::from_millis(pause));
        kill(checkpoint.child);
        stage.container.wait_for(&["frozen 0"])?;
        nothing_unfinished(stage).map_err(|mut outcome| {
            outcome.why.push_str(&format!(", {pause} ms after the beginning"));
            outcome
        })?;
    }
    stage.goes_on(&mut child)
}

fn nothing_unfinished(stage: &Stage) -> Step<()> {
    let unfinished = || {
        let entries = fs::read_dir(&stage.container.dir).into_iter().flatten();
        let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.find(|name| name.ends_with(".unfinished"))
    };
    wait::until(Duration::from_secs(20), || unfinished().is_none().then_some(()))
        .ok_or_else(|| Outcome::failed(format!("left: {:?}", unfinished())))
}
