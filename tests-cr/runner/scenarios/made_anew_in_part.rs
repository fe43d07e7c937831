// SPDX-License-Identifier: GPL-2.0

//! Fact: what has to be made again on tmpfs and would come back in part is refused: a file with a name that
//! no open file knows; a directory of which a reader had seen some entries, which another one numbers anew.
//! Nor are they made where somebody has laid a link to meanwhile.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::stage::{ensure, refused, Stage};
use crate::verdict::{Doing, Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    name_unknown(stage)?;
    stage.reset()?;
    listed(stage)?;
    stage.reset()?;
    led_elsewhere(stage)
}

fn name_unknown(stage: &Stage) -> Step<()> {
    let child = stage.start("with_shared_file")?;
    let path = newest("shared-")?;
    let other = path.with_extension("other");
    fs::hard_link(&path, &other).doing("link")?;
    stage.save(child)?;
    let kept = path.with_extension("kept");
    fs::rename(&path, &kept).doing("rename")?;
    refused(&stage.restart(&[])?, "had 2 names")?;
    ensure(!path.exists(), "a file is left")?;
    stage.nothing_is_left()?;
    fs::rename(&kept, &path).doing("rename")?;
    let outcome = stage.image_is_good();
    for path in [&path, &other] {
        fs::remove_file(path).doing("unlink")?;
    }
    outcome
}

fn listed(stage: &Stage) -> Step<()> {
    stage.container.make_cgroup()?;
    stage.saved("in_volatile_directory")?;
    let path = newest("listed-")?;
    let kept = path.with_extension("kept");
    fs::rename(&path, &kept).doing("rename")?;
    fs::create_dir(&path).doing("mkdir")?;
    for entry in fs::read_dir(&kept).doing("the names")? {
        fs::write(path.join(entry.doing("a name")?.file_name()), b"").doing("a file")?;
    }
    refused(&stage.restart(&[])?, "numbered anew")?;
    stage.nothing_is_left()?;
    fs::remove_dir_all(&path).doing("rmdir")?;
    fs::rename(&kept, &path).doing("rename")?;
    let outcome = stage.image_is_good();
    fs::remove_dir_all(&path).doing("rmdir")?;
    outcome
}

/// The directory of a file is a link to somebody else's by now, where nothing is made.
fn led_elsewhere(stage: &Stage) -> Step<()> {
    stage.container.make_cgroup()?;
    stage.saved("deep_in_tmpfs")?;
    let path = newest("deep-")?;
    let [kept, elsewhere] = ["kept", "elsewhere"].map(|end| path.with_extension(end));
    fs::rename(&path, &kept).doing("rename")?;
    fs::create_dir(&elsewhere).doing("mkdir")?;
    symlink(&elsewhere, &path).doing("symlink")?;
    let ended = stage.restart(&[])?;
    fs::remove_file(&path).doing("unlink")?;
    // Not if anything is in it.
    fs::remove_dir(&elsewhere).doing("rmdir")?;
    fs::rename(&kept, &path).doing("rename")?;
    refused(&ended, "symbolic link")?;
    stage.nothing_is_left()?;
    let outcome = stage.image_is_good();
    fs::remove_dir_all(&path).doing("rmdir")?;
    outcome
}

/// What the program has just made there.
fn newest(start: &str) -> Step<PathBuf> {
    let made = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    let all = fs::read_dir("/dev/shm").doing("/dev/shm")?.flatten();
    let ours = all.filter(|entry| entry.file_name().to_string_lossy().starts_with(start));
    let found = ours.map(|entry| entry.path()).max_by_key(|path| made(path));
    found.ok_or_else(|| Outcome::failed(format!("nothing is called {start}*")))
}
