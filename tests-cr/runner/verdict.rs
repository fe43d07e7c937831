// SPDX-License-Identifier: GPL-2.0

//! What came of a test, and how it is printed.

use std::time::Duration;

use crate::plan::Job;

/// Passed, or not, or impossible here.
pub enum Verdict {
    Passed,
    Failed,
    NotRun,
    /// The machine was too slow for the calls that the test is about.
    TooLate,
}

/// A verdict and the reason for it, or what was seen.
pub struct Outcome {
    pub verdict: Verdict,
    pub why: String,
}

/// How a step of a test ends: with something, or with the end of the test.
pub type Step<T> = Result<T, Outcome>;

impl Outcome {
    pub fn passed() -> Self {
        Self {
            verdict: Verdict::Passed,
            why: String::new(),
        }
    }

    pub fn failed(why: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Failed,
            why: why.into(),
        }
    }

    pub fn not_run(why: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::NotRun,
            why: why.into(),
        }
    }

    pub fn too_late() -> Self {
        Self {
            verdict: Verdict::TooLate,
            why: "the call was over when the checkpoint came".into(),
        }
    }

    /// One line, and what belongs to it on further lines that begin with `| `.
    pub fn line(&self, job: &Job, time: Duration) -> String {
        let mut why = self.why.lines();
        let first = why.next().unwrap_or_default();
        let mut text = match self.verdict {
            Verdict::Passed => {
                let colon = if first.is_empty() { "" } else { ": " };
                format!("ok {job} {:.2} s{colon}{first}", time.as_secs_f32())
            }
            Verdict::Failed | Verdict::TooLate => format!("FAILED {job}: {first}"),
            Verdict::NotRun => format!("not run: {job}: {first}"),
        };
        for line in why {
            text.push_str("\n| ");
            text.push_str(line);
        }
        text
    }
}

/// An error of the system, with what was being done.
pub trait Doing<T> {
    fn doing(self, what: &str) -> Step<T>;
}

impl<T> Doing<T> for std::io::Result<T> {
    fn doing(self, what: &str) -> Step<T> {
        self.map_err(|error| Outcome::failed(format!("{what}: {error}")))
    }
}
