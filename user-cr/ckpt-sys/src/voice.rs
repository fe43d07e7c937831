// SPDX-License-Identifier: GPL-2.0

//! How a tool speaks to its user, on standard error: in sentences or in JSON, one object a line.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use ckpt_format::calls::LogRecord;
use ckpt_format::reason::Reason;
use ckpt_image::log::{parse_log, to_json, Sentence};
use nix::sys::signal::Signal;
use serde_json::{json, Map, Value};

use crate::signals::die_by;

/// The tool's name, and whether programs are listening.
#[derive(Clone, Copy, Debug)]
pub struct Voice {
    tool: &'static str,
    json: bool,
}

/// A system call was refused, for reasons that the kernel logged.
#[derive(Debug)]
pub struct Refused {
    /// Which call.
    pub call: &'static str,
    /// What it gave.
    pub error: io::Error,
    /// What the kernel had to say.
    pub log: Vec<LogRecord>,
    /// How things stand now; may be empty.
    pub aftermath: &'static str,
}

/// A signal asked the tool to stop.
#[derive(Debug)]
pub struct Stopped(pub Signal);

/// One figure of `--stats`.
#[derive(Clone, Copy, Debug)]
pub enum Figure {
    /// A time.
    Time(Duration),
    /// A number of bytes.
    Bytes(u64),
    /// A number of anything else.
    Count(u64),
}

impl Voice {
    /// The voice of this tool.
    pub const fn new(tool: &'static str, json: bool) -> Self {
        Self { tool, json }
    }

    /// Says something that is worth knowing.
    pub fn remark(&self, text: &str) {
        self.say(|| self.object("remark", text), text);
    }

    /// Says what the kernel logged. Gives the number of errors among it.
    pub fn log(&self, log: &[LogRecord]) -> usize {
        for record in log {
            let sentence = Sentence(record);
            let advice = sentence.advice();
            let indent = self.tool.len() + 2;
            let json = || to_json(record).to_string();
            match advice.is_empty() {
                true => self.say(json, &sentence),
                false => self.say(json, &format_args!("{sentence}\n{:indent$}{advice}", "")),
            }
        }
        log.iter().filter(|record| record.errno.get() != 0).count()
    }

    /// Says what failed. Gives the code to end with; after a signal, ends by that signal.
    pub fn fail(&self, error: &anyhow::Error) -> ExitCode {
        if let Some(refused) = error.downcast_ref::<Refused>() {
            if self.log(&refused.log) == 0 || self.json {
                self.error(&refused.to_string());
            }
            if !refused.aftermath.is_empty() {
                self.remark(refused.aftermath);
            }
        } else {
            self.error(&format!("{error:#}"));
        }
        if let Some(Stopped(signal)) = error.downcast_ref::<Stopped>() {
            die_by(*signal as i32);
        }
        ExitCode::FAILURE
    }

    fn error(&self, text: &str) {
        self.say(|| self.object("error", text), text);
    }

    /// Says what was measured. Names end in what is counted: `bytes`, `_ns`, or a plural.
    pub fn stats(&self, figures: &[(&str, Figure)]) {
        if self.json {
            let object: Map<String, Value> = figures
                .iter()
                .map(|(name, figure)| ((*name).to_owned(), figure.number().into()))
                .collect();
            line(&json!({"tool": self.tool, "stats": object}));
            return;
        }
        for (name, figure) in figures {
            let name = name.trim_end_matches("_ns").replace('_', " ");
            line(&format_args!("{}: {name:<14} {figure}", self.tool));
        }
    }

    /// One thing, for programs or for people.
    fn say(&self, json: impl FnOnce() -> String, text: &(impl fmt::Display + ?Sized)) {
        match self.json {
            true => line(&json()),
            false => line(&format_args!("{}: {text}", self.tool)),
        }
    }

    /// What takes no map: those ask the kernel for random numbers, and panic without.
    fn object(&self, name: &str, text: &str) -> String {
        let (tool, text) = (Value::from(self.tool), Value::from(text));
        format!("{{\"tool\":{tool},\"{name}\":{text}}}")
    }
}

/// One line on standard error, at once. That nobody can hear it any more is no reason to do anything else
/// than what was asked for.
pub(crate) fn line(text: &impl fmt::Display) {
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// An error for a reason of the kernel's, found out by the tool: what is the matter, and what to do.
pub fn explain(reason: Reason, name: &str) -> anyhow::Error {
    let sentence = reason.sentence().replace("{name}", name);
    anyhow::anyhow!("{sentence}; {}", reason.advice())
}

impl Refused {
    /// From what the call gave and what the kernel wrote to the log.
    pub fn new(call: &'static str, error: io::Error, log: &[u8]) -> Self {
        Self {
            call,
            error,
            // A log that cannot be read says nothing; the error itself remains.
            log: parse_log(log).unwrap_or_default(),
            aftermath: "",
        }
    }

    /// Adds how things stand now.
    pub fn leaving(self, aftermath: &'static str) -> Self {
        Self { aftermath, ..self }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.call, self.error)
    }
}

impl Error for Refused {}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stopped by {}", self.0)
    }
}

impl Error for Stopped {}

impl Figure {
    /// As programs want it: nanoseconds, bytes, a count.
    fn number(self) -> u64 {
        match self {
            Self::Time(time) => u64::try_from(time.as_nanos()).unwrap_or(u64::MAX),
            Self::Bytes(number) | Self::Count(number) => number,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(f, "{time:.1?}"),
            Self::Bytes(bytes @ 0..=9999) => write!(f, "{bytes} bytes"),
            Self::Bytes(bytes @ 10_000..=9_999_999) => {
                write!(f, "{:.1} KiB", *bytes as f64 / 1024.0)
            }
            Self::Bytes(bytes) => write!(f, "{:.1} MiB", *bytes as f64 / 1_048_576.0),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_an_object_whatever_is_said() {
        let said = Voice::new("restart", true).object("remark", "a \"b\"\n");
        let object: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(object, json!({"tool": "restart", "remark": "a \"b\"\n"}));
    }

    #[test]
    fn figures_are_legible() {
        let text = |figure: Figure| figure.to_string();
        assert_eq!(text(Figure::Time(Duration::from_micros(1540))), "1.5ms");
        assert_eq!(text(Figure::Bytes(4096)), "4096 bytes");
        assert_eq!(text(Figure::Bytes(40_960)), "40.0 KiB");
        assert_eq!(text(Figure::Bytes(1 << 30)), "1024.0 MiB");
        assert_eq!(text(Figure::Count(3)), "3");
    }
}
