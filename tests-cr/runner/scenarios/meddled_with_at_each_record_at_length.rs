// SPDX-License-Identifier: GPL-2.0

//! Fact: what others do to the cgroup between two records, at many places, is refused to them, or fails the
//! checkpoint or the restart: of the one the container stays as it is, or as they have made it; of the other
//! nothing is left.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Child, Command};

use super::phases::{
    borders, caught_checkpoint, caught_restart, counted, read_some, some, write_some,
};
use super::stage::{ensure, kill, refused, Stage};
use crate::container::CGROUPS;
use crate::verdict::{Doing, Outcome, Step};
use crate::modes;

/// What kills, of a container that is saved: one task, or all.
const DEADLY: [Deed; 2] = [("a task is killed", kill_one), ("all are killed", kill_all)];

/// What is done to one that is restarted.
const TO_A_RESTART: [Deed; 6] = [
    ("a task is killed", kill_one),
    ("all are killed", kill_all),
    ("it is frozen", |at, _| write(at, "cgroup.freeze", "1")),
    ("a task is moved out", |at, _| {
        let top = Path::new(CGROUPS);
        write(top, "cgroup.procs", &last_of(at)?.to_string())
    }),
    ("it is removed", |at, _| fs::remove_dir(at)),
    ("a task is moved in", |at, outsider| {
        write(at, "cgroup.procs", &outsider.to_string())
    }),
];

/// What is done, and how: to the cgroup, by an outsider if need be.
type Deed = (&'static str, fn(&Path, u32) -> io::Result<()>);

/// Places at which something is done.
const PLACES: usize = 40;

pub fn run(stage: &Stage) -> Step<()> {
    let checkpoints = checkpoints(stage)?;
    Err(counted(checkpoints, restarts(stage)?))
}

fn checkpoints(stage: &Stage) -> Step<usize> {
    let mut child = stage.start("tree")?;
    modes::checkpoint(stage.container, &[])?;
    let all = some(&borders(&stage.image()?)?, PLACES + 1);
    let before_end = &all[..all.len() - 1];
    let outsider = outsider()?;
    let result = before_end.iter().try_for_each(|border| {
        saved_meanwhile(stage, *border, |at| refused_deeds(at, &outsider))?;
        stage.container.wait_for(&["frozen 0", "populated 1"])
    });
    kill(outsider);
    result?;
    stage.goes_on(&mut child)?;
    let mut count = before_end.len();
    for border in before_end {
        for (what, deed) in DEADLY {
            stage.reset()?;
            let child = stage.start("tree")?;
            let ended = saved_meanwhile(stage, *border, |at| deed(at, 0).doing(what))?;
            let why = format!("{what} after {border} bytes: it succeeded\n{}", ended.said);
            ensure(!ended.status.success(), &why)?;
            stage.container.wait_for(&["frozen 0"])?;
            kill(child);
            stage.container.end()?;
            stage.container.make_cgroup()?;
            count += 1;
        }
    }
    stage.container.end()?;
    Ok(count)
}

/// A checkpoint that stands still after so many bytes while something is done, and then goes on.
fn saved_meanwhile(
    stage: &Stage,
    border: usize,
    deed: impl Fn(&Path) -> Step<()>,
) -> Step<crate::tool::Ended> {
    let (checkpoint, mut reader) = caught_checkpoint(stage, border)?;
    let done = deed(&stage.cgroup());
    let rest = std::thread::spawn(move || read_some(&mut reader, usize::MAX).map(drop));
    let ended = checkpoint.end(stage.container)?;
    rest.join()
        .map_err(|_| Outcome::failed("the reader died"))??;
    done.map(|()| ended)
}

/// Nothing of this may work while the container is saved.
fn refused_deeds(at: &Path, outsider: &Child) -> Step<()> {
    let (own, other) = (last_of(at).doing("a task")?, outsider.id());
    let top = Path::new(CGROUPS);
    let deeds = [
        ("thawed", write(at, "cgroup.freeze", "0")),
        ("left", write(top, "cgroup.procs", &own.to_string())),
        ("entered", write(at, "cgroup.procs", &other.to_string())),
        ("removed", fs::remove_dir(at)),
    ];
    for (what, result) in deeds {
        ensure(result.is_err(), &format!("it could be {what}"))?;
    }
    let events = fs::read_to_string(at.join("cgroup.events")).doing("cgroup.events")?;
    ensure(events.contains("frozen 1"), "it is not frozen any more")
}

fn restarts(stage: &Stage) -> Step<usize> {
    stage.container.make_cgroup()?;
    stage.reset()?;
    let mut child = stage.start("tree")?;
    let living = stage.container.pids().len();
    modes::kill_and_checkpoint(stage.container, &mut child)?;
    stage.container.end()?;
    let image = stage.image()?;
    let all = some(&borders(&image)?, PLACES + 1);
    let mut count = 0;
    for border in &all[..all.len() - 1] {
        for (what, deed) in TO_A_RESTART {
            restarted_meanwhile(stage, (&image, living), *border, deed).map_err(|mut outcome| {
                outcome.why = format!("{what} after {border} bytes: {}", outcome.why);
                outcome
            })?;
            count += 1;
        }
    }
    stage.image_is_good()?;
    Ok(count)
}

/// A restart that stands still after so many bytes while something is done, and then goes on: all of it is there
/// then, or nothing.
fn restarted_meanwhile(
    stage: &Stage,
    (image, living): (&[u8], usize),
    border: usize,
    deed: fn(&Path, u32) -> io::Result<()>,
) -> Step<()> {
    let (restart, mut writer) =
        caught_restart(stage, &image[..border], &["--detach", "--frozen"])?;
    // It may be refused, and there may be nobody yet to whom it could be done.
    let outsider = outsider()?;
    let done = deed(&stage.cgroup(), outsider.id());
    let rest = image[border..].to_vec();
    let feeder = std::thread::spawn(move || write_some(&mut writer, &rest));
    let ended = restart.end(stage.container)?;
    let _ = feeder.join();
    // Whoever is in the cgroup goes with it.
    kill(outsider);
    if ended.status.success() {
        let now = stage.container.pids().len();
        let why = format!("{now} processes stand there, of {living} ({done:?})");
        ensure(now == living, &why)?;
        stage.container.end()?;
    } else {
        refused(&ended, "")?;
    }
    stage.nothing_is_left()
}

/// Somebody who has nothing to do with it.
fn outsider() -> Step<Child> {
    let outsider = Command::new("sleep").arg("1000").spawn();
    outsider.doing("an outsider")
}

fn kill_one(at: &Path, _: u32) -> io::Result<()> {
    let last = last_of(at)?;
    // SAFETY: takes no pointer.
    match unsafe { libc::kill(last, libc::SIGKILL) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

fn kill_all(at: &Path, _: u32) -> io::Result<()> {
    write(at, "cgroup.kill", "1")
}

/// The number of the task that came last.
fn last_of(at: &Path) -> io::Result<i32> {
    let text = fs::read_to_string(at.join("cgroup.procs"))?;
    let last = text.lines().filter_map(|line| line.parse().ok()).max();
    last.ok_or_else(|| io::ErrorKind::NotFound.into())
}

fn write(at: &Path, file: &str, text: &str) -> io::Result<()> {
    fs::write(at.join(file), text)
}
