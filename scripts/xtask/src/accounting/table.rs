// SPDX-License-Identifier: GPL-2.0

//! The tables, as people read them: Markdown.
//!
//! `## NAME` begins the table of a struct or of a set of flags. A row is
//! `| field | under | verdict | by | why |`.

/// What becomes of a piece of state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// In the image, and back after a restart.
    Saved,
    /// Follows from what is saved, or is made anew for every task.
    Derived,
    /// A checkpoint is refused by name while it is set.
    Refused,
    /// No program can tell that it is another one.
    Harmless,
    /// Has a table of its own.
    Parts,
}

impl Verdict {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "saved" => Some(Self::Saved),
            "derived" => Some(Self::Derived),
            "refused" => Some(Self::Refused),
            "harmless" => Some(Self::Harmless),
            "parts" => Some(Self::Parts),
            _ => None,
        }
    }
}

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub under: String,
    pub verdict: Verdict,
    pub by: Vec<String>,
    /// File and line, for messages.
    pub place: String,
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub rows: Vec<Row>,
}

/// Reads every table of a file. `file`: what messages call it.
pub fn read(file: &str, text: &str) -> Result<Vec<Table>, String> {
    let mut tables: Vec<Table> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = format!("{file}:{}", index + 1);
        if let Some(name) = line.strip_prefix("## ") {
            let name = name.trim().trim_matches('`').into();
            tables.push(Table {
                name,
                rows: Vec::new(),
            });
        } else if let (Some(table), Some(cells)) = (tables.last_mut(), cells(line)) {
            table.rows.extend(row(&cells, place)?);
        }
    }
    Ok(tables)
}

fn cells(line: &str) -> Option<Vec<String>> {
    let inside = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells = inside.replace("\\|", "\0");
    Some(
        cells
            .split('|')
            .map(|cell| cell.replace('\0', "|").trim().replace('`', ""))
            .collect(),
    )
}

/// A row, or nothing for the two lines at the head of a table.
fn row(cells: &[String], place: String) -> Result<Option<Row>, String> {
    let [name, under, verdict, by, why] = cells else {
        return Err(format!(
            "{place}: {} cells, wanted field, under, verdict, by, why",
            cells.len()
        ));
    };
    if name.chars().all(|letter| letter == '-') || name == "field" || name == "flag" {
        return Ok(None);
    }
    let verdict = Verdict::from_word(verdict)
        .ok_or_else(|| format!("{place}: {name}: '{verdict}' is no verdict"))?;
    if why.is_empty() {
        return Err(format!("{place}: {name}: no word about why"));
    }
    Ok(Some(Row {
        name: name.clone(),
        under: under.clone(),
        verdict,
        by: by
            .split([',', ' '])
            .filter(|word| !word.is_empty())
            .map(Into::into)
            .collect(),
        place,
    }))
}
