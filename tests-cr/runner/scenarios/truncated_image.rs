// SPDX-License-Identifier: GPL-2.0

//! Fact: an image that ends too early is refused, wherever it ends, and nothing of it runs.

use super::stage::{ensure, refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("sleeper")?;
    let image = stage.image()?;
    let length = image.len();
    let mut ends = vec![0, 1, 7, 16, 40, 100, 250, 500, 1000, 2000, 4000];
    ends.extend([
        length / 4,
        length / 2,
        length * 3 / 4,
        length - 200,
        length - 9,
        length - 1,
    ]);
    for end in ends {
        ensure(end < length, "the image is smaller than the test thinks")?;
        let part = stage.other_image(&image[..end])?;
        let ended = stage.restart_from(part, &[])?.end(stage.container)?;
        refused(&ended, "").map_err(|mut outcome| {
            outcome.why = format!("cut at {end} of {length}: {}", outcome.why);
            outcome
        })?;
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}
