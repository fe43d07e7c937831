// SPDX-License-Identifier: GPL-2.0

//! Images as text, so that they can be reviewed: as `hexdump -C` without its right half.

use std::fmt::Write;

const WIDTH: usize = 16;

/// The bytes as lines of sixteen; `*` stands for lines like the one before.
pub fn dump(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut last: &[u8] = &[];
    let mut starred = false;
    for (index, line) in bytes.chunks(WIDTH).enumerate() {
        if line == last {
            if !starred {
                out.push_str("*\n");
            }
            starred = true;
            continue;
        }
        (last, starred) = (line, false);
        // Writing to a String cannot fail.
        let _ = write!(out, "{:08x} ", index * WIDTH);
        for byte in line {
            let _ = write!(out, " {byte:02x}");
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{:08x}", bytes.len());
    out
}

/// The bytes of a dump; none if it is not one. Lines that begin with `#` are comments.
pub fn undump(text: &str) -> Option<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut starred = false;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line == "*" {
            starred = true;
            continue;
        }
        let mut words = line.split_whitespace();
        let offset = usize::from_str_radix(words.next()?, 16).ok()?;
        if starred {
            let last = bytes.get(bytes.len().checked_sub(WIDTH)?..)?.to_vec();
            while bytes.len() < offset {
                bytes.extend_from_slice(&last);
            }
            starred = false;
        }
        if bytes.len() != offset {
            return None;
        }
        for word in words {
            bytes.push(u8::from_str_radix(word, 16).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_gives_the_bytes_back() {
        for (name, image) in crate::corpus() {
            assert!(undump(&dump(&image)).as_ref() == Some(&image), "{name}");
        }
        assert_eq!(undump(&dump(&[])), Some(Vec::new()));
        assert_eq!(undump("00000001  00"), None);
    }
}
