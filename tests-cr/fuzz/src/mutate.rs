// SPDX-License-Identifier: GPL-2.0

//! Alterations of an image that keep most of it an image: whole records, fields, lengths; and at
//! the end the checksums are made right, or nothing behind them would ever be reached.

use ckpt_image::format::fields::{of, Field};
use ckpt_image::format::Kind;
use ckpt_samples::{records, reseal};
use zerocopy::IntoBytes;

use crate::part::{header, kind, name as name_of, number, ENVELOPE};
use crate::Random;

/// An altered copy of an image.
pub struct Altered {
    pub bytes: Vec<u8>,
    /// What was done to it, to be read by people.
    pub what: Vec<String>,
}

/// A copy of one image with at most so many alterations, some with parts of another.
pub fn mutate(image: &[u8], other: &[u8], most: usize, random: &mut Random) -> Altered {
    let mut parts: Vec<Vec<u8>> = records(image).into_iter().map(<[u8]>::to_vec).collect();
    let mut what: Vec<String> = (0..=random.below(most))
        .map(|_| change(&mut parts, other, random))
        .collect();
    let mut bytes = parts.concat();
    if random.once_in(20) {
        bytes.truncate(random.below(bytes.len()));
        what.push(format!("cut at {}", bytes.len()));
    }
    if random.once_in(20) {
        what.push("checksums as they were".into());
    } else {
        reseal(&mut bytes);
    }
    Altered { bytes, what }
}

fn change(parts: &mut Vec<Vec<u8>>, other: &[u8], random: &mut Random) -> String {
    let index = pick(parts, random);
    let name = name_of(&parts[index]);
    let done = match random.below(14) {
        0 if parts.len() > 1 => {
            parts.remove(index);
            "left out".into()
        }
        1 => {
            let place = random.below(parts.len());
            parts.insert(place, parts[index].clone());
            format!("again at {place}")
        }
        2 => {
            let second = random.below(parts.len());
            parts.swap(index, second);
            format!("in place of {second}")
        }
        3 => {
            let theirs = records(other);
            let stranger = theirs[random.below(theirs.len())].to_vec();
            let whose = name_of(&stranger);
            parts.insert(index, stranger);
            format!("behind another {whose}")
        }
        4 => resize(&mut parts[index], random),
        5 => envelope(&mut parts[index], random),
        6 => flip(&mut parts[index], random),
        _ => field(parts, index, random),
    };
    format!("record {index} ({name}): {done}")
}

/// A record, of any kind with the same probability: else it would be nearly always a page.
fn pick(parts: &[Vec<u8>], random: &mut Random) -> usize {
    let kinds: Vec<Option<Kind>> = parts.iter().map(|part| kind(part)).collect();
    let mut known = kinds.clone();
    known.sort_unstable();
    known.dedup();
    let kind = known[random.below(known.len())];
    let of_kind: Vec<usize> = (0..parts.len()).filter(|&i| kinds[i] == kind).collect();
    of_kind[random.below(of_kind.len())]
}

/// Gives one field of the fixed part another value: an odd one, a neighbour of its own, or that of
/// another record.
fn field(parts: &mut [Vec<u8>], index: usize, random: &mut Random) -> String {
    let Some(kind) = kind(&parts[index]) else {
        return "nothing".into();
    };
    let fields = of(kind).fields;
    let field = fields[random.below(fields.len())];
    // An array gets it somewhere.
    let size = field.size.min(8);
    let start = ENVELOPE + field.offset + random.below(field.size / size) * size;
    let stranger = pick(parts, random);
    let theirs = some_number(&parts[stranger], random);
    let Some(place) = parts[index].get_mut(start..start + size) else {
        return "nothing".into();
    };
    let old = number(place);
    let new = match random.below(6) {
        0 => old.wrapping_add(1),
        1 => old.wrapping_sub(1),
        2 => old ^ 1 << random.below(8 * size),
        3 => theirs.unwrap_or(0),
        _ => random.odd_number(),
    };
    place.copy_from_slice(&new.to_le_bytes()[..size]);
    format!("{} from {old:#x} to {:#x}", field.name, number(place))
}

/// What some field of a record holds.
fn some_number(part: &[u8], random: &mut Random) -> Option<u64> {
    let fields: &[Field] = of(kind(part)?).fields;
    let field = fields[random.below(fields.len())];
    let start = ENVELOPE + field.offset;
    part.get(start..start + field.size.min(8)).map(number)
}

fn flip(part: &mut [u8], random: &mut Random) -> String {
    let (byte, bit) = (random.below(part.len()), random.below(8));
    part[byte] ^= 1 << bit;
    format!("bit {bit} of byte {byte} flipped")
}

/// Makes the payload longer or shorter, and says so or not.
fn resize(part: &mut Vec<u8>, random: &mut Random) -> String {
    let old = part.len() - ENVELOPE;
    let new = if random.once_in(2) {
        random.below(old + 1)
    } else {
        old + random.below(64)
    };
    let filling = if random.once_in(2) { 0 } else { 0xa5 };
    part.resize(ENVELOPE + new, filling);
    let Some(mut header) = header(part) else {
        return "nothing".into();
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
    format!("{new} bytes, not {old}; fixed part {}", header.fixed.get())
}

/// Gives one field of the envelope another value.
fn envelope(part: &mut [u8], random: &mut Random) -> String {
    let Some(mut header) = header(part) else {
        return "nothing".into();
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
    let (kind, length, fixed) = (header.kind.get(), header.length.get(), header.fixed.get());
    format!("kind {kind:#x}, length {length}, fixed part {fixed}")
}
