// SPDX-License-Identifier: GPL-2.0

//! Fact: an image in which one bit was flipped is refused, wherever it is, and nothing of it runs.

use super::stage::{refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let mut image = stage.image()?;
    let length = image.len();
    for step in 0..16 {
        // Early records are small, and there are many of them.
        let at = if step < 8 {
            step * 157 + 3
        } else {
            (step - 8) * (length / 8) + step
        };
        image[at] ^= 1 << (step % 8);
        let damaged = stage.other_image(&image)?;
        let ended = stage.restart_from(damaged, &[])?.end(stage.container)?;
        refused(&ended, "").map_err(|mut outcome| {
            outcome.why = format!("bit {} of byte {at}: {}", step % 8, outcome.why);
            outcome
        })?;
        stage.nothing_is_left()?;
        image[at] ^= 1 << (step % 8);
    }
    stage.image_is_good()
}
