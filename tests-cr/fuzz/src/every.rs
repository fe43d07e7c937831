// SPDX-License-Identifier: GPL-2.0

//! Every single alteration of an image: each field of each kind with its extremes, its neighbours and
//! each of its bits, what it could be called, what it could refer to; each length lied about; records
//! left out, doubled, moved; the stream cut at and in each.
//!
//! Of many records of one kind the first two and the last are altered: they are of one code.

use std::collections::{BTreeMap, BTreeSet};

use ckpt_image::format::fields::{of, Field, Type};
use ckpt_image::format::{Kind, RecordHeader};
use ckpt_samples::{records, reseal};
use zerocopy::IntoBytes;

use crate::part::{self, name, number, ENVELOPE};
use crate::Altered;

/// One alteration, to be made when its turn has come.
#[derive(Clone, Copy, Debug)]
pub struct Single {
    record: usize,
    change: Change,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    /// So many bytes, at this place behind the envelope, become this number.
    Number(&'static str, usize, usize, u64),
    /// A bit of a byte behind the envelope.
    Bit(usize, u8),
    /// As many bytes of payload, and the length says so.
    Payload(usize),
    /// Fields of the envelope.
    Kind(u32),
    Fixed(u32),
    Length(u64),
    Omit,
    Double,
    /// To before this record.
    Move(usize),
    /// The stream ends after so many of the record's bytes.
    Cut(usize),
}

/// All of them, in the order of the image.
pub fn every(image: &[u8]) -> Vec<Single> {
    let parts = records(image);
    let mut of_kind: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        of_kind
            .entry(header(part).kind.get())
            .or_default()
            .push(index);
    }
    let mut chosen = BTreeSet::new();
    for places in of_kind.values() {
        chosen.extend(places.iter().take(2).chain(places.last()));
    }
    let mut all = Vec::new();
    for record in chosen {
        let of_payload = payload(parts[record]).into_iter();
        let of_record = place(&parts, record).into_iter();
        all.extend(
            of_payload
                .chain(of_record)
                .map(|change| Single { record, change }),
        );
    }
    all
}

/// What lies behind the envelope, and what the envelope says of it.
fn payload(part: &[u8]) -> Vec<Change> {
    let head = header(part);
    let (length, fixed) = (part.len() - ENVELOPE, head.fixed.get());
    let mut changes = Vec::new();
    if let Some(kind) = Kind::from_number(head.kind.get()) {
        for field in of(kind).fields {
            values(field, 0, part, &mut changes);
        }
    }
    let tail = (fixed as usize).min(length);
    for place in [tail, tail + (length - tail) / 2, length.wrapping_sub(1)] {
        if (tail..length).contains(&place) {
            changes.extend((0..8).map(|bit| Change::Bit(place, bit)));
        }
    }
    let shorter = length.saturating_sub(1);
    changes.extend([0, tail, shorter, length + 1, length + 4096].map(Change::Payload));
    let around = [0, fixed.wrapping_sub(1), fixed + 1, fixed + 8, u32::MAX];
    changes.extend(around.map(Change::Fixed));
    let lies = length as u64;
    let lies = [
        0,
        lies.wrapping_sub(1),
        lies + 1,
        lies << 32,
        u64::MAX,
        1 << 63,
    ];
    changes.extend(lies.map(Change::Length));
    changes
}

/// What a number, a name, a reference could be in place of what it is.
fn values(field: &Field, base: usize, part: &[u8], changes: &mut Vec<Change>) {
    let start = base + field.offset;
    match field.kind {
        Type::Struct(layout) => {
            for inner in layout.fields {
                values(inner, start, part, changes);
            }
        }
        Type::Array(count, kind) => elements(field, start, count, *kind, part, changes),
        Type::Named(names, kind) => elements(field, start, names.len(), *kind, part, changes),
        _ if field.size > 8 => {
            for place in [start, start + field.size / 2, start + field.size - 1] {
                changes.extend((0..8).map(|bit| Change::Bit(place, bit)));
            }
        }
        kind => {
            let Some(old) = part.get(ENVELOPE + start..ENVELOPE + start + field.size) else {
                return;
            };
            let old = number(old);
            let mut numbers = BTreeSet::from([0, 1, old.wrapping_add(1), old.wrapping_sub(1)]);
            numbers.extend((0..8 * field.size).map(|bit| old ^ 1 << bit));
            let bits = 8 * field.size as u32;
            numbers.extend([u64::MAX, u64::MAX << (bits - 1), (1 << (bits - 1)) - 1]);
            match kind {
                Type::One(names) => numbers.extend(names.iter().map(|(_, value)| *value)),
                Type::Object | Type::Task => numbers.extend(0..24),
                _ => (),
            }
            let all_ones = u64::MAX >> (64 - bits);
            let numbers: BTreeSet<u64> = numbers.iter().map(|number| number & all_ones).collect();
            let others = numbers.into_iter().filter(|number| *number != old);
            changes.extend(others.map(|new| Change::Number(field.name, start, field.size, new)));
        }
    }
}

