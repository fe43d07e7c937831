// SPDX-License-Identifier: GPL-2.0

//! Fact: restart says so when it gets nothing, or something else, instead of an image.

use super::stage::{refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    for (bytes, word) in [
        (&b""[..], ""),
        (
            b"#!/bin/sh\necho this is a script and no image\n",
            "not a checkpoint image",
        ),
        (&[0; 10_000], "not a checkpoint image"),
    ] {
        let file = stage.other_image(bytes)?;
        stage.container.end()?;
        refused(&stage.restart_from(file, &[])?.end(stage.container)?, word)?;
        stage.nothing_is_left()?;
    }
    Ok(())
}
