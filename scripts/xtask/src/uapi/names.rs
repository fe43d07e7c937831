// SPDX-License-Identifier: GPL-2.0

//! What Rust's names are called in C.

use super::model::Declaration;

/// Structs of the system calls keep their names; those of the image get a prefix.
pub fn structure(name: &str) -> String {
    let lower = snake(name);
    match lower.split_once('_') {
        Some(("checkpoint" | "restart", _)) => lower,
        _ => format!("ckpt_{lower}"),
    }
}

/// Likewise for constants; `Type::NAME` belongs to a type.
pub fn constant(name: &str) -> String {
    if let Some(call) = name.strip_prefix("SYSCALL_") {
        return format!("__NR_{}", call.to_lowercase());
    }
    let flat = match name.split_once("::") {
        Some((owner, rest)) => format!("{}_{rest}", snake(owner).to_uppercase()),
        None => name.to_owned(),
    };
    match flat.split_once('_') {
        Some(("CHECKPOINT" | "RESTART", _)) => flat,
        _ => format!("CKPT_{flat}"),
    }
}

/// A field keeps its name, unless <errno.h> has made a macro of it.
pub fn field(name: &str) -> &str {
    match name {
        "errno" => "error",
        _ => name,
    }
}

pub fn kind(name: &str) -> String {
    format!("CKPT_KIND_{}", snake(name).to_uppercase())
}

pub fn reason(name: &str) -> String {
    format!("CKPT_REASON_{}", snake(name).to_uppercase())
}

/// `RegistersX86_64` to `registers_x86_64`.
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut last = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && last != '_' {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
        last = letter;
    }
    out
}

/// Puts the names in backquotes of a doc comment into C, and takes the marks away.
pub fn prose(text: &str, declaration: &Declaration) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.push_str(&word(part, declaration));
        } else {
            let open = part.strip_suffix('[').unwrap_or(part);
            let close = if index > 0 {
                open.strip_prefix(']')
            } else {
                None
            };
            out.push_str(close.unwrap_or(open));
        }
    }
    out
}

fn word(text: &str, declaration: &Declaration) -> String {
    let last = text.rsplit("::").next().unwrap_or(text);
    if declaration.structs().any(|(_, found)| found.name == last) {
        return format!("struct {}", structure(last));
    }
    if last == "Reason" || last == "Kind" {
        return format!("enum ckpt_{}", snake(last));
    }
    let stem = text.trim_end_matches('*');
    let is_ours = |name: &str| match text.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == text,
    };
    let known = declaration
        .constants()
        .any(|(_, found)| is_ours(&found.name));
    if known && !stem.is_empty() {
        let star = &text[stem.len()..];
        return format!("{}{star}", constant(stem));
    }
    last.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_kernel() {
        assert_eq!(structure("RegistersX86_64"), "ckpt_registers_x86_64");
        assert_eq!(structure("CheckpointArgs"), "checkpoint_args");
        assert_eq!(constant("SYSCALL_RESTART"), "__NR_restart");
        assert_eq!(constant("RESTART_FROZEN"), "RESTART_FROZEN");
        assert_eq!(constant("TaskId::OUTSIDE"), "CKPT_TASK_ID_OUTSIDE");
        assert_eq!(kind("ExtendedStateX86"), "CKPT_KIND_EXTENDED_STATE_X86");
    }
}
