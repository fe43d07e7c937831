// SPDX-License-Identifier: GPL-2.0

//! Counting.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What came of everything so far.
#[derive(Default)]
pub struct Tally {
    passed: usize,
    failed: usize,
    not_run: BTreeSet<String>,
    families: BTreeMap<String, Duration>,
}

impl Tally {
    /// A test passed. A test that was only saved has not passed yet.
    pub fn passed(&mut self, line: &str) {
        self.passed += 1;
        println!("{line}");
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

    /// Failures so far.
    pub fn failed_so_far(&self) -> usize {
        self.failed
    }

    /// Prints times and counts; gives the exit status.
    pub fn verdict(&self) -> i32 {
        for (family, time) in &self.families {
            println!("-- {family}: {:.1} s", time.as_secs_f32());
        }
        if !self.not_run.is_empty() {
            println!(
                "-- {} not run, because this CPU lacks what they are about",
                self.not_run.len()
            );
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        i32::from(self.failed > 0 || self.passed == 0)
    }
}
