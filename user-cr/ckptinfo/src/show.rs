// SPDX-License-Identifier: GPL-2.0

//! Record after record, as text or as JSON.

use std::io::{self, Read, Write};

use ckpt_image::format::fields::{check, of};
use ckpt_image::format::header::Header;
use ckpt_image::format::task::{Member, Pid};
use ckpt_image::format::Kind;
use ckpt_image::{check_forest, ImageError, ImageReader, PidEntry, RecordView};
use serde_json::json;

use crate::clock;
use crate::forest::Forest;
use crate::value::{self, json_fields, Fields, Value};
use crate::Failure;

/// Wider lines are broken between fields.
const LINE: usize = 100;

/// What to show and how.
#[derive(Debug)]
pub struct Shown {
    pub json: bool,
    /// Only these; all if there are none.
    pub kinds: Vec<Kind>,
}

/// Shows an image to its end, or to the first thing that is wrong with its envelopes. Records that
/// break a rule of their own are shown; the first such error is given back at the end.
pub fn image(source: impl Read, shown: &Shown, out: &mut impl Write) -> Result<(), Failure> {
    let mut reader = ImageReader::new(source);
    let mut forest = Some(Forest::default());
    let mut header = None;
    let mut first_error = None;
    let mut number = 0_u64;
    while let Some(record) = reader.next()? {
        if record
            .kind
            .is_some_and(|kind| kind.stage() > Kind::Member.stage())
        {
            if let (Some(forest), Some(header)) = (forest.take(), &header) {
                let outcome = print_forest(&forest, header, &record, shown, out)?;
                first_error = first_error.or(outcome.err());
            }
        }
        let problem = check(&record.frame, record.payload())
            .err()
            .map(ImageError::from);
        if shown.kinds.is_empty() || record.kind.is_some_and(|kind| shown.kinds.contains(&kind)) {
            if shown.json {
                print_json(&record, number, problem.as_ref(), out)?;
            } else {
                print_text(&record, problem.as_ref(), out)?;
            }
        }
        match (record.kind, &mut forest) {
            (Some(Kind::Header), _) => header = record.decode::<Header>().ok(),
            (Some(Kind::PidSpace), Some(forest)) => {
                // What is wrong with it is wrong with every pid in it.
                let _ = record.decode().map(|space| forest.spaces.add(&space));
            }
            (Some(Kind::Pid), Some(forest)) => forest.pids.extend(pid(&record)),
            (Some(Kind::Member), Some(forest)) => {
                forest.members.extend(record.decode::<Member>().ok())
            }
            _ => {}
        }
        first_error = first_error.or(problem);
        number += 1;
    }
    reader.expect_end_of_stream()?;
    first_error.map_or(Ok(()), |error| Err(error.into()))
}

fn pid(record: &RecordView<'_>) -> Option<PidEntry> {
    PidEntry::new(&record.decode::<Pid>().ok()?, record.tail).ok()
}

/// After the last member: the tree, in text, where nothing else was asked for.
fn print_forest(
    forest: &Forest,
    header: &Header,
    next: &RecordView<'_>,
    shown: &Shown,
    out: &mut impl Write,
) -> io::Result<Result<(), ImageError>> {
    let checked = check_forest(&forest.spaces, &forest.pids, &forest.members, header);
    let checked = checked.map_err(|problem| ImageError::from(next.error(problem)));
    if !shown.json && shown.kinds.is_empty() {
        match &checked {
            Ok(()) => forest.print(out)?,
            Err(error) => writeln!(out, "! the forest: {error}")?,
        }
    }
    Ok(checked)
}

fn print_text(
    record: &RecordView<'_>,
    problem: Option<&ImageError>,
    out: &mut impl Write,
) -> io::Result<()> {
    let fixed = record.fixed.len();
    let tail = record.tail.len();
    let name = match record.kind {
        Some(kind) => kind.name().to_owned(),
        None => format!("kind {:#x}, unknown, may be skipped", record.frame.number()),
    };
    writeln!(out, "@{} {name}, {fixed}+{tail} bytes", record.offset)?;
    let mut lines = Lines::default();
    for (name, value) in everything(record) {
        match &value {
            Value::List(items) if matches!(items[..], [(_, Value::Struct(_)), ..]) => {
                for (index, item) in items {
                    lines.alone(&format!("{name}[{index}]={}", item.text()));
                }
            }
            Value::List(_) => {
                let text = format!("{name}={}", value.text());
                text.split(' ').for_each(|piece| lines.add(piece));
            }
            Value::Nanoseconds(time) if name == "realtime_ns" => {
                lines.add(&format!("{name}={} ({})", value.text(), clock::utc(*time)));
            }
            _ => lines.add(&format!("{name}={}", value.text())),
        }
    }
    lines.print(out)?;
    match problem {
        Some(problem) => writeln!(out, "    ! {problem}"),
        None => Ok(()),
    }
}

fn print_json(
    record: &RecordView<'_>,
    number: u64,
    problem: Option<&ImageError>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut line = json!({
        "record": number,
        "offset": record.offset,
        "kind": record.kind.map_or_else(|| format!("{:#x}", record.frame.number()), |kind| kind.name().to_owned()),
        "fixed": record.fixed.len(),
        "length": record.payload().len(),
        "fields": json_fields(&everything(record)),
    });
    if let Some(problem) = problem {
        line["error"] = json!(problem.to_string());
    }
    writeln!(out, "{line}")
}

fn everything(record: &RecordView<'_>) -> Fields {
    let mut fields = record
        .kind
        .map_or_else(Fields::new, |kind| value::fields(of(kind), record.fixed));
    fields.extend(crate::tail::fields(record));
    fields
}

/// Pieces of text, as many in a line as fit.
#[derive(Debug, Default)]
struct Lines {
    lines: Vec<String>,
    closed: bool,
}

impl Lines {
    fn add(&mut self, piece: &str) {
        match self.lines.last_mut() {
            Some(last) if !self.closed && last.len() + piece.len() < LINE => {
                last.push(' ');
                last.push_str(piece);
            }
            _ => self.lines.push(format!("    {piece}")),
        }
        self.closed = false;
    }

    fn alone(&mut self, piece: &str) {
        self.closed = true;
        self.add(piece);
        self.closed = true;
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        self.lines
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    }
}
