// SPDX-License-Identifier: GPL-2.0

//! Bytes from elsewhere as text that is safe to print.

/// Puts a name and a value into a sentence of the reason table, in one pass: a name that itself
/// says `{value}` stays as it is.
pub(crate) fn fill(sentence: &str, name: &str, value: &str) -> String {
    let mut out = String::with_capacity(sentence.len() + name.len());
    let mut rest = sentence;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = from.strip_prefix("{name}") {
            out.push_str(name);
            rest = after;
        } else if let Some(after) = from.strip_prefix("{value}") {
            out.push_str(value);
            rest = after;
        } else {
            out.push('{');
            rest = &from[1..];
        }
    }
    out.push_str(rest);
    out
}

/// What stands before the first zero byte.
pub fn unpad(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Text for a terminal: what is not printable, and the backslash, as `\xNN`.
pub fn legible(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter.is_control() || letter == '\\' || is_invisible(letter) {
                let mut buffer = [0; 4];
                escape(letter.encode_utf8(&mut buffer).as_bytes(), &mut out);
            } else {
                out.push(letter);
            }
        }
        escape(chunk.invalid(), &mut out);
    }
    out
}

/// A zero padded text field, legible.
pub fn field_text(bytes: &[u8]) -> String {
    legible(unpad(bytes))
}

/// Marks that change how the rest of a line looks.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

fn escape(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        out.push_str(&format!("\\x{byte:02x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_both_names_once() {
        assert_eq!(fill("{name} is {value}", "a", "7"), "a is 7");
        assert_eq!(fill("in {name}", "{value}", "7"), "in {value}");
        assert_eq!(fill("a { brace", "", ""), "a { brace");
    }

    #[test]
    fn nothing_reaches_the_terminal_unasked() {
        assert_eq!(legible(b"/tmp/\x1b[2Jx"), "/tmp/\\x1b[2Jx");
        assert_eq!(legible(b"a\xffb\\c"), "a\\xffb\\x5cc");
        assert_eq!(legible("träge".as_bytes()), "träge");
        assert_eq!(legible("a\u{61c}b".as_bytes()), "a\\xd8\\x9cb");
        assert_eq!(
            legible("\u{ad}\u{2060}".as_bytes()),
            "\\xc2\\xad\\xe2\\x81\\xa0"
        );
        assert_eq!(legible("\u{e0041}".as_bytes()), "\\xf3\\xa0\\x81\\x81");
        assert_eq!(field_text(b"nginx\0\0\0"), "nginx");
    }
}
