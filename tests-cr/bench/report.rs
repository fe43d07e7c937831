// SPDX-License-Identifier: GPL-2.0

//! The tables, and the same as JSON.

use std::fmt;
use std::time::Duration;

use serde_json::{json, Value};

use crate::limits::Limits;
use crate::measure::{number, Measured, Stats};
use crate::subject::Load;

pub struct Report {
    limits: Limits,
    measured: Vec<Measured>,
}

/// A stream of a load that has memory: rates in bytes a second.
struct Rate {
    what: &'static str,
    rate: f64,
    limit: f64,
}

impl Report {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            measured: Vec::new(),
        }
    }

    pub fn add(&mut self, measured: Measured) {
        self.measured.push(measured);
    }

    fn limits(&self) -> [(&'static str, f64); 7] {
        let limits = &self.limits;
        [
            ("memcpy", limits.memcpy),
            ("checksum", limits.checksum),
            ("/dev/zero > /dev/null", limits.zero_to_null),
            ("/dev/zero > file", limits.zero_to_file),
            ("/dev/zero > pipe", limits.zero_to_pipe),
            ("file > new memory", limits.file_to_memory),
            ("pipe > new memory", limits.pipe_to_memory),
        ]
    }

    fn rates(&self, measured: &Measured) -> [Rate; 4] {
        let rate = |stats: &Stats, time: &str| {
            number(stats, "bytes") as f64 / seconds(number(stats, time)).max(1e-9)
        };
        let limits = &self.limits;
        [
            Rate {
                what: "checkpoint > /dev/null",
                rate: rate(&measured.to_null, "stream_ns"),
                limit: limits.zero_to_null,
            },
            Rate {
                what: "checkpoint > file",
                rate: rate(&measured.to_file, "stream_ns"),
                limit: limits.zero_to_file,
            },
            Rate {
                what: "checkpoint > pipe",
                rate: rate(&measured.to_pipe, "stream_ns"),
                limit: limits.zero_to_pipe,
            },
            Rate {
                what: "restart < file",
                rate: rate(&measured.from_file, "running_ns"),
                limit: limits.file_to_memory,
            },
        ]
    }

    /// The whole story for programs.
    pub fn json(&self) -> Value {
        let limits: serde_json::Map<String, Value> = self
            .limits()
            .iter()
            .map(|(name, rate)| ((*name).to_owned(), (*rate).into()))
            .collect();
        let loads = self.measured.iter().map(|measured| {
            let rates = self.rates(measured).map(|rate| {
                json!({"what": rate.what, "bytes_per_s": rate.rate, "of_limit": rate.rate / rate.limit})
            });
            json!({
                "load": measured.load.to_string(),
                "freeze_and_thaw_ns": measured.freezer.as_nanos() as u64,
                "stop_of_freeze_and_thaw": stop(measured),
                "checkpoint_to_null": measured.to_null,
                "checkpoint_to_file": measured.to_file,
                "checkpoint_to_pipe": measured.to_pipe,
                "restart_from_file": measured.from_file,
                "rates": if measured.load.bytes() > 0 { json!(rates) } else { json!([]) },
            })
        });
        json!({"limits_bytes_per_s": limits, "loads": loads.collect::<Vec<_>>()})
    }
}

fn seconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e9
}

/// How long it stood still, in units of freezing and thawing it.
fn stop(measured: &Measured) -> f64 {
    seconds(number(&measured.to_null, "frozen_ns")) / measured.freezer.as_secs_f64().max(1e-9)
}

/// A time as a cell.
struct Cell(u64);

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.2?}", Duration::from_nanos(self.0)))
    }
}

fn mib(rate: f64) -> f64 {
    rate / f64::from(1 << 20)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The limits of this machine, in blocks of 2 MiB\n")?;
        for (name, rate) in self.limits() {
            let of = rate / self.limits.memcpy;
            writeln!(
                f,
                "  {name:<24}{:>9.0} MiB/s {of:>7.2} of memcpy",
                mib(rate)
            )?;
        }
        self.stops(f)?;
        self.streams(f)?;
        self.restarts(f)?;
        self.costs(f)
    }
}

impl Report {
    fn stops(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nStanding still, checkpoint > /dev/null; bare: only frozen and thawed\n"
        )?;
        writeln!(
            f,
            "  {:<14}{:>10}{:>10}{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "", "bare", "stopped", "ratio", "freeze", "pin", "capture", "stream", "thaw"
        )?;
        for measured in &self.measured {
            let time = |name| Cell(number(&measured.to_null, name));
            writeln!(
                f,
                "  {:<14}{:>10}{:>10}{:>8.1}{:>10}{:>10}{:>10}{:>10}{:>10}",
                measured.load,
                Cell(measured.freezer.as_nanos() as u64),
                time("frozen_ns"),
                stop(measured),
                time("freeze_ns"),
                time("pin_ns"),
                time("capture_ns"),
                time("stream_ns"),
                time("thaw_ns"),
            )?;
        }
        Ok(())
    }

    fn streams(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nStreams; ratio: of the plain copy into (from) the same, above\n"
        )?;
        for measured in self
            .measured
            .iter()
            .filter(|measured| measured.load.bytes() > 0)
        {
            for rate in self.rates(measured) {
                writeln!(
                    f,
                    "  {:<14}{:<24}{:>9.0} MiB/s {:>7.2} {:>7.2} of memcpy",
                    measured.load,
                    rate.what,
                    mib(rate.rate),
                    rate.rate / rate.limit,
                    rate.rate / self.limits.memcpy,
                )?;
            }
        }
        Ok(())
    }

    fn restarts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nFrom the start of restart to the first instruction, from a file\n"
        )?;
        writeln!(
            f,
            "  {:<14}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
            "", "all", "prefix", "forest", "join", "build", "fill", "commit"
        )?;
        for measured in &self.measured {
            let time = |name| Cell(number(&measured.from_file, name));
            writeln!(
                f,
                "  {:<14}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
                measured.load,
                time("running_ns"),
                time("prefix_ns"),
                time("forest_ns"),
                time("join_ns"),
                time("build_ns"),
                time("fill_ns"),
                time("commit_ns"),
            )?;
        }
        Ok(())
    }

    /// What one more costs: the difference to the small one, divided.
    fn costs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let small = self
            .measured
            .iter()
            .find(|measured| measured.load == Load::Small);
        let Some(small) = small else { return Ok(()) };
        writeln!(f, "\nWhat one more costs\n")?;
        for measured in &self.measured {
            let Some((thing, count)) = measured.load.things() else {
                continue;
            };
            let each = |stats: fn(&Measured) -> &Stats, name: &str| {
                let more = number(stats(measured), name).saturating_sub(number(stats(small), name));
                Cell(more / count as u64)
            };
            writeln!(
                f,
                "  {:<14}{:>10} stopped, {:>10} of restart for each {thing}",
                measured.load,
                each(|measured| &measured.to_null, "frozen_ns"),
                each(|measured| &measured.from_file, "running_ns"),
            )?;
        }
        Ok(())
    }
}
