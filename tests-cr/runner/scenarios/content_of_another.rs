// SPDX-License-Identifier: GPL-2.0

//! Fact: an image cannot have the content of one file compared, and another one opened: what it says to be
//! compared is neither opened, if it is no regular file, nor taken for the other.
//!
//! Could break: opening a FIFO waits, and opening a device does what that does.

use std::ffi::{CString, OsStr};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use ckpt_image::format::Kind;
use ckpt_image::RecordView;

use super::stage::{ensure, refused, Stage};
use crate::edit::{rewritten, Other};
use crate::verdict::{Doing, Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_shared_file")?;
    let image = stage.image()?;
    let found = path_in(&image)?;
    let copy = a_copy(&found)?;
    let result = play(stage, &image, &[&copy, &a_fifo(stage)?, Path::new("/dev/null")]);
    for path in [found, copy] {
        let _ = fs::remove_file(path);
    }
    result
}

fn play(stage: &Stage, image: &[u8], elsewhere: &[&Path]) -> Step<()> {
    for path in elsewhere {
        let other = leading_to(image, path);
        let other = other.ok_or_else(|| Outcome::failed("it is no image any more"))?;
        let other = stage.other_image(&other)?;
        let ended = stage.restart_from(other, &[])?.end(stage.container)?;
        refused(&ended, "it was replaced")?;
        stage.nothing_is_left()?;
    }
    stage.image_is_good()
}

/// Where the one storage of the image was found.
fn path_in(image: &[u8]) -> Step<PathBuf> {
    let mut path = None;
    rewritten(image, |record| {
        if is_it(record) {
            path = Some(OsStr::from_bytes(record.tail).into());
        }
        None
    });
    path.ok_or_else(|| Outcome::failed("there is no storage on tmpfs"))
}

/// The image with that storage said to be somewhere else.
fn leading_to(image: &[u8], path: &Path) -> Option<Vec<u8>> {
    rewritten(image, |record| {
        is_it(record).then(|| Other {
            fixed: record.fixed.to_vec(),
            tail: path.as_os_str().as_bytes().to_vec(),
            times: 1,
        })
    })
}

fn is_it(record: &RecordView) -> bool {
    record.kind == Some(Kind::Storage) && record.tail.starts_with(b"/dev/shm/")
}

/// A file that differs in nothing but in which one it is.
fn a_copy(found: &Path) -> Step<PathBuf> {
    let path = found.with_extension("copy");
    fs::copy(found, &path).doing("a copy")?;
    let like = fs::metadata(found).and_then(|like| like.modified());
    let copy = fs::File::options().write(true).open(&path);
    copy.and_then(|copy| copy.set_modified(like?)).doing("a copy")?;
    Ok(path)
}

fn a_fifo(stage: &Stage) -> Step<PathBuf> {
    let path = stage.file("fifo");
    let name = CString::new(path.as_os_str().as_bytes()).unwrap_or_default();
    // SAFETY: a C string.
    let made = unsafe { libc::mkfifo(name.as_ptr(), 0o600) };
    ensure(made == 0, "mkfifo")?;
    Ok(path)
}
