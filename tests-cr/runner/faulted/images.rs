// SPDX-License-Identifier: GPL-2.0

//! Two images of the same frozen container say the same.

use std::hash::{DefaultHasher, Hash, Hasher};

use ckpt_image::format::Kind;
use ckpt_image::ImageReader;

use crate::verdict::{Outcome, Step};

/// What an undisturbed image says, record by record.
#[derive(Default)]
pub struct Reference(Vec<Said>);

/// A kind, and what the record holds: none if that is another time each time.
type Said = (u32, Option<u64>);

impl Reference {
    /// Of two undisturbed images: what differs between them need not be the same in a third.
    pub fn of(one: &[u8], other: &[u8]) -> Step<Self> {
        let (one, other) = (read(one)?, read(other)?);
        if one.len() != other.len() {
            return Err(Outcome::failed(format!(
                "one image has {} records, the next {}",
                one.len(),
                other.len()
            )));
        }
        let both = one.into_iter().zip(other);
        let said = both.map(|((kind, one), (_, other))| (kind, one.filter(|_| one == other)));
        Ok(Self(said.collect()))
    }

    /// Another image says the same.
    pub fn is_said_by(&self, image: &[u8]) -> Step<()> {
        let said = read(image)?;
        if said.len() != self.0.len() {
            return Err(Outcome::failed(format!(
                "the image has {} records, not {}",
                said.len(),
                self.0.len()
            )));
        }
        for (index, ((kind, wanted), found)) in self.0.iter().zip(said).enumerate() {
            if found.0 != *kind || (wanted.is_some() && found.1 != *wanted) {
                return Err(Outcome::failed(format!(
                    "record {index} of the image, of kind {kind:#x}, is another"
                )));
            }
        }
        Ok(())
    }
}

fn read(image: &[u8]) -> Step<Vec<Said>> {
    let broken = |error: ckpt_image::ImageError| Outcome::failed(format!("image {error}"));
    let mut reader = ImageReader::new(image);
    let mut all = Vec::new();
    while let Some(record) = reader.next().map_err(broken)? {
        let mut hasher = DefaultHasher::new();
        // Which number comes next in a pid namespace: others make processes there too.
        if record.kind != Some(Kind::PidSpace) {
            record.payload().hash(&mut hasher);
        }
        all.push((record.header.kind.get(), Some(hasher.finish())));
    }
    reader.expect_end_of_stream().map_err(broken)?;
    Ok(all)
}
