// SPDX-License-Identifier: GPL-2.0

//! Sets of flags: macros with a common beginning, enumerators, or calls of a declaring macro.

use super::members::Field;
use super::source::{words, Source};

/// How the kernel declares a set.
#[derive(Clone, Copy)]
pub enum Style {
    /// `#define PREFIX_NAME value`.
    Macros(&'static [&'static str]),
    /// `PREFIX_NAME = value,` or `PREFIX_NAME,` in an enum.
    Enumerators(&'static str),
    /// `MACRO(NAME, ...)`.
    Calls(&'static [&'static str]),
}

/// The members of a set, each once for each condition under which it is declared.
pub fn of(source: &Source, style: Style) -> Vec<Field> {
    let mut fields: Vec<Field> = match style {
        Style::Macros(prefixes) => macros(source, prefixes),
        Style::Enumerators(prefix) => enumerators(source, prefix),
        Style::Calls(macros) => calls(source, macros),
    };
    let mut index = 0;
    while index < fields.len() {
        let (before, rest) = fields.split_at(index);
        let known = |other: &Field| other.name == rest[0].name && other.under == rest[0].under;
        if before.iter().any(known) {
            fields.remove(index);
        } else {
            index += 1;
        }
    }
    fields
}

/// A macro that is made of others of its set, or that has no value, is no flag of its own.
fn macros(source: &Source, prefixes: &[&str]) -> Vec<Field> {
    let belongs = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix));
    source
        .defines
        .iter()
        .filter(|define| belongs(&define.name) && !define.value.is_empty())
        .filter(|define| !words(&define.value).any(belongs))
        .map(|define| Field {
            name: define.name.clone(),
            under: define.under.to_string(),
            place: define.line.to_string(),
        })
        .collect()
}

fn enumerators(source: &Source, prefix: &str) -> Vec<Field> {
    source
        .tokens
        .windows(3)
        .filter(|three| three[0].is("{") || three[0].is(","))
        .filter(|three| three[1].text.starts_with(prefix))
        .filter(|three| three[2].is("=") || three[2].is(",") || three[2].is("}"))
        .map(|three| Field {
            name: three[1].text.clone(),
            under: three[1].under.to_string(),
            place: three[1].line.to_string(),
        })
        .collect()
}

fn calls(source: &Source, macros: &[&str]) -> Vec<Field> {
    source
        .tokens
        .windows(3)
        .filter(|three| macros.contains(&three[0].text.as_str()) && three[1].is("("))
        .map(|three| Field {
            name: three[2].text.clone(),
            under: three[2].under.to_string(),
            place: three[2].line.to_string(),
        })
        .collect()
}
