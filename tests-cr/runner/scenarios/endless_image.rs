// SPDX-License-Identifier: GPL-2.0

//! Fact: an image that never ends is refused, or read until somebody stops it; it takes no memory that grows
//! with it, and leaves nothing. Zeros from the first byte on, or some record of an image over and over.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::thread;
use std::time::Duration;

use super::phases::{borders, narrow_pipe, some};
use super::stage::{ensure, Stage};
use crate::tool::{Ended, Running};
use crate::verdict::{Outcome, Step};
use crate::wait;

/// How long one is read.
const LONG: Duration = Duration::from_secs(2);
/// How many records there are to be repeated.
const RECORDS: usize = 12;
/// More than the tool and the container take.
const MOST_KIB: u64 = 64 << 10;

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("tree")?;
    let image = stage.image()?;
    let all = borders(&image)?;
    endless(stage, &[], &[0; 4096])?;
    for first in some(&all[..all.len() - 1], RECORDS) {
        let next = all.iter().find(|border| **border > first);
        let next = *next.ok_or_else(|| Outcome::failed("the image ends with its last record"))?;
        endless(stage, &image[..first], &image[first..next])?;
    }
    stage.image_is_good()
}

fn endless(stage: &Stage, begin: &[u8], rest: &[u8]) -> Step<()> {
    let (reader, writer) = narrow_pipe()?;
    let restart = stage.restart_from(reader, &["--frozen", "--detach"])?;
    let (ended, peak) = thread::scope(|scope| {
        scope.spawn(|| write_for_ever(writer, begin, rest));
        stop(stage, restart)
    })?;
    let what = format!("{} bytes after {}: {}", rest.len(), begin.len(), ended.said);
    // Behind the end of an image nothing is read.
    if ended.status.success() {
        return stage.container.end();
    }
    let is_stopped = ended.status.signal() == Some(libc::SIGINT);
    ensure(is_stopped || ended.status.code() == Some(1), &what)?;
    ensure(peak < MOST_KIB, &format!("{what}: {peak} KiB"))?;
    stage.nothing_is_left()
}

/// Until nobody reads.
fn write_for_ever(mut writer: File, begin: &[u8], rest: &[u8]) {
    let mut written = writer.write_all(begin);
    while written.is_ok() {
        written = writer.write_all(rest);
    }
}

/// Lets it read for a while; gives its end, and how much memory it has had, in KiB.
fn stop(stage: &Stage, mut restart: Running) -> Step<(Ended, u64)> {
    let status = format!("/proc/{}/status", restart.child.id());
    let mut peak = 0;
    let has_ended = wait::until(LONG, || {
        let text = fs::read_to_string(&status).unwrap_or_default();
        peak = peak.max(text.lines().find_map(high_water).unwrap_or(0));
        restart.child.try_wait().ok().flatten()
    });
    if has_ended.is_none() {
        // SAFETY: takes no pointer. The child has not been waited for.
        unsafe { libc::kill(restart.child.id() as i32, libc::SIGINT) };
    }
    Ok((restart.end(stage.container)?, peak))
}

fn high_water(line: &str) -> Option<u64> {
    line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok()
}
