// SPDX-License-Identifier: GPL-2.0

//! Fact: of a tree of tasks, threads and zombies either everything comes back or nothing: with an
//! image that ends early, and when restart is killed at any moment, nobody of it stays.

use std::time::Duration;

use super::stage::{kill, refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("tree")?;
    let image = stage.image()?;
    let length = image.len();
    for end in [length / 8, length / 2, length - 100, length - 1] {
        let part = stage.other_image(&image[..end])?;
        let ended = stage.restart_from(part, &[])?.end(stage.container)?;
        refused(&ended, "")?;
        stage.nothing_is_left()?;
    }
    for (count, pause) in [(0, 100), (2000, 300), (length / 2, 10), (length / 2, 1500), (length - 10, 2000)] {
        let (pipe, writer) = stage.stalling_writer(count)?;
        let restart = stage.restart_from(pipe, &[])?;
        std::thread::sleep(Duration::from_millis(pause));
        kill(restart.child);
        kill(writer);
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
