// SPDX-License-Identifier: GPL-2.0

//! Small images, the same bytes on every run: a counter alone, and a family in which every kind of
//! record occurs. Tests, the fuzzer's seed corpus and the golden image are made of them.

#![forbid(unsafe_code)]

mod dump;
mod family;
mod ipc;
mod parts;
mod specials;
mod talk;
mod terminals;

pub use dump::{dump, undump};
pub use family::Shape;

use ckpt_image::format::{Record, RecordHeader, Sequence};
use zerocopy::{FromBytes, IntoBytes};

/// One process, the least that an image can hold.
pub fn counter() -> Vec<u8> {
    Shape::COUNTER.image()
}

/// A process with a child and a thread, and every kind of record.
pub fn family() -> Vec<u8> {
    Shape::FAMILY.image()
}

/// Every image of this crate with a name: a seed corpus.
pub fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("counter", counter()),
        ("family", family()),
        ("small-pages", Shape::SMALL_PAGES.image()),
        ("another", Shape::ANOTHER.image()),
    ]
}

/// An image cut into its records, envelopes and all.
pub fn records(image: &[u8]) -> Vec<&[u8]> {
    let mut records = Vec::new();
    let mut rest = image;
    while let Ok((header, _)) = RecordHeader::read_from_prefix(rest) {
        let length = size_of::<RecordHeader>() + header.length.get() as usize;
        let (record, after) = rest.split_at(length);
        records.push(record);
        rest = after;
    }
    assert!(rest.is_empty());
    records
}

/// Computes every checksum of an image anew, as far as its envelopes can be followed: what someone
/// does who alters an image on purpose.
pub fn reseal(image: &mut [u8]) {
    let mut sequence = Sequence::new();
    let mut rest = image;
    while let Some((head, after)) = rest.split_at_mut_checked(size_of::<RecordHeader>()) {
        let Ok(mut header) = RecordHeader::read_from_bytes(head) else {
            return;
        };
        let Ok(frame) = sequence.open(&header) else {
            return;
        };
        let Some((payload, next)) = after.split_at_mut_checked(frame.length() as usize) else {
            return;
        };
        header.checksum = frame.seed().with(payload).finish().into();
        head.copy_from_slice(header.as_bytes());
        if frame.kind() == Some(ckpt_image::format::header::Header::KIND) {
            if let Ok((first, _)) = ckpt_image::format::header::Header::read_from_prefix(payload) {
                sequence.salt(first.image_id);
            }
        }
        rest = next;
    }
}