/// The first, the last and one in the middle of as many of the same.
fn elements(
    field: &Field,
    start: usize,
    count: usize,
    kind: Type,
    part: &[u8],
    changes: &mut Vec<Change>,
) {
    let size = field.size / count.max(1);
    for index in BTreeSet::from([0, count / 2, count.saturating_sub(1)]) {
        let (name, offset) = (field.name, index * size);
        values(
            &Field {
                name,
                offset,
                size,
                kind,
            },
            start,
            part,
            changes,
        );
    }
}

/// The record as a whole, and its place among the others.
fn place(parts: &[&[u8]], record: usize) -> Vec<Change> {
    let (kind, length) = (header(parts[record]).kind.get(), parts[record].len());
    let kinds = [
        0,
        kind + 1,
        kind.wrapping_sub(1),
        kind | Kind::SKIPPABLE,
        u32::MAX,
    ];
    let mut changes: Vec<Change> = kinds.map(Change::Kind).into();
    changes.extend([0, record + 2, parts.len()].map(Change::Move));
    changes.extend([0, 1, ENVELOPE, length - 1].map(Change::Cut));
    changes.extend([Change::Omit, Change::Double]);
    changes
}

impl Single {
    /// Does it make a count, a length, a size or an address of the image this large, or larger?
    pub fn promises(&self, large: u64) -> bool {
        match self.change {
            Change::Number(_, _, _, number) | Change::Length(number) => number >= large,
            _ => false,
        }
    }

    /// The image with this alteration, and checksums that are right.
    pub fn apply(&self, image: &[u8]) -> Altered {
        let mut parts: Vec<Vec<u8>> = records(image).into_iter().map(<[u8]>::to_vec).collect();
        let index = self.record;
        let mut what = format!("record {index} ({}): ", name(&parts[index]));
        let before = parts[..index].iter().map(Vec::len).sum::<usize>();
        let part = &mut parts[index];
        let mut head = header(part);
        let mut cut = None;
        what += &match self.change {
            Change::Number(name, start, size, new) => {
                let place = &mut part[ENVELOPE + start..ENVELOPE + start + size];
                let old = number(place);
                place.copy_from_slice(&new.to_le_bytes()[..size]);
                format!("{name} from {old:#x} to {new:#x}")
            }
            Change::Bit(place, bit) => {
                part[ENVELOPE + place] ^= 1 << bit;
                format!("bit {bit} of byte {place} flipped")
            }
            Change::Payload(length) => {
                head.length = (length as u64).into();
                part.resize(ENVELOPE + length, 0xa5);
                format!("{length} bytes, not {}", header(part).length.get())
            }
            Change::Kind(kind) => {
                head.kind = kind.into();
                format!("kind {kind:#x}")
            }
            Change::Fixed(fixed) => {
                head.fixed = fixed.into();
                format!("fixed part {fixed}")
            }
            Change::Length(length) => {
                head.length = length.into();
                format!("length {length:#x}")
            }
            Change::Omit => {
                part.clear();
                "left out".into()
            }
            Change::Double => {
                part.extend_from_within(..);
                "twice".into()
            }
            Change::Move(to) => {
                let moved = std::mem::take(part);
                parts.insert(to.min(parts.len()), moved);
                format!("moved to {to}")
            }
            Change::Cut(after) => {
                cut = Some(before + after);
                format!("cut after {after} bytes of it")
            }
        };
        if matches!(
            self.change,
            Change::Payload(_) | Change::Kind(_) | Change::Fixed(_) | Change::Length(_)
        ) {
            parts[index][..ENVELOPE].copy_from_slice(head.as_bytes());
        }
        let mut bytes = parts.concat();
        bytes.truncate(cut.unwrap_or(usize::MAX));
        reseal(&mut bytes);
        Altered {
            bytes,
            what: vec![what],
        }
    }
}

/// Of a record that is whole.
fn header(part: &[u8]) -> RecordHeader {
    part::header(part).expect("a record has an envelope")
}
