// SPDX-License-Identifier: GPL-2.0

//! Runs the tests in virtual machines, as few as possible, and counts.
//!
//! Standard output has a line for each test (`ok NAME [MODE]`, `FAILED NAME [MODE]: why`,
//! `not run: NAME [MODE]: why`), one for each family with its time, and at the end
//! `N passed, N failed`. What the machines say on their own goes to standard error.
//!
//! In the core tier a few tests that failed are run again, in machines of their own (`again: NAME
//! [MODE]: why`): the failure that comes twice is the kernel's or the tools', not that of a machine that
//! was slow for a moment. What the kernel reported, and what took a machine down, counts at once.

mod attacks;
mod machine;
mod options;
mod programs;
mod schedule;
mod tally;

use std::sync::Mutex;
use std::thread;

use options::Options;
use schedule::Planned;
use tally::Tally;

fn main() {
    let options = Options::parse();
    let mut tally = Tally::default();
    match programs::find(&options) {
        Err(why) => tally.failed("the test programs", &why),
        Ok(programs) => {
            let planned = schedule::first(&programs, &options);
            if options.list {
                planned.iter().for_each(|job| println!("{job}"));
                return;
            }
            if !options.all {
                tally.allow_again(MOST_AGAIN);
            }
            match options.machines {
                Some(count) => run_apart(planned, count, &options, &programs, &mut tally),
                None => run(planned, &options, &programs, &mut tally),
            }
            let again = tally.again();
            if !again.is_empty() {
                let alone = Options { jobs: 1, ..options };
                run(again, &alone, &programs, &mut tally);
            }
        }
    }
    std::process::exit(tally.verdict());
}

/// Tests that may be run again; if more fail, it is no accident.
const MOST_AGAIN: usize = 5;

/// One boot for everything up to the reboot, one for what comes after it. More only if a machine
/// goes down on the way.
fn run(planned: Vec<Planned>, options: &Options, programs: &programs::Programs, tally: &mut Tally) {
    let disk = match machine::Disk::new(options) {
        Ok(disk) => disk,
        Err(why) => return tally.failed("the disk", &why),
    };
    let saved = machine::run_all(planned, options, programs, &disk, tally);
    let resumed = schedule::after_reboot(&saved);
    if !resumed.is_empty() {
        machine::run_all(resumed, options, programs, &disk, tally);
    }
}

/// So many machines at a time, each for one test.
fn run_apart(
    planned: Vec<Planned>,
    count: usize,
    options: &Options,
    programs: &programs::Programs,
    tally: &mut Tally,
) {
    let alone = &Options {
        jobs: 1,
        ..options.clone()
    };
    let waiting = Mutex::new(planned.into_iter());
    let next = || waiting.lock().ok()?.next();
    let work = || {
        let mut own = Tally::default();
        while let Some(job) = next() {
            run(vec![job], alone, programs, &mut own);
        }
        own
    };
    let done: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .map(thread::ScopedJoinHandle::join)
            .collect()
    });
    for own in done {
        match own {
            Ok(own) => tally.add(own),
            Err(_) => tally.failed("the harness", "a thread of it has panicked"),
        }
    }
}
