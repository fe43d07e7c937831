// SPDX-License-Identifier: GPL-2.0

//! Fact: a failed checkpoint leaves an older image of the same name as it was.

use std::fs;

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    let image = stage.container.image();
    fs::write(&image, b"an older image").doing("the older image")?;
    // The cgroup is empty.
    refused(&stage.checkpoint(&["-o".as_ref(), image.as_os_str()])?, "")?;
    ensure(
        stage.image()? == b"an older image",
        "the older image was changed",
    )
}
