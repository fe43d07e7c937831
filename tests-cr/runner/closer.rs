// SPDX-License-Identifier: GPL-2.0

//! Restarts whose session somebody else closes meanwhile: `ckpt-runner closer CGROUP` restarts what is in its
//! standard input's file for each line of descriptor 3, a number of microseconds after which a second thread
//! closes a descriptor of the session; or a word, and nobody does. What it says is whether it stands there
//! then, and how long the call took; it has looked whether that is true.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use ckpt_format::calls::{RESTART_FROZEN, RESTART_NEW_PIDS};

use crate::attempts::{kill, one_joining, reap, serve, until, until_empty};
use crate::direct::{child, memory_file, run_session, tell};
use crate::wait;

/// The process.
pub fn run(arguments: &[String]) -> io::Result<()> {
    serve(arguments, |word, cgroup, directory, image| {
        let mut log = memory_file(c"log")?;
        let (session, pid) = one_joining(cgroup, directory)?;
        let another = session.try_clone()?;
        let delay = word.parse().ok().map(Duration::from_micros);
        let begin = Instant::now();
        let (errno, took) = std::thread::scope(|scope| {
            scope.spawn(|| close_after(another, delay));
            let errno = run_session(&session, image, &log, RESTART_FROZEN | RESTART_NEW_PIDS);
            (errno, begin.elapsed())
        });
        drop(session);
        if errno == 0 {
            stands(cgroup, pid)?;
            kill(cgroup)?;
            reap(pid)?;
        } else {
            reap(pid)?;
            until_empty(cgroup)?;
            tell(&mut log)?;
        }
        can_be_frozen(cgroup, directory)?;
        println!("errno {errno}\ntook {}", took.as_micros());
        Ok(())
    })
}

/// Never before it is over, if there is no delay.
fn close_after(session: OwnedFd, delay: Option<Duration>) {
    match delay {
        Some(delay) => {
            let begin = Instant::now();
            while begin.elapsed() < delay {
                std::hint::spin_loop();
            }
            drop(session);
        }
        // Closed by the end of the process, which is its opener.
        None => std::mem::forget(session),
    }
}

fn stands(cgroup: &Path, pid: i32) -> io::Result<()> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let events = fs::read_to_string(cgroup.join("cgroup.events"))?;
    let is_there = !stat.contains(") Z ") && events.contains("populated 1");
    if is_there && events.contains("frozen 1") {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "it succeeded, and does not stand there: {stat}{events}"
    )))
}

/// Whoever comes into the cgroup runs, is frozen, and runs again.
fn can_be_frozen(cgroup: &Path, directory: &File) -> io::Result<()> {
    until_empty(cgroup)?;
    until(cgroup, "frozen 0")?;
    let pid = child(directory, &[], || loop {
        std::thread::sleep(Duration::from_millis(1));
    })?;
    for (what, event) in [("0", "frozen 0"), ("1", "frozen 1"), ("0", "frozen 0")] {
        fs::write(cgroup.join("cgroup.freeze"), what)?;
        until(cgroup, event)?;
    }
    // Of one that is frozen it says the same each time.
    let switches = || fs::read_to_string(format!("/proc/{pid}/status"));
    let before = switches()?;
    let runs = wait::until(wait::LIMIT, || (switches().ok()? != before).then_some(()));
    runs.ok_or_else(|| io::Error::other("who is in the cgroup does not run"))?;
    kill(cgroup)?;
    reap(pid)
}
