// SPDX-License-Identifier: GPL-2.0

//! Runs test programs in a virtual machine, in the modes that the plan names.
//!
//! `ckpt-runner --work DIR --programs DIR --dynamic DIR --jobs N --seconds N < PLAN`
//!
//! Each line of the plan is a mode and a test, such as `restarted cpu/registers` or, for the
//! statically linked program, `restarted cpu/registers-static`. DIR for the work must outlive the
//! machine for the modes `save` and `resume`; the seconds are those of the modes `altered`
//! and `faulted`. Each result is one line on standard output.

mod altered;
mod attempts;
mod closer;
mod confine;
mod container;
mod direct;
mod edit;
mod faulted;
mod forest;
mod hang;
mod kernel_log;
mod modes;
mod plan;
mod refusal;
mod scenarios;
mod snapshot;
mod storm;
mod tool;
mod turn;
mod verdict;
mod wait;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use plan::Job;
use verdict::{Outcome, Verdict};

/// Where everything is.
pub struct Places {
    /// For the tests' own directories; on a disk that outlives the machine.
    pub work: PathBuf,
    /// Copies of the test programs, on the same disk.
    pub programs: PathBuf,
    /// How long altered images of one program, or what may fail of it, are tried.
    pub altered: Duration,
}

/// What the runner is in a process of its own, for tests that must be another caller or another forest.
type Part = fn(&[String]) -> io::Result<()>;
const PARTS: [(&str, Part); 7] = [
    ("attempts", attempts::run),
    ("closer", closer::run),
    ("direct", direct::run),
    ("forest", forest::run),
    ("alone", faulted::alone::run),
    ("storm", storm::run),
    ("together", faulted::together::run),
];

fn main() {
    let option = |name: &str| {
        let mut arguments = std::env::args().skip_while(|argument| argument != name);
        arguments.nth(1)
    };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = arguments.split_first() {
        if let Some((name, part)) = PARTS.iter().find(|(name, _)| name == first) {
            std::process::exit(part(rest).map_or_else(
                |error| {
                    eprintln!("ckpt-runner {name}: {error}");
                    2
                },
                |()| 0,
            ));
        }
    }
    if arguments
        .iter()
        .any(|argument| argument == "--list-scenarios")
    {
        for (name, _) in scenarios::ALL {
            println!("tools/{name}");
        }
        return;
    }
    let path = |name: &str| PathBuf::from(option(name).unwrap_or_else(|| usage(name)));
    let work = path("--work");
    let number = |name: &str| option(name).and_then(|number| number.parse().ok());
    let places = Places {
        programs: work.join("programs"),
        work,
        altered: Duration::from_secs(number("--seconds").unwrap_or(3)),
    };
    plan::copy_programs(&places, &path("--programs"), &path("--dynamic"));
    let jobs = number("--jobs").unwrap_or(2);

    reserve_huge_pages();
    kernel_log::drain();
    let is_alone = |job: &Job| scenarios::ALONE.contains(&job.name.as_str());
    let (mut alone, together): (VecDeque<Job>, _) =
        plan::read(std::io::stdin()).into_iter().partition(is_alone);
    alone
        .make_contiguous()
        .sort_by_key(|job| scenarios::LAST.contains(&job.name.as_str()));
    let queue = Mutex::new(together);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| work_on(&queue, &places));
        }
    });
    work_on(&Mutex::new(alone), &places);
    match kernel_log::leaks() {
        Some(leaks) if leaks.is_empty() => say("-- kmemleak: nothing was lost"),
        Some(leaks) => say(&format!("FAILED kmemleak: {}", leaks.replace('\n', "\n| "))),
        None => (),
    }
}

/// For the tests that map some, several at a time; files that wait for a reboot keep theirs. After a reboot they must be there before anything is restarted.
fn reserve_huge_pages() {
    const ENOUGH: &str = "48";
    if let Err(error) = std::fs::write("/proc/sys/vm/nr_hugepages", ENOUGH) {
        eprintln!("ckpt-runner: nr_hugepages: {error}");
    }
}

fn usage(missing: &str) -> ! {
    eprintln!("ckpt-runner: {missing} is missing");
    std::process::exit(2);
}

fn work_on(queue: &Mutex<VecDeque<Job>>, places: &Places) {
    loop {
        let next = queue.lock().expect("no panic").pop_front();
        let Some(job) = next else { return };
        say(&format!("begin {job}"));
        let start = Instant::now();
        let mut outcome = modes::run(&job, places);
        let reports = kernel_log::reports();
        if !reports.is_empty() {
            outcome = Outcome::failed(format!("the kernel reported:\n{}", reports.join("\n")));
        }
        say(&outcome.line(&job, start.elapsed()));
        if matches!(outcome.verdict, Verdict::Failed | Verdict::TooLate) {
            continue;
        }
        modes::clean(&job, places);
    }
}

/// One result, whole, at once.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}
