// SPDX-License-Identifier: GPL-2.0

//! A page with places to be filled from the declaration.

use ckpt_format::Kind as Kinds;
use xtask::uapi::model::{Checks, Declaration, Item, Kind, Room, Struct};
use xtask::uapi::names;

use crate::roff;

/// The page, with every place filled.
pub fn fill(
    page: &str,
    (permissions, rights): (&str, &str),
    declaration: &Declaration,
) -> Result<String, String> {
    let mut out = String::from(".\\\" Made by cargo xtask manual.\n");
    for line in page.lines() {
        match line
            .strip_prefix('@')
            .and_then(|rest| rest.strip_suffix('@'))
        {
            Some("permissions") => out.push_str(permissions),
            Some(order) if order.starts_with("rights ") => {
                out.push_str(&table(rights, order.trim_start_matches("rights "))?);
            }
            Some(order) => out.push_str(&whole_line(order, declaration)?),
            None => {
                out.push_str(&inline(line, declaration)?);
                out.push('\n');
            }
        }
    }
    Ok(out)
}

/// The tables below a heading of a document, as they stand there, in columns, and what is said after each.
fn table(document: &str, heading: &str) -> Result<String, String> {
    let rest = document.split(&format!("## {heading}\n")).nth(1);
    let rest = rest.ok_or_else(|| format!("there is no heading {heading}"))?;
    let section = rest.split("\n## ").next().unwrap_or_default();
    let is_row = |line: &str| line.starts_with('|');
    // What is said first is said elsewhere on the page.
    let lines: Vec<&str> = section.lines().skip_while(|line| !is_row(line)).collect();
    if lines.is_empty() {
        return Err(format!("there is no table below {heading}"));
    }
    let mut out = String::new();
    for block in lines.chunk_by(|one, other| is_row(one) == is_row(other)) {
        match block.first().is_some_and(|line| is_row(line)) {
            true => rows(block, &mut out),
            false => paragraphs(block, &mut out),
        }
    }
    Ok(out)
}

/// A table, its columns first.
fn rows(lines: &[&str], out: &mut String) {
    let lines = lines.iter().filter(|line| !line.starts_with("|---"));
    let mut rows = lines.map(|line| line.trim_matches('|').split('|').map(str::trim));
    let columns: Vec<&str> = rows.next().into_iter().flatten().collect();
    for mut row in rows {
        let name = row.next().unwrap_or_default().replace('`', "");
        let cells: Vec<String> = columns
            .iter()
            .skip(1)
            .zip(row)
            .map(|(column, cell)| format!("{column}: {cell}"))
            .collect();
        out.push_str(&roff::tagged(
            &format!("\\&{}", roff::text(&name).trim_end()),
            &format!("{}.", cells.join("; ")),
        ));
    }
}

fn paragraphs(lines: &[&str], out: &mut String) {
    for paragraph in lines.join("\n").split("\n\n") {
        let paragraph = paragraph.replace('`', "");
        if !paragraph.trim().is_empty() {
            out.push_str(&format!(".P\n{}", roff::text(paragraph.trim())));
        }
    }
}

fn whole_line(order: &str, declaration: &Declaration) -> Result<String, String> {
    match order.split_once(' ') {
        Some(("fields", name)) => {
            let mut all = declaration.structs();
            let found = all.find(|(_, found)| found.name == name);
            let (room, found) = found.ok_or_else(|| format!("there is no struct {name}"))?;
            Ok(fields(declaration, room, found))
        }
        Some(("constants", prefix)) => constants(declaration, prefix),
        Some(("doc", name)) => {
            let found = declaration.constant(name);
            let found = found.ok_or_else(|| format!("there is no constant {name}"))?;
            Ok(roff::text(&prose(&found.doc.join(" "), declaration)))
        }
        None if order == "reasons" => Ok(reasons(declaration)),
        None if order == "records" => Ok(records(declaration)),
        None if order == "stages" => Ok(stages()),
        None => inline(&format!("@{order}@\n"), declaration),
        _ => Err(format!("do not know @{order}@")),
    }
}

/// `@CONSTANT@` in a line: numbers of calls by their value, all else by its name in C; its value is that of
/// `@value CONSTANT@`.
fn inline(line: &str, declaration: &Declaration) -> Result<String, String> {
    let mut out = String::new();
    for (index, part) in line.split('@').enumerate() {
        match (index % 2, part) {
            (0, text) => out.push_str(text),
            (_, order) if order.starts_with("value ") => {
                let name = order.trim_start_matches("value ");
                let found = declaration.constant(name);
                let found = found.ok_or_else(|| format!("there is no constant {name}"))?;
                let value = found.value.c(found.width);
                out.push_str(roff::text(value.trim_end_matches(['U', 'L'])).trim_end());
            }
            (_, call) if call.starts_with("SYSCALL_") => {
                out.push_str(&declaration.value(call)?.to_string());
            }
            (_, name) => {
                declaration.value(name)?;
                out.push_str(&names::constant(name));
            }
        }
    }
    Ok(out)
}

