// SPDX-License-Identifier: GPL-2.0

//! Shows what is in a checkpoint image, and checks it. Runs nothing, needs no rights.

#![forbid(unsafe_code)]

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use ckpt_image::format::Kind;
use ckpt_image::{verify, Summary};
use ckptinfo::{show, Failure};
use clap::Parser;
use serde_json::json;

/// Show what is in a checkpoint image, or check it.
///
/// Without options, every record of the image is shown: where it begins, its kind, the bytes of its
/// fixed part and its tail, and its fields. Object numbers and places of tasks are written #N;
/// addresses and masks in hexadecimal. After the last task comes the forest, as a tree.
///
/// Nothing of the image is run, and no rights are needed.
#[derive(Debug, Parser)]
#[command(
    version,
    after_long_help = "\
Examples:
  ckptinfo img                          everything that is in img
  zstd -dc img.zst | ckptinfo           the same of a compressed image
  ckptinfo --kind Area img              the address spaces
  ckptinfo --verify img && restart --pids < img
                                        look before the leap
  ckptinfo --json img | jq -r 'select(.kind == \"OpenFile\").fields.path'
                                        the files that must be there on restart

In texts, bytes that cannot be printed and backslashes are written \\xNN.

JSON: one object per line and record, with `record` (its number), `offset`, `kind`, `fixed` and
`length` (bytes) and `fields`. Addresses, masks and bytes are strings in hexadecimal, file modes in
octal; flags are lists of names; a reference to nothing or to a task outside is null; times are in
nanoseconds; an array is an object with places or names as keys, without the elements that are all
zero. If something is wrong, the last line is an object with `error`, `offset` and `advice`.

Exit status: 0 if the image could be read to its end, 1 if not or if something in it is wrong.
Without --verify only each record for itself and their order are checked; --verify also checks every
reference and every count."
)]
struct Arguments {
    /// The image; without it, or with `-`, standard input.
    file: Option<PathBuf>,

    /// Check the whole image and show only the outcome.
    #[arg(long, conflicts_with = "kinds")]
    verify: bool,

    /// Write JSON, one object per line.
    #[arg(long)]
    json: bool,

    /// Show only records of this kind; may be given more than once.
    #[arg(long = "kind", value_name = "KIND", value_parser = kind)]
    kinds: Vec<Kind>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let name = match &arguments.file {
        Some(file) => file.display().to_string(),
        None => "standard input".into(),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = run(&arguments, &mut out).and_then(|()| Ok(out.flush()?));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            // What was shown so far comes first; if that fails too, the message is all there is.
            let _ = report(&failure, &name, arguments.json, &mut out);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments, out: &mut impl Write) -> Result<(), Failure> {
    let source = BufReader::with_capacity(1 << 16, open(arguments)?);
    if arguments.verify {
        let summary = verify(source)?;
        return Ok(print_summary(&summary, arguments.json, out)?);
    }
    let shown = show::Shown {
        json: arguments.json,
        kinds: arguments.kinds.clone(),
    };
    show::image(source, &shown, out)
}

fn open(arguments: &Arguments) -> Result<Box<dyn Read>, Failure> {
    match arguments.file.as_deref() {
        Some(file) if file.as_os_str() != "-" => match File::open(file) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) => Err(Failure::Input(format!("cannot open it: {error}"))),
        },
        _ if io::stdin().is_terminal() => Err(Failure::Input(
            "is a terminal: name an image, or pipe one in (ckptinfo --help)".into(),
        )),
        _ => Ok(Box::new(io::stdin().lock())),
    }
}

fn print_summary(summary: &Summary, json: bool, out: &mut impl Write) -> io::Result<()> {
    let Summary {
        records,
        bytes,
        tasks,
        objects,
        pages,
    } = summary;
    if json {
        let whole = json!({
            "whole": true, "tasks": tasks, "objects": objects, "pages": pages,
            "records": records, "bytes": bytes,
        });
        return writeln!(out, "{whole}");
    }
    writeln!(
        out,
        "the image is whole: {tasks} tasks, {objects} objects, {pages} pages; {records} records in {bytes} bytes"
    )
}

fn report(failure: &Failure, name: &str, json: bool, out: &mut impl Write) -> io::Result<()> {
    let (message, advice) = match failure {
        Failure::Image(error) => (error.to_string(), error.advice()),
        Failure::Output(error) => (format!("cannot write: {error}"), ""),
        Failure::Input(message) => (message.clone(), ""),
    };
    if let (true, Failure::Image(error)) = (json, failure) {
        let line = json!({ "error": message, "offset": error.offset(), "advice": advice });
        writeln!(out, "{line}")?;
    }
    // Standard error may be the same terminal.
    let flushed = out.flush();
    eprintln!("ckptinfo: {name}: {message}");
    if !advice.is_empty() {
        eprintln!("  {advice}");
    }
    flushed
}

fn kind(name: &str) -> Result<Kind, String> {
    let found = Kind::ALL
        .iter()
        .find(|kind| kind.name().eq_ignore_ascii_case(name));
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("the kinds are {}", names.join(", "))
    })
}
