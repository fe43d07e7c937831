// SPDX-License-Identifier: GPL-2.0

//! Fact: --check lists what a checkpoint would refuse, no more, no less and in the same order, for several
//! obstacles of several kinds at once.

use super::stage::{ensure, refused, Stage};
use crate::turn;
use crate::verdict::Step;

/// The lines that name a reason, as they are.
fn reasons(said: &str) -> Vec<&str> {
    let lines = said.lines();
    lines.filter(|line| line.contains("\"reason\"")).collect()
}

pub fn run(stage: &Stage) -> Step<()> {
    let program = stage.places.programs.join("dynamic/ckpt-cases");
    let mut child = stage
        .container
        .start(&program, "refuse/several_at_once", "tools")?;
    let ready = turn::wait_until_ready(stage.container, &mut child)?;
    let check = stage.checkpoint(&["--check", "--json"])?;
    refused(&check, "")?;
    let image = stage.container.image();
    let fails = stage.checkpoint(&["--json".as_ref(), "-o".as_ref(), image.as_os_str()])?;
    refused(&fails, "")?;
    let (first, second) = (reasons(&check.said), reasons(&fails.said));
    let why = format!("--check:\n{}\nwithout:\n{}", check.said, fails.said);
    ensure(first == second, &why)?;
    // As many as the program has set up, at least.
    ensure(first.len() >= ready.expected.len(), &why)?;
    ensure(ready.expected.len() >= 5, "there is little to compare")?;
    ensure(!image.exists(), "a failed checkpoint left an image")?;
    stage.goes_on(&mut child)
}
