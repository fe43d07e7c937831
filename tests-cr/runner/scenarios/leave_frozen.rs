// SPDX-License-Identifier: GPL-2.0

//! Fact: --leave-frozen leaves the container frozen, and the image is good.

use super::stage::{ensure, Stage};
use crate::modes;
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("sleeper")?;
    modes::checkpoint(stage.container, &["--leave-frozen"])?;
    ensure(stage.container.holds("frozen 1"), "it is not frozen")?;
    stage.container.thaw()?;
    // The original ends, so that its copy can have the output to itself.
    stage.container.end()?;
    let _ = child.wait();
    stage.image_is_good()
}
