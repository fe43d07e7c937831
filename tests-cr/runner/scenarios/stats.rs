// SPDX-License-Identifier: GPL-2.0

//! Fact: --stats says what it cost, as sentences and as JSON.

use super::stage::{ensure, fine, Stage};
use crate::verdict::Step;

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let image = stage.container.image();
    let image = image.as_os_str();
    let text = stage.checkpoint(&["--stats".as_ref(), "-o".as_ref(), image])?;
    fine(&text)?;
    ensure(
        text.said.contains("pages"),
        &format!("no pages are counted\n{}", text.said),
    )?;
    let options = ["--stats".as_ref(), "--json".as_ref(), "-o".as_ref(), image];
    let json = stage.checkpoint(&options)?;
    fine(&json)?;
    let pages = json
        .said
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|object| object["stats"]["pages"].as_u64());
    let plausible = pages.is_some_and(|pages| (1024..4096).contains(&pages));
    ensure(
        plausible,
        &format!("{pages:?} pages were counted\n{}", json.said),
    )?;
    stage.goes_on(&mut child)
}
