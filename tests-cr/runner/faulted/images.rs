// SPDX-License-Identifier: GPL-2.0

//! Two images of the same frozen container say the same.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::{offset_of, size_of};

use ckpt_image::format::header::End;
use ckpt_image::format::Kind;
use ckpt_image::ImageReader;

use crate::verdict::{Outcome, Step};

/// What an undisturbed image says, record by record.
#[derive(Default)]
pub struct Reference(Vec<Said>);

/// A record: what it holds, none if that is another time each time; and how it begins, to show.
struct Said {
    kind: u32,
    hash: Option<u64>,
    start: Vec<u8>,
}

impl Said {
    fn is_said_by(&self, other: &Self) -> bool {
        self.kind == other.kind && (self.hash.is_none() || self.hash == other.hash)
    }
}

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
        let said = both.map(|(one, other)| Said {
            hash: one.hash.filter(|_| one.hash == other.hash),
            ..one
        });
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
        let mut pairs = self.0.iter().zip(&said).enumerate();
        match pairs.find(|(_, (wanted, found))| !wanted.is_said_by(found)) {
            None => Ok(()),
            Some((index, (wanted, found))) => Err(Outcome::failed(format!(
                "record {index} of the image, of kind {:#x}, is another: {:02x?}, not {:02x?}",
                wanted.kind, found.start, wanted.start
            ))),
        }
    }
}

/// So many bytes of a record are shown.
const SHOWN: usize = 64;

fn read(image: &[u8]) -> Step<Vec<Said>> {
    let broken = |error: ckpt_image::ImageError| Outcome::failed(format!("image {error}"));
    let mut reader = ImageReader::new(image);
    let mut all = Vec::new();
    while let Some(record) = reader.next().map_err(broken)? {
        let payload = record.payload();
        let mut hasher = DefaultHasher::new();
        match record.kind {
            // Which number comes next in a pid namespace: others make processes there too.
            Some(Kind::PidSpace) => (),
            // How many bytes there are: some hold the name of an inode, such as `socket:[9999]`.
            Some(Kind::End) => {
                let (before, after) = payload.split_at(offset_of!(End, bytes));
                (before, &after[size_of::<u64>()..]).hash(&mut hasher);
            }
            _ => payload.hash(&mut hasher),
        }
        all.push(Said {
            kind: record.header.kind.get(),
            hash: Some(hasher.finish()),
            start: payload[..payload.len().min(SHOWN)].to_vec(),
        });
    }
    reader.expect_end_of_stream().map_err(broken)?;
    Ok(all)
}
