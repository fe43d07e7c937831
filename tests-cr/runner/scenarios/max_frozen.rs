// SPDX-License-Identifier: GPL-2.0

//! Fact: --max-frozen thaws the container when the time is over, and fails.

use std::time::Instant;

use super::stage::{ensure, kill, refused, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let (pipe, reader) = stage.stalling_reader(5000)?;
    let start = Instant::now();
    let ended = stage
        .checkpoint_into(pipe, &["--max-frozen", "800ms"])?
        .end(stage.container);
    let took = start.elapsed().as_millis();
    kill(reader);
    refused(&ended?, "")?;
    ensure((800..120_000).contains(&took), &format!("it took {took} ms"))?;
    stage.goes_on(&mut child)
}
