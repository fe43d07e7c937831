// SPDX-License-Identifier: GPL-2.0

//! The C header, as it lands at `include/uapi/linux/checkpoint.h`.

use super::model::{Constant, Declaration, Doc, Field, Item, Room, Shape, Struct, Width};
use super::names::{self, prose};

const LINE: usize = 80;

/// The whole text.
pub fn text(declaration: &Declaration) -> Result<String, String> {
    let mut out = String::from("/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */\n");
    out.push_str(&comment(&[
        format!("Do not edit: generated from {} by", super::FORMAT),
        super::COMMAND.to_owned(),
    ]));
    out.push_str("#ifndef _UAPI_LINUX_CHECKPOINT_H\n#define _UAPI_LINUX_CHECKPOINT_H\n\n");
    out.push_str("#include <linux/types.h>\n");
    // The calls come first: they are what most readers look for.
    let (calls, image): (Vec<_>, Vec<_>) =
        declaration.rooms.iter().partition(|room| is_native(room));
    for room in calls.into_iter().chain(image) {
        room_text(declaration, room, &mut out)?;
    }
    out.push_str("\n#endif /* _UAPI_LINUX_CHECKPOINT_H */\n");
    match out.lines().position(|line| line.matches("*/").count() > 1) {
        None => Ok(out),
        Some(line) => Err(format!(
            "line {} of the header ends a comment twice",
            line + 1
        )),
    }
}

fn room_text(declaration: &Declaration, room: &Room, out: &mut String) -> Result<(), String> {
    let table = match room.name.as_str() {
        "kind" => kinds(declaration),
        "reason" => reasons(declaration),
        _ => String::new(),
    };
    if table.is_empty() && !room.items.iter().any(is_shown) {
        return Ok(());
    }
    out.push('\n');
    let about: Doc = room
        .doc
        .iter()
        .map(|text| prose(text, declaration))
        .collect();
    out.push_str(&comment(&about));
    out.push_str(&table);
    for item in room.items.iter().filter(|item| is_shown(item)) {
        match item {
            Item::Constant(found) => out.push_str(&constant(declaration, found)),
            Item::Struct(found) => out.push_str(&structure(declaration, room, found)),
        }
    }
    Ok(())
}

fn is_shown(item: &Item) -> bool {
    match item {
        Item::Constant(found) => found.is_public,
        Item::Struct(_) => true,
    }
}

/// The arguments of system calls are in the byte order of the machine, as everywhere.
fn is_native(room: &Room) -> bool {
    room.name == "calls"
}

fn constant(declaration: &Declaration, found: &Constant) -> String {
    let name = names::constant(&found.name);
    let value = found.value.c(found.width);
    let about: Doc = found
        .doc
        .iter()
        .map(|text| prose(text, declaration))
        .collect();
    let mut out = format!("\n{}", comment(&about));
    let guarded = name.starts_with("__NR_");
    if guarded {
        // As <asm/unistd.h> may have it already.
        out.push_str(&format!("#ifndef {name}\n"));
    }
    let value = match found.width {
        _ if guarded => value.trim_end_matches('U').to_owned(),
        Width::Text => format!("{value} /* without a zero byte at the end */"),
        _ => value,
    };
    out.push_str(&format!("#define {name}\t{value}\n"));
    if guarded {
        out.push_str("#endif\n");
    }
    out
}

fn kinds(declaration: &Declaration) -> String {
    let mut out = String::from("\nenum ckpt_kind {\n");
    for kind in &declaration.kinds {
        let mut about = prose(&kind.doc.join(" "), declaration);
        if kind.since > 1 {
            about.push_str(&format!(" Since version {}.", kind.since));
        }
        out.push_str(&indented(&about));
        let name = names::kind(&kind.name);
        out.push_str(&format!("\t{name} = {:#04x},\n", kind.number));
    }
    out.push_str("};\n");
    out
}

fn reasons(declaration: &Declaration) -> String {
    let mut out = String::from("\nenum ckpt_reason {\n");
    for reason in &declaration.reasons {
        let mut about = reason.sentence.clone();
        if !reason.advice.is_empty() {
            about.push_str(" (");
            about.push_str(&reason.advice);
            about.push(')');
        }
        out.push_str(&indented(&about));
        let name = names::reason(&reason.name);
        out.push_str(&format!("\t{name} = {},\n", reason.number));
    }
    out.push_str("};\n");
    out
}

