// SPDX-License-Identifier: GPL-2.0

//! Counting.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::attacks::{Altered, Faulted};
use crate::schedule::{self, Planned};

/// What the runner says of a test during which the kernel printed a warning or worse.
const REPORTED: &str = ": the kernel reported:";

/// What came of everything so far.
#[derive(Default)]
pub struct Tally {
    passed: usize,
    failed: usize,
    not_run: BTreeSet<String>,
    families: BTreeMap<String, Duration>,
    altered: Altered,
    faulted: Faulted,
    /// How many may still be run again.
    allowed: usize,
    again: Vec<Planned>,
    repeated: usize,
}

impl Tally {
    /// A test passed. A test that was only saved has not passed yet.
    pub fn passed(&mut self, line: &str) {
        self.passed += 1;
        self.altered.add(line);
        self.faulted.add(line);
        println!("{line}");
    }

    /// So many of those that fail may be run again.
    pub fn allow_again(&mut self, most: usize) {
        self.allowed = most;
    }

    /// A test failed, as its line says: for good, or it is run again.
    pub fn job_failed(&mut self, job: Option<&Planned>, line: &str) {
        match job {
            Some(job) if self.allowed > 0 && !line.contains(REPORTED) => {
                self.allowed -= 1;
                self.again.push(schedule::from_start(job));
                println!("again: {}", line.trim_start_matches("FAILED "));
            }
            _ => self.failed_line(line),
        }
    }

    /// What is to be run again, for good.
    pub fn again(&mut self) -> Vec<Planned> {
        self.allowed = 0;
        self.repeated = self.again.len();
        std::mem::take(&mut self.again)
    }

    /// A test failed, as its line says.
    pub fn failed_line(&mut self, line: &str) {
        self.failed += 1;
        println!("{line}");
    }

    /// Something failed.
    pub fn failed(&mut self, name: &str, why: &str) {
        self.failed_line(&format!(
            "FAILED {name}: {}",
            why.trim_end().replace('\n', "\n| ")
        ));
    }

    /// The CPU lacks what a test is about: said once, not for every mode.
    pub fn not_run(&mut self, name: &str, line: &str) {
        if self.not_run.insert(name.to_string()) {
            println!("{line}");
        }
    }

    /// Time that a test took.
    pub fn took(&mut self, family: &str, time: Duration) {
        *self.families.entry(family.to_string()).or_default() += time;
    }

    /// What came of those that ran elsewhere.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.not_run.extend(other.not_run);
        for (family, time) in other.families {
            self.took(&family, time);
        }
        self.altered.merge(other.altered);
        self.faulted.merge(other.faulted);
    }

    /// Failures so far.
    pub fn failed_so_far(&self) -> usize {
        self.failed
    }

    /// Prints times and counts; gives the exit status.
    pub fn verdict(&self) -> i32 {
        for (family, time) in &self.families {
            println!("-- {family}: {:.1} s", time.as_secs_f32());
        }
        print!("{}{}", self.altered, self.faulted);
        if !self.not_run.is_empty() {
            println!(
                "-- {} not run, because this CPU lacks what they are about",
                self.not_run.len()
            );
        }
        if self.repeated > 0 {
            println!("-- {} run again, see above", self.repeated);
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        i32::from(self.failed > 0 || self.passed == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(mode: &str) -> Planned {
        Planned {
            mode: mode.into(),
            name: "cpu/flags".into(),
        }
    }

    #[test]
    fn what_fails_once_is_run_again_and_what_fails_twice_has_failed() {
        let mut tally = Tally::default();
        tally.allow_again(1);
        tally.job_failed(Some(&job("resume")), "FAILED cpu/flags [rebooted]: slow");
        assert_eq!(tally.failed_so_far(), 0);
        tally.job_failed(Some(&job("thawed")), "FAILED cpu/flags [thawed]: slow");
        assert_eq!(tally.failed_so_far(), 1);
        assert_eq!(tally.again(), [job("save")]);
        tally.job_failed(Some(&job("save")), "FAILED cpu/flags [save]: slow");
        assert_eq!(tally.failed_so_far(), 2);
        assert!(tally.again().is_empty());
    }

    #[test]
    fn what_the_kernel_reports_counts_at_once() {
        let mut tally = Tally::default();
        tally.allow_again(1);
        let line = format!("FAILED cpu/flags [thawed]{REPORTED}");
        tally.job_failed(Some(&job("thawed")), &line);
        assert_eq!(tally.failed_so_far(), 1);
        assert!(tally.again().is_empty());
    }
}
