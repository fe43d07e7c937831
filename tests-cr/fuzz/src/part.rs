// SPDX-License-Identifier: GPL-2.0

//! A record of an image that is being altered: its envelope, and numbers in it.

use ckpt_image::format::{Kind, RecordHeader};
use zerocopy::FromBytes;

/// Bytes before the payload.
pub const ENVELOPE: usize = size_of::<RecordHeader>();

/// The envelope, unless too much of it was cut off.
pub fn header(part: &[u8]) -> Option<RecordHeader> {
    let (header, _) = RecordHeader::read_from_prefix(part).ok()?;
    Some(header)
}

pub fn kind(part: &[u8]) -> Option<Kind> {
    header(part).and_then(|header| Kind::from_number(header.kind.get()))
}

/// The name of its kind.
pub fn name(part: &[u8]) -> &'static str {
    kind(part).map_or("unknown", Kind::name)
}

/// Up to 8 bytes as a number.
pub fn number(bytes: &[u8]) -> u64 {
    let mut all = [0; 8];
    all[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(all)
}
