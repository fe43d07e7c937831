// SPDX-License-Identifier: GPL-2.0

//! Fact: a restart that fails leaves no trace in files that the container has mapped: robust mutexes there
//! are not marked as those of a dead owner, though whoever holds them is killed.
//!
//! Could break: registers are the last thing that can be wrong, when tasks have nearly all that they had.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

use ckpt_format::Kind;

use super::stage::{ensure, refused, Stage};
use crate::edit::Change::Set;
use crate::edit::{edited, element};
use crate::verdict::{Doing, Outcome, Step};

/// Place of the code segment among the registers, and one of the kernel's.
const CS: usize = 17;
const KERNELS: u64 = 0x10;

pub fn run(stage: &Stage) -> Step<()> {
    let child = stage.start("with_held_mutex")?;
    let path = stage.container.dir.join("mutex");
    let held = fs::read(&path).doing("mutex")?;
    let modified = fs::metadata(&path).and_then(|meta| meta.modified());
    let modified = modified.doing("mutex")?;
    stage.save(child)?;
    // That was an end like any other.
    let marked = fs::read(&path).doing("mutex")?;
    ensure(marked != held, "the end of the program has left no mark")?;
    put_back(&path, &held, modified).doing("mutex")?;

    let image = stage.image()?;
    let change = Set(element("registers", CS, 8), KERNELS);
    let altered = edited(&image, Kind::RegistersX86_64, |_| true, change);
    let altered = altered.ok_or_else(|| Outcome::failed("no registers"))?;
    let image = stage.other_image(&altered)?;
    refused(
        &stage.restart_from(image, &[])?.end(stage.container)?,
        "segment",
    )?;
    stage.nothing_is_left()?;
    let now = fs::read(&path).doing("mutex")?;
    ensure(now == held, "a restart that failed has left a mark")?;
    stage.image_is_good()
}

fn put_back(path: &Path, content: &[u8], modified: SystemTime) -> std::io::Result<()> {
    let mut file = File::options().write(true).open(path)?;
    file.write_all(content)?;
    file.set_modified(modified)
}
