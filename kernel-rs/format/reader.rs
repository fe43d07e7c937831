// SPDX-License-Identifier: GPL-2.0

//! The reading side: from untrusted bytes to checked records.
//!
//! Nothing here reads or allocates. A caller reads a [`RecordHeader`], has [`Sequence::open`] check
//! it, reads the payload, adds it to [`Frame::seed`], has [`Frame::verify`] compare, and only then
//! calls [`decode`].

use core::mem::size_of;

use zerocopy::little_endian::U32;
use zerocopy::IntoBytes;

use super::{Crc32c, FormatError, Kind, Problem, Record, RecordHeader};

/// Where in a stream we are. Its number and the image's id go into every checksum.
#[derive(Clone, Copy, Debug)]
pub struct Sequence {
    salt: [u8; 16],
    number: u64,
    offset: u64,
}

impl Sequence {
    /// At the beginning of a stream; the first record has no salt.
    pub const fn new() -> Self {
        Self {
            salt: [0; 16],
            number: 0,
            offset: 0,
        }
    }

    /// From the second record on: the image's id is known.
    pub fn salt(&mut self, image_id: [u8; 16]) {
        self.salt = image_id;
    }

    /// Records so far.
    pub const fn records(&self) -> u64 {
        self.number
    }

    /// Bytes so far.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The checksum of everything that stands before the payload.
    pub(super) fn seed(&self, header: &RecordHeader) -> Crc32c {
        let header = RecordHeader {
            checksum: U32::ZERO,
            ..*header
        };
        Crc32c::new()
            .with(&self.salt)
            .with(&self.number.to_le_bytes())
            .with(header.as_bytes())
    }

    /// Steps over a record.
    pub(super) fn advance(&mut self, length: u64) {
        self.number = self.number.saturating_add(1);
        let header = size_of::<RecordHeader>() as u64;
        self.offset = self.offset.saturating_add(header).saturating_add(length);
    }

    /// Checks a header and steps over its record.
    pub fn open(&mut self, header: &RecordHeader) -> Result<Frame, FormatError> {
        let offset = self.offset;
        let number = header.kind.get();
        let fail = |problem| FormatError {
            problem,
            offset,
            kind: number,
        };
        let length = header.length.get();

        let kind = match Kind::from_number(number) {
            Some(kind) => Some(kind),
            None if number & Kind::SKIPPABLE != 0 && number != u32::MAX => None,
            None if offset == 0 => return Err(fail(Problem::Magic)),
            None => return Err(fail(Problem::UnknownKind(number))),
        };
        if offset == 0 && kind != Some(Kind::Header) {
            return Err(fail(Problem::Magic));
        }
        if header.reserved.get() != 0 {
            return Err(fail(Problem::Value(
                "reserved",
                u64::from(header.reserved.get()),
            )));
        }
        let tail = length
            .checked_sub(u64::from(header.fixed.get()))
            .ok_or(fail(Problem::Length(length)))?;
        let most = match kind {
            Some(kind) => kind.longest_tail(),
            None => Kind::LONGEST_SKIPPED,
        };
        if header.fixed.get() > Kind::LONGEST_FIXED || tail > most {
            return Err(fail(Problem::Length(length)));
        }

        let seed = self.seed(header);
        self.advance(length);
        Ok(Frame {
            kind,
            number,
            fixed: header.fixed.get(),
            tail,
            offset,
            seed,
            checksum: header.checksum.get(),
        })
    }
}

impl Default for Sequence {
    fn default() -> Self {
        Self::new()
    }
}

/// A header that has been checked: what to read next and what it must add up to.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    kind: Option<Kind>,
    number: u32,
    fixed: u32,
    tail: u64,
    offset: u64,
    seed: Crc32c,
    checksum: u32,
}

impl Frame {
    /// The kind; none if it is unknown and may be skipped.
    pub const fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// The number of the kind, known or not.
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Bytes of the fixed part as it stands in the stream.
    pub const fn fixed(&self) -> u32 {
        self.fixed
    }

    /// Bytes after the fixed part.
    pub const fn tail(&self) -> u64 {
        self.tail
    }

    /// Bytes to read.
    pub const fn length(&self) -> u64 {
        // OVERFLOW: `open` got both as parts of one 64-bit length.
        self.tail + self.fixed as u64
    }

    /// Where the record begins.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// The checksum so far; the payload goes on top.
    pub const fn seed(&self) -> Crc32c {
        self.seed
    }

    /// Something is wrong with this record.
    pub const fn error(&self, problem: Problem) -> FormatError {
        FormatError {
            problem,
            offset: self.offset,
            kind: self.number,
        }
    }

    /// Compares the checksum of header and payload.
    pub fn verify(&self, checksum: Crc32c) -> Result<(), FormatError> {
        if checksum.finish() == self.checksum {
            Ok(())
        } else {
            Err(self.error(Problem::Checksum))
        }
    }
}

/// Takes the fixed part of a record out of its payload. A shorter one (of an older writer) is
/// filled up with zeros; a longer one must be zero where it is longer. What [`Record::check`] and
/// [`Record::tail`] say must hold. Gives the tail beside it.
pub fn decode<'a, R: Record>(
    frame: &Frame,
    payload: &'a [u8],
) -> Result<(R, &'a [u8]), FormatError> {
    if frame.kind != Some(R::KIND) {
        return Err(frame.error(Problem::Order(frame.number)));
    }
    let truncated = frame.error(Problem::Truncated);
    let (stored, tail) = payload
        .split_at_checked(frame.fixed as usize)
        .ok_or(truncated)?;
    let mut record = R::new_zeroed();
    let known = stored.len().min(size_of::<R>());
    let (head, unknown) = stored.split_at_checked(known).ok_or(truncated)?;
    record
        .as_mut_bytes()
        .get_mut(..known)
        .ok_or(truncated)?
        .copy_from_slice(head);
    record.check().map_err(|problem| frame.error(problem))?;
    if unknown.iter().any(|byte| *byte != 0) {
        return Err(frame.error(Problem::UnknownTail));
    }
    if record.tail().is_some_and(|length| length != frame.tail) {
        return Err(frame.error(Problem::Length(frame.length())));
    }
    Ok((record, tail))
}

/// Which kind may follow which: kinds come in stages, and stages never go back. The header, the
/// machine and the forest cannot be left out; the header, the machine and the end come once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grammar {
    stage: u8,
}

impl Grammar {
    /// Nothing read yet.
    pub const fn new() -> Self {
        Self { stage: 0 }
    }

    /// Checks that a record may stand here.
    pub fn accept(&mut self, frame: &Frame) -> Result<(), FormatError> {
        let Some(kind) = frame.kind() else {
            return Ok(());
        };
        let stage = kind.stage();
        let once = matches!(kind, Kind::Header | Kind::MachineX86_64 | Kind::End);
        let missing = [Kind::Header, Kind::MachineX86_64, Kind::Member]
            .iter()
            .any(|needed| self.stage < needed.stage() && needed.stage() < stage);
        if stage < self.stage || (once && stage == self.stage) || missing {
            return Err(frame.error(Problem::Order(kind.number())));
        }
        self.stage = stage;
        Ok(())
    }
}
