// SPDX-License-Identifier: GPL-2.0

//! The kernel's fault injection: the n-th allocation or user copy that one task makes from now on
//! fails (fail-nth), whatever it is for.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;

use crate::verdict::{Outcome, Step};

/// More points than anything has.
pub const NEVER: u32 = 100_000_000;

/// What may fail: all allocations, not only those that cannot wait.
const KNOBS: &[(&str, &str)] = &[
    ("failslab/ignore-gfp-wait", "N"),
    ("failslab/verbose", "0"),
    ("fail_page_alloc/ignore-gfp-wait", "N"),
    ("fail_page_alloc/ignore-gfp-highmem", "N"),
    ("fail_page_alloc/min-order", "0"),
    ("fail_page_alloc/verbose", "0"),
];

/// Turned for the whole machine: nothing fails by that alone.
const OF_USER_COPIES: &str = "fail_usercopy/verbose";

/// Prepares the kernel, if it can do that; says whether user copies are among what fails.
pub fn prepare() -> Step<bool> {
    const DEBUG: &str = "/sys/kernel/debug";
    for (knob, value) in KNOBS {
        if let Err(error) = fs::write(format!("{DEBUG}/{knob}"), value) {
            return Err(Outcome::not_run(format!(
                "{knob}: {error}: this kernel injects no faults"
            )));
        }
    }
    Ok(fs::write(format!("{DEBUG}/{OF_USER_COPIES}"), "0").is_ok())
}

/// The counter of one task.
pub struct Nth(File);

impl Nth {
    /// Of the calling thread.
    pub fn own() -> io::Result<Self> {
        Self::at("thread-self")
    }

    /// Of a thread, by its number here.
    pub fn of(thread: i32) -> io::Result<Self> {
        Self::at(&thread.to_string())
    }

    fn at(task: &str) -> io::Result<Self> {
        let path = format!("/proc/{task}/fail-nth");
        File::options().read(true).write(true).open(path).map(Self)
    }

    /// The n-th point from now on fails; none if n is zero.
    pub fn arm(&self, n: u32) -> io::Result<()> {
        let text = n.to_string();
        match self.0.write_at(text.as_bytes(), 0) {
            // The copy of this very number was the point that failed: there is none left.
            Err(error) if error.raw_os_error() == Some(libc::EFAULT) => {
                self.0.write_at(text.as_bytes(), 0).map(drop)
            }
            result => result.map(drop),
        }
    }

    /// How many points are left until one fails; none if it has, or if it was not armed.
    pub fn left(&self) -> io::Result<u32> {
        let mut text = [0; 16];
        match self.0.read_at(&mut text, 0) {
            Ok(count) => {
                let text = String::from_utf8_lossy(&text[..count]);
                text.trim().parse().map_err(io::Error::other)
            }
            // The copy of the number was the point that failed.
            Err(error) if error.raw_os_error() == Some(libc::EFAULT) => Ok(1),
            Err(error) => Err(error),
        }
    }
}
