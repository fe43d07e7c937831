// SPDX-License-Identifier: GPL-2.0

//! Shows what is in a checkpoint image, and checks it. Runs nothing, needs no rights.

#![forbid(unsafe_code)]

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::process::ExitCode;

use ckpt_image::{verify, Summary};
use ckptinfo::options::Arguments;
use ckptinfo::{show, Failure};
use clap::Parser;
use serde_json::json;

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
            report(&failure, &name, arguments.json, &mut out);
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

fn report(failure: &Failure, name: &str, json: bool, out: &mut impl Write) {
    let (message, offset, advice) = match failure {
        Failure::Image(error) => (error.to_string(), Some(error.offset()), error.advice()),
        Failure::Output(error) => (format!("cannot write: {error}"), None, ""),
        Failure::Input(message) => (message.clone(), None, ""),
    };
    // What was shown so far comes first: standard error may be the same terminal. If it cannot be
    // written, the message is all there is.
    if json && !matches!(failure, Failure::Output(_)) {
        let line = json!({ "error": message, "offset": offset, "advice": advice });
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
    let advice = match advice {
        "" => String::new(),
        advice => format!("  {advice}\n"),
    };
    // Nobody may be there to read it; the exit status says it too.
    let _ = write!(io::stderr(), "ckptinfo: {name}: {message}\n{advice}");
}
