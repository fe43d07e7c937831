// SPDX-License-Identifier: GPL-2.0

//! A virtual machine with the runner in it.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{self, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::options::Options;
use crate::programs::Programs;
use crate::schedule::Planned;
use crate::tally::Tally;

/// How often a machine may go down before the rest is given up.
const MOST_CRASHES: usize = 6;

/// What a scenario may take that does more of the same, in seconds.
const AT_LENGTH: usize = 3600;

/// So much longer than altered images may what fails be tried, and a little more.
const FAULTED_LONGER: usize = 8;

/// What outlives the machines, a disk and perhaps a root file system; removed in the end.
pub struct Disk(PathBuf);

impl Disk {
    /// A directory of our own for it, with a copy of the root; the machine makes the disk itself.
    pub fn new(options: &Options) -> Result<Self, String> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let (pid, number) = (process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(format!("ckpt-harness.{pid}.{number}"));
        fs::create_dir_all(&dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        let disk = Self(dir);
        if let Some(root) = &options.root {
            // Most of it is holes.
            let mut copy = Command::new("cp");
            copy.args(["--reflink=auto", "--sparse=always"]);
            let copied = copy.arg(root).arg(disk.root()).status();
            if !copied.is_ok_and(|status| status.success()) {
                return Err(format!("{} cannot be copied", root.display()));
            }
        }
        Ok(disk)
    }

    fn root(&self) -> PathBuf {
        self.0.join("root")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs all jobs, in one machine unless it goes down. Gives those that passed.
pub fn run_all(
    mut jobs: Vec<Planned>,
    options: &Options,
    programs: &Programs,
    disk: &Disk,
    tally: &mut Tally,
) -> Vec<Planned> {
    let mut passed = Vec::new();
    for crashes in 0.. {
        let mut boot = Boot {
            waiting: jobs,
            begun: HashMap::new(),
            tried: HashMap::new(),
            passed: Vec::new(),
        };
        let start = Instant::now();
        let failed_before = tally.failed_so_far();
        let status = match boot.run(options, programs, disk, tally) {
            Ok(status) => status,
            Err(why) => {
                tally.failed("the virtual machine", &why);
                return passed;
            }
        };
        eprintln!(
            "ckpt-harness: one machine, {:.1} s",
            start.elapsed().as_secs_f32()
        );
        passed.append(&mut boot.passed);
        for job in boot.begun.keys() {
            let mut why = format!("the machine ended with status {status}");
            if let Some(tried) = boot.tried.get(job) {
                why = format!("{why} after {tried}");
            }
            tally.failed(&job.to_string(), &why);
        }
        if status == 126 && boot.begun.is_empty() && tally.failed_so_far() == failed_before {
            tally.failed(
                "the kernel's log",
                "the kernel reported a problem; see standard error",
            );
        }
        if boot.waiting.is_empty() {
            return passed;
        }
        if crashes == MOST_CRASHES || (boot.begun.is_empty() && boot.passed_none()) {
            for job in &boot.waiting {
                tally.failed(&job.to_string(), "never started: no machine stays up");
            }
            return passed;
        }
        jobs = boot.waiting;
    }
    passed
}

/// One machine, from boot to power-off.
struct Boot {
    waiting: Vec<Planned>,
    begun: HashMap<Planned, Instant>,
    /// What those that try much have tried last.
    tried: HashMap<Planned, String>,
    passed: Vec<Planned>,
}

impl Boot {
    fn run(
        &mut self,
        options: &Options,
        programs: &Programs,
        disk: &Disk,
        tally: &mut Tally,
    ) -> Result<i32, String> {
        let share = disk.0.join("share");
        let error = |error: std::io::Error| error.to_string();
        fs::create_dir_all(&share).map_err(error)?;
        let mut files = vec![(programs.statics.join("ckpt-runner"), "ckpt-runner")];
        match &programs.dynamics {
            Some(dynamics) => files.extend([
                (programs.statics.join("ckpt-cases"), "static/ckpt-cases"),
                (dynamics.join("ckpt-cases"), "dynamic/ckpt-cases"),
            ]),
            None => files.push((
                programs.statics.join("ckpt-programs"),
                "static/ckpt-programs",
            )),
        }
        for (from, name) in files {
            let to = share.join(name);
            fs::create_dir_all(to.parent().unwrap_or(&share)).map_err(error)?;
            fs::copy(&from, &to).map_err(|e| format!("{}: {e}", from.display()))?;
        }
        let plan: String = self
            .waiting
            .iter()
            .map(|job| format!("{} {}\n", job.mode, job.name))
            .collect();
        // Some minutes to boot and for the longest of them, and a generous share for each test; each has
        // its own limit as well.
        let each = if options.root.is_some() { 300 } else { 4 };
        let attacked = self.waiting.iter().filter(|job| job.mode == "altered");
        let long = self
            .waiting
            .iter()
            .filter(|job| job.name.ends_with("_at_length"));
        let failing = self.waiting.iter().filter(|job| job.mode == "faulted");
        let attacks = attacked.count() + FAULTED_LONGER * failing.count();
        let limit =
            600 + each * self.waiting.len() + options.seconds * attacks + AT_LENGTH * long.count();
        let mut command = Command::new(&options.vm);
        command.args([
            "--no-build",
            "--check-log",
            "--timeout",
            &limit.to_string(),
            "--share",
        ]);
        command.arg(&share).arg("--disk").arg(disk.0.join("disk"));
        if options.root.is_some() {
            command.arg("--root").arg(disk.root());
        }
        if options.machines.is_some() {
            command.args(["--cpus", "1"]);
        }
        if options.leaks {
            command.args(["--append", "kmemleak=on"]);
        }
        match &options.kernel {
            Some(kernel) => command.arg("--kernel").arg(kernel),
            None => command.arg("--debug"),
        };
        command.args(["--", "/mnt/share/ckpt-runner", "--work", "/mnt/disk/tests"]);
        command.args([
            "--programs",
            "/mnt/share/static",
            "--dynamic",
            "/mnt/share/dynamic",
        ]);
        command.args(["--jobs", &options.jobs.to_string()]);
        command.args(["--seconds", &options.seconds.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let vm = |error: std::io::Error| format!("{}: {error}", options.vm.display());
        let mut child = command.spawn().map_err(vm)?;
        if let Some(mut stdin) = child.stdin.take() {
            // If the machine is gone already, its status says so.
            let _ = stdin.write_all(plan.as_bytes());
        }
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                self.hear(&line, tally);
            }
        }
        let status = child.wait().map_err(vm)?;
        Ok(status.code().unwrap_or(-1))
    }

    /// A line from the runner.
    fn hear(&mut self, line: &str, tally: &mut Tally) {
        if let Some(name) = line.strip_prefix("begin ") {
            if let Some(at) = self.waiting.iter().position(|job| job.to_string() == name) {
                self.begun.insert(self.waiting.remove(at), Instant::now());
            }
        } else if let Some(rest) = line.strip_prefix("trying ") {
            let mut begun = self.begun.keys();
            if let Some(job) = begun.find(|job| rest.starts_with(&job.to_string())) {
                self.tried.insert(job.clone(), rest.to_string());
            }
        } else if let Some(rest) = line.strip_prefix("ok ") {
            if let Some(job) = self.end(rest, tally) {
                if job.mode != "save" {
                    tally.passed(line);
                }
                self.passed.push(job);
            }
        } else if let Some(rest) = line.strip_prefix("FAILED ") {
            let job = self.end(rest, tally);
            tally.job_failed(job.as_ref(), line);
        } else if let Some(rest) = line.strip_prefix("not run: ") {
            if let Some(job) = self.end(rest, tally) {
                tally.not_run(&job.name, line);
            }
        } else {
            println!("{line}");
        }
    }

    /// The job that a result is about is over.
    fn end(&mut self, result: &str, tally: &mut Tally) -> Option<Planned> {
        let job = self
            .begun
            .keys()
            .find(|job| result.starts_with(&job.to_string()))?
            .clone();
        let start = self.begun.remove(&job)?;
        tally.took(job.family(), start.elapsed());
        Some(job)
    }

    fn passed_none(&self) -> bool {
        self.passed.is_empty()
    }
}
