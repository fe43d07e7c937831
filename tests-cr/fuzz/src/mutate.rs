// SPDX-License-Identifier: GPL-2.0

//! Alterations of an image that keep most of it an image: whole records, fields, lengths; and at
//! the end the checksums are made right, or nothing behind them would ever be reached.

use ckpt_image::format::fields::of;
use ckpt_image::format::{Kind, RecordHeader};
use ckpt_samples::{records, reseal};
use zerocopy::{FromBytes, IntoBytes};

use crate::Random;

const ENVELOPE: usize = size_of::<RecordHeader>();
const MOST_CHANGES: usize = 6;

/// An altered copy of one image, with parts of another.
pub fn mutate(image: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> = records(image).into_iter().map(<[u8]>::to_vec).collect();
    for _ in 0..=random.below(MOST_CHANGES) {
        change(&mut parts, other, random);
    }
    let mut bytes = parts.concat();
    if random.once_in(20) {
        bytes.truncate(random.below(bytes.len()));
    }
    if !random.once_in(10) {
        reseal(&mut bytes);
    }
    bytes
}

fn change(parts: &mut Vec<Vec<u8>>, other: &[u8], random: &mut Random) {
    let index = random.below(parts.len());
    match random.below(10) {
        0 => {
            if parts.len() > 1 {
                parts.remove(index);
            }
        }
        1 => parts.insert(random.below(parts.len()), parts[index].clone()),
        2 => {
            let second = random.below(parts.len());
            parts.swap(index, second);
        }
        3 => {
            let theirs = records(other);
            parts.insert(index, theirs[random.below(theirs.len())].to_vec());
        }
        4 => resize(&mut parts[index], random),
        5 => envelope(&mut parts[index], random),
        6 => flip(&mut parts[index], random),
        _ => field(&mut parts[index], random),
    }
}

/// Gives one field of the fixed part another value.
fn field(part: &mut [u8], random: &mut Random) {
    let kind = header(part).and_then(|header| Kind::from_number(header.kind.get()));
    let Some(kind) = kind else {
        return;
    };
    let fields = of(kind).fields;
    let field = fields[random.below(fields.len())];
    let value = random.odd_number().to_le_bytes();
    // An array gets it somewhere.
    let size = field.size.min(value.len());
    let start = ENVELOPE + field.offset + random.below(field.size / size) * size;
    if let Some(place) = part.get_mut(start..start + size) {
        place.copy_from_slice(&value[..size]);
    }
}

fn flip(part: &mut [u8], random: &mut Random) {
    let byte = random.below(part.len());
    part[byte] ^= 1 << random.below(8);
}

/// Makes the payload longer or shorter, and says so or not.
fn resize(part: &mut Vec<u8>, random: &mut Random) {
    let old = part.len() - ENVELOPE;
    let new = if random.once_in(2) {
        random.below(old + 1)
    } else {
        old + random.below(64)
    };
    let filling = if random.once_in(2) { 0 } else { 0xa5 };
    part.resize(ENVELOPE + new, filling);
    let Some(mut header) = header(part) else {
        return;
    };
    header.length = (new as u64).into();
    match random.below(3) {
        0 => header.fixed = (new as u32).into(),
        1 => {
            let change = (new as i64 - old as i64) as u32;
            header.fixed = header.fixed.get().wrapping_add(change).into();
        }
        _ => {}
    }
    part[..ENVELOPE].copy_from_slice(header.as_bytes());
}

/// Gives one field of the envelope another value.
fn envelope(part: &mut [u8], random: &mut Random) {
    let Some(mut header) = header(part) else {
        return;
    };
    let value = random.odd_number();
    match random.below(5) {
        0 => header.length = value.into(),
        1 => header.fixed = (value as u32).into(),
        2 => header.kind = (value as u32).into(),
        3 => header.kind = Kind::ALL[random.below(Kind::ALL.len())].number().into(),
        _ => header.kind = (header.kind.get() | Kind::SKIPPABLE).into(),
    }
    part[..ENVELOPE].copy_from_slice(header.as_bytes());
}

fn header(part: &[u8]) -> Option<RecordHeader> {
    RecordHeader::read_from_prefix(part)
        .ok()
        .map(|(header, _)| header)
}
