// SPDX-License-Identifier: GPL-2.0

//! CRC-32C (Castagnoli), the checksum of every record.

/// A running CRC-32C. Its state is the one that the kernel's own `crc32c()` takes and gives, so
/// that bulk data can go through the CPU's instruction and the rest through here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Crc32c(u32);

const POLYNOMIAL: u32 = 0x82f6_3b78;

static TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                (value >> 1) ^ POLYNOMIAL
            } else {
                value >> 1
            };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};

impl Crc32c {
    /// Nothing added yet.
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    /// Goes on from a state.
    pub const fn from_state(state: u32) -> Self {
        Self(state)
    }

    /// The state, to go on elsewhere.
    pub const fn state(self) -> u32 {
        self.0
    }

    /// Adds bytes.
    #[must_use]
    pub fn with(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |state, byte| {
            let index = (state ^ u32::from(*byte)) & 0xff;
            (state >> 8) ^ TABLE.get(index as usize).copied().unwrap_or(0)
        }))
    }

    /// The checksum.
    pub const fn finish(self) -> u32 {
        !self.0
    }
}

impl Default for Crc32c {
    fn default() -> Self {
        Self::new()
    }
}
