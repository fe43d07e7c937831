// SPDX-License-Identifier: GPL-2.0

//! The rules of the format that a compiler does not check.

use std::collections::HashSet;

use super::model::{family_of, Checks, Declaration, Field, Struct};
use super::names;

/// Refuses what breaks a rule, with its place.
pub fn check(declaration: &Declaration) -> Result<(), String> {
    let mut seen = HashSet::new();
    for (_, constant) in declaration.constants().filter(|(_, found)| found.is_public) {
        if !seen.insert(names::constant(&constant.name)) {
            return Err(format!(
                "{}: {} is in C already",
                constant.place, constant.name
            ));
        }
    }
    for (_, found) in declaration.structs() {
        if !seen.insert(names::structure(&found.name)) {
            return Err(format!("{}: {} is in C already", found.place, found.name));
        }
        is_aligned(found)?;
        if let Some(checks) = declaration.checks(&found.name) {
            says_what_it_checks(declaration, found, checks)?;
        }
    }
    for kind in &declaration.kinds {
        if declaration.checks(&kind.name).is_none() {
            return Err(format!("{}: no record!({})", kind.place, kind.name));
        }
        if kind.doc.is_empty() {
            return Err(format!("{}: {} has no doc comment", kind.place, kind.name));
        }
    }
    for checks in declaration.rooms.iter().flat_map(|room| &room.records) {
        let has_kind = declaration
            .kinds
            .iter()
            .any(|kind| kind.name == checks.name);
        let has_struct = declaration
            .structs()
            .any(|(_, found)| found.name == checks.name);
        if !has_kind || !has_struct {
            return Err(format!(
                "{}: {} is no kind or no struct",
                checks.place, checks.name
            ));
        }
    }
    Ok(())
}

/// Natural alignment without holes: C lays the struct out the same way, packed or not.
fn is_aligned(found: &Struct) -> Result<(), String> {
    let mut widest = 1;
    for field in &found.fields {
        let align = natural(field);
        widest = widest.max(align);
        if field.offset % align != 0 {
            return Err(format!(
                "{}: {} lies at {}, not at a multiple of {align}: put a reserved field before it",
                field.place, field.name, field.offset
            ));
        }
    }
    if found.size == 0 || found.size % widest != 0 {
        return Err(format!(
            "{}: {} has {} bytes, not a multiple of {widest}: put a reserved field at its end",
            found.place, found.name, found.size
        ));
    }
    Ok(())
}

fn natural(field: &Field) -> usize {
    use super::model::Shape;
    match &field.shape {
        // Structs within structs hold numbers of 64 bits, or count as if they did.
        Shape::Struct(_) => 8,
        Shape::Array(element, _) if matches!(**element, Shape::Struct(_)) => 8,
        other => other.align(),
    }
}

/// What the comments promise is what `record!` checks.
fn says_what_it_checks(
    declaration: &Declaration,
    found: &Struct,
    checks: &Checks,
) -> Result<(), String> {
    for field in &found.fields {
        let is_reserved = field.name.starts_with("reserved");
        if is_reserved != checks.zero.contains(&field.name) {
            return Err(format!(
                "{}: reserved fields, and no others, are listed as `zero {}` in record!({})",
                field.place, field.name, found.name
            ));
        }
        let promises = [
            ("bits of", "bits", true, &checks.bits),
            ("one of", "one", false, &checks.one),
        ];
        for (phrase, clause, bits, listed) in promises {
            let Some(prefix) = family_of(&field.doc, phrase) else {
                continue;
            };
            let family = declaration.family(&prefix, bits);
            let family: HashSet<&str> = family.iter().map(|found| found.name.as_str()).collect();
            if family.is_empty() {
                // Constants of the kernel's own.
                continue;
            }
            let named = listed.iter().find(|(name, _)| *name == field.name);
            let named: HashSet<&str> = named
                .map(|(_, names)| names.iter().map(String::as_str).collect())
                .unwrap_or_default();
            if let Some(missing) = family.symmetric_difference(&named).next() {
                return Err(format!(
                    "{}: {}: `{clause} {}` and {prefix}* differ in {missing}",
                    field.place, found.name, field.name
                ));
            }
        }
    }
    Ok(())
}
