// SPDX-License-Identifier: GPL-2.0

//! The writing side: from a payload to the header that goes in front of it.

use zerocopy::little_endian::{U32, U64};

use super::{Crc32c, Kind, RecordHeader, Sequence};

/// Makes the header of the next record. `payload` adds the payload's bytes to the checksum.
pub fn seal(
    sequence: &mut Sequence,
    kind: Kind,
    fixed: u32,
    length: u64,
    payload: impl FnOnce(Crc32c) -> Crc32c,
) -> RecordHeader {
    let mut header = RecordHeader {
        kind: U32::new(kind.number()),
        fixed: U32::new(fixed),
        length: U64::new(length),
        checksum: U32::ZERO,
        reserved: U32::ZERO,
    };
    header.checksum = U32::new(payload(sequence.seed(&header)).finish());
    sequence.advance(length);
    header
}
