// SPDX-License-Identifier: GPL-2.0

//! Fact: huge pages that are reserved for a file are reserved for it again; if there are not enough of them,
//! the restart is refused by name.
//!
//! Runs alone: it counts the pages of the whole machine, and takes them away.

use std::fs;

use super::stage::{ensure, refused, Stage};
use crate::modes;
use crate::verdict::{Doing, Outcome, Step};

const PAGES: &str = "/proc/sys/vm/nr_hugepages";
const RESERVED: &str = "/sys/kernel/mm/hugepages/hugepages-2048kB/resv_hugepages";

/// Also those of files that other tests have left for the time after a reboot.
fn reserved() -> Step<u64> {
    let text = fs::read_to_string(RESERVED).doing(RESERVED)?;
    text.trim()
        .parse()
        .map_err(|_| Outcome::failed(format!("{RESERVED}: {text}")))
}

pub fn run(stage: &Stage) -> Step<()> {
    let pages = fs::read_to_string(PAGES).doing(PAGES)?;
    let before = reserved()?;
    let mut child = stage.start("with_promised_pages")?;
    ensure(reserved()? == before + 2, "the sample has not reserved two pages")?;
    modes::checkpoint(stage.container, &["--kill"])?;
    let _ = child.wait();
    stage.container.end()?;
    ensure(reserved()? == before, "pages are reserved for nobody")?;

    fs::write(PAGES, "0").doing(PAGES)?;
    let lacking = stage.restart(&[]);
    fs::write(PAGES, pages.trim()).doing(PAGES)?;
    refused(&lacking?, "not enough free huge pages of 2048 KiB")?;
    stage.nothing_is_left()?;

    let restart = modes::restart_frozen(stage.container)?;
    ensure(reserved()? == before + 2, "two pages are not reserved again")?;
    stage.container.thaw()?;
    stage.container.say_go()?;
    let ended = restart.end(stage.container)?;
    modes::verdict(stage.container, ended.status)
}
