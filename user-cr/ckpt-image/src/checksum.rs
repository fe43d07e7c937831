// SPDX-License-Identifier: GPL-2.0

//! The checksum of bulk data, by the CPU's own instruction where it has one.

use ckpt_format::Crc32c;

/// The same as [`Crc32c::with`], some ten times as fast.
pub(crate) fn extend(checksum: Crc32c, bytes: &[u8]) -> Crc32c {
    // That crate speaks of finished checksums, the format of the state before.
    let finished = crc32c::crc32c_append(checksum.finish(), bytes);
    Crc32c::from_state(!finished)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_one() {
        let bytes: Vec<u8> = (0..1000_u32).map(|n| (n * n % 251) as u8).collect();
        for length in 0..bytes.len() {
            let (head, tail) = bytes.split_at(length);
            let slow = Crc32c::new().with(head).with(tail);
            let fast = extend(extend(Crc32c::new(), head), tail);
            assert_eq!(fast, slow, "{length}");
        }
    }
}
