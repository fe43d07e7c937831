// SPDX-License-Identifier: GPL-2.0

//! Do the tables say what there is, and is there what the tables say?

use super::members::Field;
use super::table::{Row, Table, Verdict};

/// What a table may name as the place where something is saved or refused.
pub struct Known {
    pub rooms: Vec<String>,
    pub reasons: Vec<String>,
    pub facts: Vec<String>,
    pub tables: Vec<String>,
}

/// Every difference between what the kernel declares and its table, one sentence each.
pub fn differences(name: &str, declared: &[Field], table: &Table) -> Vec<String> {
    let mut said = Vec::new();
    for field in declared {
        let same_name = || table.rows.iter().filter(|row| row.name == field.name);
        if same_name().any(|row| row.under == field.under) {
            continue;
        }
        let at = &field.place;
        let under = shown(&field.under);
        let stale = same_name().find(|row| !is_declared(declared, row));
        said.push(match stale {
            Some(row) => format!(
                "{}: {name}: {} is {under} in {at}, and the table says {}",
                row.place,
                field.name,
                shown(&row.under)
            ),
            None => format!(
                "{at}: {name}: nobody accounted for {}, which is {under}\n    | {} | {} | | | |",
                field.name,
                field.name,
                field.under.replace('|', "\\|")
            ),
        });
    }
    for row in &table.rows {
        let is_gone = !declared.iter().any(|field| field.name == row.name);
        let is_other = !is_declared(declared, row)
            && declared
                .iter()
                .filter(|field| field.name == row.name)
                .all(|field| {
                    table
                        .rows
                        .iter()
                        .any(|row| row.under == field.under && row.name == field.name)
                });
        if is_gone || is_other {
            said.push(format!(
                "{}: {name}: {} ({}) is not declared",
                row.place,
                row.name,
                shown(&row.under)
            ));
        }
        let twins = table
            .rows
            .iter()
            .filter(|other| other.name == row.name && other.under == row.under);
        if twins.count() > 1 {
            said.push(format!(
                "{}: {name}: {} is there twice",
                row.place, row.name
            ));
        }
    }
    said
}

fn is_declared(declared: &[Field], row: &Row) -> bool {
    declared
        .iter()
        .any(|field| field.name == row.name && field.under == row.under)
}

fn shown(under: &str) -> String {
    match under {
        "" => "always there".into(),
        under => format!("there if {under}"),
    }
}

/// Rows whose verdict names nothing, or something that does not exist.
pub fn hollow(table: &Table, known: &Known) -> Vec<String> {
    let mut said = Vec::new();
    for row in &table.rows {
        let counts = |list: &[String]| row.by.iter().filter(|by| list.contains(by)).count();
        let (rooms, tables) = (counts(&known.rooms), counts(&known.tables));
        let obstacles = counts(&known.reasons) + counts(&known.facts);
        if rooms + tables + obstacles != row.by.len() {
            said.push(format!(
                "{}: {}: '{}' names something that is neither a room, a reason, a fact nor a table",
                row.place,
                row.name,
                row.by.join(" ")
            ));
        }
        let lacks = match row.verdict {
            Verdict::Saved if rooms == 0 => "the room that saves it",
            Verdict::Refused if obstacles == 0 => "the reason or fact that refuses it",
            Verdict::Parts if tables == 0 => "the table of its parts",
            _ => continue,
        };
        said.push(format!(
            "{}: {}: does not name {lacks}",
            row.place, row.name
        ));
    }
    said
}