fn structure(declaration: &Declaration, room: &Room, found: &Struct) -> String {
    let name = names::structure(&found.name);
    let mut about = Vec::new();
    let mut doc = found.doc.iter().map(|text| prose(text, declaration));
    let first = doc.next().unwrap_or_default();
    // kernel-doc wants one short sentence in the first line.
    let (title, rest) = match first.split_once(". ") {
        Some((title, rest)) => (title.to_owned(), Some(rest.to_owned())),
        None => (first.trim_end_matches('.').to_owned(), None),
    };
    about.extend(wrapped(
        &format!("struct {name} - {title}."),
        " * ",
        " *   ",
    ));
    for field in &found.fields {
        let signed = !is_native(room) && matches!(field.shape, Shape::Signed(_));
        let text = format!(
            "@{}: {}{}",
            names::field(&field.name),
            prose(&field.doc.join(" "), declaration),
            if signed { " Signed." } else { "" }
        );
        about.extend(wrapped(&text, " * ", " *   "));
    }
    for paragraph in rest.into_iter().chain(doc) {
        about.push(" *".into());
        about.extend(wrapped(&paragraph, " * ", " * "));
    }
    let mut out = format!("\n/**\n{}\n */\nstruct {name} {{\n", about.join("\n"));
    for field in &found.fields {
        out.push_str(&format!("\t{};\n", member(room, field)));
    }
    out.push_str("};\n");
    out
}

/// A field as C declares it.
pub fn member(room: &Room, field: &Field) -> String {
    let (kind, length) = c_type(room, &field.shape);
    format!("{kind} {}{length}", names::field(&field.name))
}

fn c_type(room: &Room, shape: &Shape) -> (String, String) {
    let native = is_native(room);
    let number = |size: usize, sign: &str| {
        let prefix = if native { sign } else { "le" };
        format!("__{prefix}{}", size * 8)
    };
    let plain = match shape {
        Shape::Byte => "__u8".into(),
        Shape::Unsigned(size) | Shape::Mask(size) | Shape::Mode(size) => number(*size, "u"),
        Shape::Signed(size) => number(*size, "s"),
        Shape::Address => number(8, "u"),
        Shape::Object | Shape::Task => number(4, "u"),
        Shape::Struct(name) => format!("struct {}", names::structure(name)),
        Shape::Array(element, length) => {
            let (kind, inner) = c_type(room, element);
            let count = match &length.name {
                Some(name) => names::constant(name),
                None => length.count.to_string(),
            };
            return (kind, format!("[{count}]{inner}"));
        }
    };
    (plain, String::new())
}

/// A block comment of paragraphs.
fn comment(paragraphs: &[String]) -> String {
    let lines: Vec<String> = match paragraphs {
        [] => return String::new(),
        [one] if one.len() + 6 <= LINE => return format!("/* {one} */\n"),
        many => many
            .iter()
            .enumerate()
            .flat_map(|(index, text)| {
                let gap = (index > 0).then(|| " *".to_owned());
                gap.into_iter().chain(wrapped(text, " * ", " * "))
            })
            .collect(),
    };
    format!("/*\n{}\n */\n", lines.join("\n"))
}

/// A comment inside of an enum.
fn indented(text: &str) -> String {
    let lines = wrapped(text, "\t * ", "\t * ");
    match &lines[..] {
        [one] if one.len() + 10 <= LINE => {
            format!("\t/* {} */\n", one.trim_start_matches("\t * "))
        }
        many => format!("\t/*\n{}\n\t */\n", many.join("\n")),
    }
}

fn wrapped(text: &str, first: &str, others: &str) -> Vec<String> {
    let mut lines = vec![first.to_owned()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| columns(line));
        let is_fresh = lines
            .last()
            .is_some_and(|line| line.trim_end().ends_with('*'));
        if last + word.len() + 1 > LINE && !is_fresh {
            lines.push(others.to_owned());
        }
        if let Some(line) = lines.last_mut() {
            let indent = if line == first || line == others {
                ""
            } else {
                " "
            };
            line.push_str(indent);
            line.push_str(word);
        }
    }
    lines
}

/// With tabs of eight.
fn columns(line: &str) -> usize {
    line.chars()
        .map(|letter| if letter == '\t' { 8 } else { 1 })
        .sum()
}
