// SPDX-License-Identifier: GPL-2.0

//! All points at which something may fail, one after the other, and what came of each.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use crate::kernel_log;
use crate::plan::Job;
use crate::verdict::{Outcome, Step};

/// What came of one point.
pub enum Came {
    /// An error, of this kind; everything is as it was before.
    Failed(String),
    /// Nothing: it was not needed, or tried again.
    Harmless,
    /// The point was not reached, this time.
    Missed,
    /// What must not come of it; but everything is as it was before.
    Wrong(String),
}

impl Came {
    /// Of a success, with so many points left until one would have failed.
    pub fn without_harm(left: u32) -> Self {
        match left {
            0 => Self::Harmless,
            _ => Self::Missed,
        }
    }
}

/// What came of all of them.
pub struct Sweep {
    what: &'static str,
    total: u32,
    tried: u32,
    missed: u32,
    harmless: u32,
    failed: BTreeMap<String, u32>,
    wrong: BTreeMap<String, u32>,
}

/// So many different ones are shown.
const MOST_WRONG: usize = 30;

impl Sweep {
    /// Tries points 1 to `total` until all are tried or the time is over; whenever that is, what has been
    /// tried lies evenly.
    pub fn run(
        job: &Job,
        what: &'static str,
        total: u32,
        limit: Duration,
        mut attempt: impl FnMut(u32) -> Step<Came>,
    ) -> Step<Self> {
        let mut sweep = Self {
            what,
            total,
            tried: 0,
            missed: 0,
            harmless: 0,
            failed: BTreeMap::new(),
            wrong: BTreeMap::new(),
        };
        let begin = Instant::now();
        for point in evenly(total) {
            if begin.elapsed() > limit {
                break;
            }
            crate::say(&format!("trying {job}: {what}, point {point} of {total}"));
            let came = attempt(point).and_then(|came| {
                let reports = kernel_log::reports().join("\n");
                match reports.is_empty() {
                    true => Ok(came),
                    false => Err(Outcome::failed(format!("the kernel reported:\n{reports}"))),
                }
            });
            let came = came.map_err(|mut outcome| {
                outcome.why = format!("{what}, point {point} of {total}: {}", outcome.why);
                outcome
            })?;
            sweep.tried += 1;
            match came {
                Came::Failed(how) => *sweep.failed.entry(how).or_default() += 1,
                Came::Harmless => sweep.harmless += 1,
                Came::Missed => sweep.missed += 1,
                Came::Wrong(how) => {
                    sweep.wrong.entry(how).or_insert(point);
                }
            }
        }
        Ok(sweep)
    }

    /// Of a system call, not of a tool.
    fn is_of_call(&self) -> bool {
        self.what.contains("(2)")
    }
}

/// What came of several: one line, and what was wrong on lines of their own. `whole`: every point of a call
/// had to be tried.
pub fn verdict(sweeps: &[Sweep], whole: bool, remark: &str) -> Outcome {
    let lines: Vec<String> = sweeps.iter().map(ToString::to_string).collect();
    let mut why = lines.join("; ") + remark;
    let of_one = |sweep: &Sweep| -> Vec<String> {
        let wrong = sweep.wrong.iter().take(MOST_WRONG);
        let line =
            |(how, point): (&String, &u32)| format!("\n{}, point {point}: {how}", sweep.what);
        wrong.map(line).collect()
    };
    let mut wrong: Vec<String> = sweeps.iter().flat_map(of_one).collect();
    let calls = sweeps.iter().filter(|sweep| whole && sweep.is_of_call());
    wrong.extend(calls.filter(|sweep| sweep.tried < sweep.total).map(|sweep| {
        let (what, tried, total) = (sweep.what, sweep.tried, sweep.total);
        format!("\n{what}: only {tried} of {total} points were tried: give it more time (--seconds)")
    }));
    why.push_str(&wrong.concat());
    match wrong.is_empty() {
        true => Outcome {
            why,
            ..Outcome::passed()
        },
        false => Outcome::failed(why),
    }
}

impl fmt::Display for Sweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed: u32 = self.failed.values().sum();
        write!(
            f,
            "{}: {} of {} points, {failed} failed",
            self.what, self.tried, self.total
        )?;
        let hows: Vec<String> = self
            .failed
            .iter()
            .map(|(how, count)| format!("{count} {how}"))
            .collect();
        if !hows.is_empty() {
            write!(f, " ({})", hows.join(", "))?;
        }
        write!(f, ", {} did not matter", self.harmless)?;
        match self.missed {
            0 => Ok(()),
            missed => write!(f, ", {missed} were not met again"),
        }
    }
}

/// The numbers from 1 to `total`, each once, in an order of which every beginning is spread evenly.
fn evenly(total: u32) -> impl Iterator<Item = u32> {
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let whole = u64::from(total);
    let near = (f64::from(total) * GOLDEN) as u64;
    let step = (near.max(1)..).find(|step| divisor(*step, whole) <= 1);
    let step = step.unwrap_or(1);
    (0..whole).map(move |index| (index * step % whole) as u32 + 1)
}

/// The greatest that both have.
fn divisor(one: u64, other: u64) -> u64 {
    match other {
        0 => one,
        other => divisor(other, one % other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_comes_once_and_early_ones_are_far_apart() {
        for total in [0, 1, 2, 3, 10, 97, 100, 2100] {
            let mut points: Vec<u32> = evenly(total).collect();
            if total == 2100 {
                let mut first = points[..21].to_vec();
                first.sort_unstable();
                let most = first.windows(2).map(|pair| pair[1] - pair[0]).max();
                assert!(most < Some(300), "{first:?}");
            }
            points.sort_unstable();
            assert_eq!(points, (1..=total).collect::<Vec<u32>>());
        }
    }
}
