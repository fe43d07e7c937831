// SPDX-License-Identifier: GPL-2.0

//! Images with exactly one thing altered, and every checksum right.

use ckpt_format::fields::of;
use ckpt_format::Kind;
use ckpt_image::{ImageReader, ImageWriter, RecordView};

/// A number in the fixed part of a record.
#[derive(Clone, Copy)]
pub struct Place {
    pub field: &'static str,
    /// Bytes from the start of the field.
    pub at: usize,
    /// Its bytes.
    pub width: usize,
}

/// A whole field.
pub const fn field(field: &'static str) -> Place {
    Place {
        field,
        at: 0,
        width: 0,
    }
}

/// An element of an array of numbers.
pub const fn element(field: &'static str, index: usize, width: usize) -> Place {
    Place {
        field,
        at: index * width,
        width,
    }
}

/// What becomes of a record.
#[derive(Clone, Copy)]
pub enum Change {
    Set(Place, u64),
    Add(Place, i64),
    /// Bits that are set.
    With(Place, u64),
    /// Bits that are cleared.
    Without(Place, u64),
    /// Several at once.
    Both(&'static [Change]),
    /// Another tail.
    Tail(&'static [u8]),
    /// Bytes of the tail that are overwritten.
    InTail(usize, &'static [u8]),
    /// Another tail: the path of what has this name in the container's directory.
    Name(&'static str),
    /// A reference to the first object of a kind that is such a one.
    Refer(Place, Kind, fn(&RecordView) -> bool),
    /// It is not there.
    Dropped,
    /// It is there twice.
    Doubled,
    /// It is there so often.
    Times(usize),
}

use Change::{Add, Both, Doubled, Dropped, InTail, Name, Refer, Set, Tail, Times, With, Without};

/// What a record becomes.
pub struct Other {
    pub fixed: Vec<u8>,
    pub tail: Vec<u8>,
    /// How often it is there then.
    pub times: usize,
}

impl Other {
    /// It is gone.
    pub fn nothing() -> Self {
        Self {
            fixed: Vec::new(),
            tail: Vec::new(),
            times: 0,
        }
    }
}

/// An image in which records become what `change` says; those of which it says nothing stay. None if
/// it is an image no longer, or the same as before.
pub fn rewritten(
    image: &[u8],
    mut change: impl FnMut(&RecordView) -> Option<Other>,
) -> Option<Vec<u8>> {
    let (mut reader, mut out) = (ImageReader::new(image), ImageWriter::new(Vec::new()));
    let mut is_done = false;
    while let Some(record) = reader.next().ok()? {
        let kind = record.kind?;
        if kind == Kind::End {
            break;
        }
        let Some(other) = change(&record) else {
            out.write_raw(kind, record.fixed, record.tail).ok()?;
            continue;
        };
        is_done = true;
        for _ in 0..other.times {
            out.write_raw(kind, &other.fixed, &other.tail).ok()?;
        }
    }
    out.end().ok().filter(|_| is_done)
}

/// An image in which the records of a kind that `which` takes are altered. None if there is no such
/// record, or one has no such place.
pub fn edited(
    image: &[u8],
    kind: Kind,
    which: fn(&RecordView) -> bool,
    change: Change,
) -> Option<Vec<u8>> {
    let mut has_place = true;
    let image = rewritten(image, |record| {
        if record.kind != Some(kind) || !which(record) {
            return None;
        }
        let (mut fixed, mut tail) = (record.fixed.to_vec(), record.tail.to_vec());
        let times = apply(kind, change, &mut fixed, &mut tail);
        has_place &= times.is_some();
        Some(Other {
            fixed,
            tail,
            times: times?,
        })
    });
    image.filter(|_| has_place)
}

/// How often the record is there then.
fn apply(kind: Kind, change: Change, fixed: &mut [u8], tail: &mut Vec<u8>) -> Option<usize> {
    let mut number = |place: Place, change: &dyn Fn(u64) -> u64| {
        let found = of(kind)
            .fields
            .iter()
            .find(|field| field.name == place.field)?;
        let width = match place.width {
            0 => found.size.min(8),
            width => width,
        };
        let start = found.offset + place.at;
        let bytes = fixed.get_mut(start..start + width)?;
        let mut whole = [0; 8];
        whole[..width].copy_from_slice(bytes);
        let new = change(u64::from_le_bytes(whole));
        bytes.copy_from_slice(&new.to_le_bytes()[..width]);
        Some(1)
    };
    match change {
        Set(place, value) => number(place, &|_| value),
        Add(place, value) => number(place, &|old| old.wrapping_add_signed(value)),
        With(place, bits) => number(place, &|old| old | bits),
        Without(place, bits) => number(place, &|old| old & !bits),
        Both(all) => {
            let mut times = 1;
            for one in all {
                times *= apply(kind, *one, fixed, tail)?;
            }
            Some(times)
        }
        Tail(bytes) => {
            *tail = bytes.to_vec();
            Some(1)
        }
        InTail(at, bytes) => {
            tail.get_mut(at..at + bytes.len())?.copy_from_slice(bytes);
            Some(1)
        }
        // Whoever has the container says what these are.
        Name(_) | Refer(..) => None,
        Dropped => Some(0),
        Doubled => Some(2),
        Times(count) => Some(count),
    }
}

/// What a field of a record holds.
pub fn value(record: &RecordView, name: &str) -> Option<u64> {
    let kind = record.kind?;
    let field = of(kind).fields.iter().find(|field| field.name == name)?;
    let bytes = record
        .fixed
        .get(field.offset..field.offset + field.size.min(8))?;
    let mut whole = [0; 8];
    whole[..bytes.len()].copy_from_slice(bytes);
    Some(u64::from_le_bytes(whole))
}
