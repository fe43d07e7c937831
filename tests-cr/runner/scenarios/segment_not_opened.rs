// SPDX-License-Identifier: GPL-2.0

//! Fact: an image cannot give a program a descriptor of System V memory: who has one changes its size
//! unknown to what counts it.

use ckpt_image::format::files::{Descriptor, OpenFile};
use ckpt_image::format::storage::{Storage, STORAGE_FORM_SEGMENT};
use ckpt_image::format::ObjectId;
use ckpt_image::ImageReader;
use zerocopy::IntoBytes;

use super::stage::{refused, Stage};
use crate::edit::{rewritten, Other};
use crate::verdict::{Outcome, Step};

pub fn run(stage: &Stage) -> Step<()> {
    stage.saved("with_segment")?;
    let image = stage.image()?;
    let file = file_of_segment(&image);
    let file = file.ok_or_else(|| Outcome::failed("there is no System V memory"))?;
    let other = rewritten(&image, |record| {
        let mut fixed = record.decode::<Descriptor>().ok()?;
        fixed.file = file;
        Some(Other {
            fixed: fixed.as_bytes().to_vec(),
            tail: Vec::new(),
            times: 1,
        })
    });
    let other = other.ok_or_else(|| Outcome::failed("it has no descriptors"))?;
    let other = stage.other_image(&other)?;
    let ended = stage.restart_from(other, &[])?.end(stage.container)?;
    refused(&ended, "field file")?;
    stage.nothing_is_left()?;
    stage.image_is_good()
}

/// An open file behind an area.
fn file_of_segment(image: &[u8]) -> Option<ObjectId> {
    let mut reader = ImageReader::new(image);
    let mut segments = Vec::new();
    while let Ok(Some(record)) = reader.next() {
        if let Ok(storage) = record.decode::<Storage>() {
            if storage.form.get() == STORAGE_FORM_SEGMENT {
                segments.push(storage.id);
            }
        }
        if let Ok(file) = record.decode::<OpenFile>() {
            if segments.contains(&file.storage) {
                return Some(file.id);
            }
        }
    }
    None
}
