// SPDX-License-Identifier: GPL-2.0

//! Fact: who may trace the tasks of a restart may write to their memory while it is filled, pages that they
//! share since a fork among it: the restart succeeds or fails, and nothing else breaks.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use super::phases::narrow_pipe;
use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Outcome, Step};

const ROUNDS: usize = 10;
const PAGE: usize = 4096;
/// The memory of the sample is larger, and little else is.
const LARGE: usize = 256 * PAGE;
/// So much of the image comes at a time.
const PART: usize = 16 * 1024;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_heirs")?;
    let image = stage.image()?;
    let (mut written, mut stood) = (0, 0);
    for _ in 0..ROUNDS {
        let (pages, stands) = written_into(stage, &image)?;
        written += pages;
        stood += usize::from(stands);
        stage.container.end()?;
        stage.nothing_is_left()?;
    }
    ensure(written > 0, "nothing was written to")?;
    stage.image_is_good()?;
    Err(Outcome {
        why: format!("{written} pages written to, {stood} of {ROUNDS} restarts succeeded"),
        ..Outcome::passed()
    })
}

/// How many pages were written to, and whether it stands.
fn written_into(stage: &Stage, image: &[u8]) -> Step<(usize, bool)> {
    let (reader, mut writer) = narrow_pipe()?;
    let mut restart = stage.restart_from(reader, &["--detach", "--frozen"])?;
    let image = image.to_vec();
    let feeder = std::thread::spawn(move || {
        for part in image.chunks(PART) {
            // It may have failed.
            if writer.write_all(part).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    });
    let mut written = 0;
    while restart.child.try_wait().doing("restart")?.is_none() {
        for pid in heirs(stage) {
            written += scribble(pid);
        }
    }
    let _ = feeder.join();
    let ended = restart.end(stage.container)?;
    if !ended.status.success() {
        refused(&ended, "")?;
    }
    Ok((written, ended.status.success()))
}

/// All but the first: what comes for that one is read into its very memory, and must be as it was.
fn heirs(stage: &Stage) -> Vec<i32> {
    let mut pids = stage.container.pids();
    pids.sort_unstable();
    pids.split_off(1.min(pids.len()))
}

/// Writes a byte to each page that the children of the sample have never written to; how many could be.
fn scribble(pid: i32) -> usize {
    // It may be gone.
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let Ok(memory) = File::options().write(true).open(format!("/proc/{pid}/mem")) else {
        return 0;
    };
    let large = maps.lines().filter_map(large_area);
    large.map(|(start, end)| write_to(&memory, start, end)).sum()
}

fn large_area(line: &str) -> Option<(usize, usize)> {
    let mut words = line.split_whitespace();
    let (range, rights) = (words.next()?, words.next()?);
    // Offset, device, inode, and no name.
    let is_nameless = words.nth(3).is_none();
    let (start, end) = range.split_once('-')?;
    let number = |text| usize::from_str_radix(text, 16).ok();
    let (start, end) = (number(start)?, number(end)?);
    (rights == "rw-p" && is_nameless && end - start >= LARGE).then_some((start, end))
}

fn write_to(memory: &File, start: usize, end: usize) -> usize {
    const BYTE: [u8; 1] = [0x5a];
    let untouched = start + (end - start) / PAGE * 2 / 3 * PAGE;
    let pages = (untouched..end).step_by(PAGE);
    pages
        .filter(|page| memory.write_at(&BYTE, *page as u64).is_ok())
        .count()
}
