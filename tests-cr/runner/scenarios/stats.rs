// SPDX-License-Identifier: GPL-2.0

//! Fact: --stats says what it cost, as sentences and as JSON; both tools count the same, and the
//! phases fit into the whole.

use super::stage::{ensure, fine, Stage};
use crate::tool::Ended;
use crate::verdict::{Outcome, Step};
use crate::wait;

const CHECKPOINT_PHASES: [&str; 5] = ["freeze_ns", "pin_ns", "capture_ns", "stream_ns", "thaw_ns"];
const RESTART_PHASES: [&str; 6] = [
    "prefix_ns",
    "forest_ns",
    "join_ns",
    "build_ns",
    "fill_ns",
    "commit_ns",
];

pub fn run(stage: &Stage) -> Step<()> {
    let mut child = stage.start("large")?;
    let image = stage.container.image();
    let image = image.as_os_str();
    let text = stage.checkpoint(&["--stats".as_ref(), "-o".as_ref(), image])?;
    fine(&text)?;
    for word in ["frozen", "stream", "sync", "pages", "zero pages", "records"] {
        ensure(
            text.said.contains(word),
            &format!("no word about {word}\n{}", text.said),
        )?;
    }
    let options = ["--kill", "--stats", "--json", "-o"].map(AsRef::as_ref);
    let options = [&options[..], &[image]].concat();
    let saved = Stats::of(&stage.checkpoint(&options)?)?;
    let pages = saved.number("pages")?;
    ensure(
        (1024..4096).contains(&pages),
        &format!("{pages} pages were counted"),
    )?;
    ensure(
        saved.number("bytes")? > pages * 4096,
        "fewer bytes than pages",
    )?;
    saved.number("sync_ns")?;
    saved.phases_fit("frozen_ns", &CHECKPOINT_PHASES)?;
    wait::for_child(&mut child, wait::LIMIT)
        .ok_or_else(|| Outcome::failed("checkpoint --kill left the program alive"))?;
    stage.container.end()?;

    let restored = Stats::of(&stage.restart(&["--verify", "--stats", "--json"])?)?;
    restored.phases_fit("running_ns", &RESTART_PHASES)?;
    for name in ["tasks", "records", "bytes", "pages"] {
        let (one, other) = (saved.number(name)?, restored.number(name)?);
        ensure(
            one == other,
            &format!("{name}: {one} were saved, {other} restored"),
        )?;
    }
    ensure(
        saved.number("zero_pages")? >= restored.number("zero_pages")?,
        "more zero pages were restored than saved",
    )?;
    stage.image_is_good()
}

/// What a tool said with `--stats --json`.
pub struct Stats(serde_json::Value);

impl Stats {
    pub fn of(ended: &Ended) -> Step<Self> {
        fine(ended)?;
        let lines = ended.said.lines();
        let mut objects =
            lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let found = objects.find_map(|mut object| Some(object.get_mut("stats")?.take()));
        ensure(found.is_some(), &format!("no statistics\n{}", ended.said))?;
        Ok(Self(found.unwrap_or_default()))
    }

    pub fn number(&self, name: &str) -> Step<u64> {
        let number = self.0[name].as_u64();
        ensure(number.is_some(), &format!("no {name} in {}", self.0))?;
        Ok(number.unwrap_or(0))
    }

    /// No phase is missing, and together they take no longer than the whole.
    fn phases_fit(&self, whole: &str, phases: &[&str]) -> Step<()> {
        let mut sum = 0;
        for phase in phases {
            sum += self.number(phase)?;
        }
        ensure(
            0 < sum && sum <= self.number(whole)?,
            &format!("the phases do not fit into {whole}: {}", self.0),
        )
    }
}