/// The names of a comment as C has them.
fn prose(text: &str, declaration: &Declaration) -> String {
    names::prose(text, declaration)
}

/// A struct as C has it, and then each field.
fn fields(declaration: &Declaration, room: &Room, found: &Struct) -> String {
    let mut out = format!(
        ".P\n.in +4n\n.EX\nstruct {} {{\n",
        names::structure(&found.name)
    );
    for field in &found.fields {
        let member = xtask::uapi::header::member(room, field);
        out.push_str(&format!("    {};\n", roff::text(&member).trim_end()));
    }
    out.push_str("};\n.EE\n.in\n");
    for field in &found.fields {
        out.push_str(&roff::tagged(
            &format!(".I {}", names::field(&field.name)),
            &prose(&field.doc.join(" "), declaration),
        ));
    }
    out
}

/// All public constants whose names begin so, with what they mean.
fn constants(declaration: &Declaration, prefix: &str) -> Result<String, String> {
    let mut all = declaration.family(prefix, true);
    all.extend(declaration.family(prefix, false));
    if all.is_empty() {
        return Err(format!("there is no constant {prefix}*"));
    }
    Ok(all
        .into_iter()
        .map(|found| {
            let name = names::constant(&found.name);
            let about = prose(&found.doc.join(" "), declaration);
            roff::tagged(&format!(".B {name}"), &about)
        })
        .collect())
}

fn reasons(declaration: &Declaration) -> String {
    let one = |reason: &xtask::uapi::model::Reason| {
        let mut about = format!("{}.", reason.sentence);
        if !reason.advice.is_empty() {
            about.push_str(&format!(" To do: {}.", reason.advice));
        }
        let tag = format!(".BR {} \" ({})\"", reason.name, reason.number);
        roff::tagged(&tag, &about)
    };
    declaration.reasons.iter().map(one).collect()
}

/// Which kinds come one after the other, and which of them declare objects.
fn stages() -> String {
    let mut kinds = Kinds::ALL.to_vec();
    kinds.sort_by_key(|kind| kind.stage());
    let stage = |kinds: &[Kinds]| {
        let [first, ..] = kinds else {
            return String::new();
        };
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let declare = match kinds.iter().all(|kind| kind.declares_object()) {
            true => " (objects)",
            false => "",
        };
        roff::tagged(
            &format!(".BR {} \"{declare}\"", first.stage()),
            &format!("{}.", names.join(", ")),
        )
    };
    kinds
        .chunk_by(|one, other| one.stage() == other.stage())
        .map(stage)
        .collect()
}

fn records(declaration: &Declaration) -> String {
    declaration
        .kinds
        .iter()
        .map(|kind| record(declaration, kind))
        .collect()
}

/// A kind: what it is, its struct, and what its flags and values mean.
fn record(declaration: &Declaration, kind: &Kind) -> String {
    let mut out = format!(".SS {} ({:#04x})\n", kind.name, kind.number);
    out.push_str(&roff::text(&prose(&kind.doc.join(" "), declaration)));
    let mut structs = declaration.structs();
    let Some((room, found)) = structs.find(|(_, found)| found.name == kind.name) else {
        return out;
    };
    out.push_str(&fields(declaration, room, found));
    if let Some(checks) = declaration.checks(&kind.name) {
        out.push_str(&meanings(declaration, room, checks));
    }
    out
}

/// What may stand in the fields of flags, and in those that are one of several.
fn meanings(declaration: &Declaration, room: &Room, checks: &Checks) -> String {
    let mut out = String::new();
    for (field, constants) in checks.bits.iter().chain(&checks.one) {
        let known: Vec<_> = room
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Constant(found) if constants.contains(&found.name) => Some(found),
                _ => None,
            })
            .collect();
        if known.is_empty() {
            continue;
        }
        out.push_str(&format!(".P\nIn\n.IR {} :\n", names::field(field)));
        for found in known {
            let value = declaration.value(&found.name).unwrap_or_default();
            let tag = format!(".BR {} \" ({value:#x})\"", names::constant(&found.name));
            let about = prose(&found.doc.join(" "), declaration);
            out.push_str(&roff::tagged(&tag, &about));
        }
    }
    out
}
