// SPDX-License-Identifier: GPL-2.0

//! Fact: root who restarts a user's program gives it nothing that the user has put in the place of his files
//! meanwhile and could not have opened himself, be it of the same size and time; what has become root's
//! since, the program has again.

use std::fs;
use std::os::unix::fs::{chown, symlink, PermissionsExt};
use std::path::Path;

use super::stage::{refused, Stage};
use crate::verdict::{Doing, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("at_own_files")?;
    let own = stage.container.dir.join("own");
    let secret = stage.container.dir.join("secret");
    let hidden = secret.join("here");
    fs::create_dir_all(&hidden).doing("a directory")?;
    let (file, twin) = (own.join("file"), secret.join("file"));
    fs::copy(&file, &twin).doing("a copy")?;
    let written = fs::metadata(&file).and_then(|about| about.modified());
    let copy = fs::File::options().write(true).open(&twin);
    copy.and_then(|copy| copy.set_modified(written?)).doing("a copy")?;
    for (path, mode) in [(&twin, 0o600), (&secret, 0o700)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).doing("chmod")?;
    }

    let links = |name: &Path, to: &Path| symlink(to, name);
    in_its_place(stage, &file, |name| links(name, &twin))?;
    in_its_place(stage, &file, |name| fs::hard_link(&twin, name))?;
    in_its_place(stage, &own.join("here"), |name| links(name, &hidden))?;

    chown(&file, Some(0), Some(0)).doing("chown")?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).doing("chmod")?;
    stage.image_is_good()
}

/// Something else is put where `name` was, and not given.
fn in_its_place(
    stage: &Stage,
    name: &Path,
    put: impl FnOnce(&Path) -> std::io::Result<()>,
) -> Step<()> {
    let kept = name.with_extension("kept");
    fs::rename(name, &kept).doing("rename")?;
    put(name).doing("something else")?;
    let ended = stage.restart(&[])?;
    fs::remove_file(name).doing("unlink")?;
    fs::rename(&kept, name).doing("rename")?;
    refused(&ended, "Permission denied")?;
    refused(&ended, &name.display().to_string())?;
    stage.nothing_is_left()
}
