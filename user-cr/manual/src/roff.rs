// SPDX-License-Identifier: GPL-2.0

//! Text as man(7) wants it.

/// Plain text: nothing of it is an instruction.
pub fn text(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        if line.starts_with(['.', '\'']) {
            out.push_str("\\&");
        }
        for letter in line.chars() {
            match letter {
                '\\' => out.push_str("\\e"),
                '-' => out.push_str("\\-"),
                '`' => out.push_str("\\(ga"),
                '^' => out.push_str("\\(ha"),
                '~' => out.push_str("\\(ti"),
                letter => out.push(letter),
            }
        }
        out.push('\n');
    }
    out
}

/// A paragraph with a tag.
pub fn tagged(tag: &str, about: &str) -> String {
    format!(".TP\n{tag}\n{}", text(about))
}
