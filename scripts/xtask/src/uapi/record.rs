// SPDX-License-Identifier: GPL-2.0

//! `record!`: what it says of a struct.

use proc_macro2::{TokenStream, TokenTree};
use syn::Macro;

use super::model::{Checks, Declaration};
use super::parse::Source;

/// `record!(Name, zero FIELD, bits FIELD = MASK, one FIELD = VALUES, tail METHOD, rule METHOD)`
pub fn parse(source: &Source, found: &Macro) -> Result<Checks, String> {
    let mut clauses = clauses(&found.tokens).into_iter();
    let mut checks = Checks {
        name: clauses.next().unwrap_or_default().concat(),
        zero: Vec::new(),
        bits: Vec::new(),
        one: Vec::new(),
        place: source.place(&found.path),
    };
    for clause in clauses {
        let [word, field, rest @ ..] = &clause[..] else {
            // After a trailing comma.
            continue;
        };
        let values = rest
            .iter()
            .filter(|token| is_name(token))
            .cloned()
            .collect();
        match word.as_str() {
            "zero" => checks.zero.push(field.clone()),
            "bits" => checks.bits.push((field.clone(), values)),
            "one" => checks.one.push((field.clone(), values)),
            "tail" | "rule" => {}
            _ => return source.refuse(&found.path, format!("record! knows no `{word}`")),
        }
    }
    Ok(checks)
}

/// The tokens between commas, as text.
fn clauses(tokens: &TokenStream) -> Vec<Vec<String>> {
    let mut clauses = vec![Vec::new()];
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ',' => clauses.push(Vec::new()),
            other => {
                if let Some(last) = clauses.last_mut() {
                    last.push(other.to_string());
                }
            }
        }
    }
    clauses
}

fn is_name(token: &str) -> bool {
    token.starts_with(|letter: char| letter.is_ascii_uppercase())
}

/// A mask may be named by a private constant: puts in its place the constants that it is made of.
pub fn resolve_masks(declaration: &mut Declaration) {
    let mut masks = Vec::new();
    for (_, constant) in declaration.constants() {
        if !constant.is_public {
            masks.push((constant.name.clone(), constant.value.names()));
        }
    }
    for room in &mut declaration.rooms {
        for checks in &mut room.records {
            for (_, names) in checks.bits.iter_mut().chain(&mut checks.one) {
                *names = names
                    .iter()
                    .flat_map(|name| match masks.iter().find(|(mask, _)| mask == name) {
                        Some((_, parts)) => parts.clone(),
                        None => vec![name.clone()],
                    })
                    .collect();
            }
        }
    }
}
