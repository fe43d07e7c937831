// SPDX-License-Identifier: GPL-2.0

//! `ckpt-runner together`: makes tasks as the tool does, and restarts them in a cgroup, each time in a
//! process of its own. Something fails from when all of them wait for the rest of their image.

use std::fs;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;

use ckpt_format::calls::RESTART_FROZEN;
use ckpt_sys::attendant::Attendant;
use ckpt_sys::calls;
use ckpt_sys::signals::Interrupts;
use restart::image::Image;
use restart::pids::{births, Pids};
use restart::waiting::Waiting;

use super::bare::{tell, tell_success, Fault, Role};
use super::nth::Nth;
use crate::attempts::{kill, reap, serve, until_empty};
use crate::direct::checked;
use crate::{modes, wait};

/// The process. What has been restarted stands there until the next line comes.
pub fn run(arguments: &[String]) -> io::Result<()> {
    serve(arguments, |line, cgroup, _, _| {
        kill(cgroup)?;
        until_empty(cgroup)?;
        let fault: Fault = line.parse()?;
        // SAFETY: there is one thread.
        let child = checked("fork", unsafe { libc::fork().into() })?;
        if child == 0 {
            let attempted = attempt(&fault, cgroup);
            let status = attempted.map_or_else(
                |error| {
                    println!("{error:#}");
                    1
                },
                |()| 0,
            );
            let _ = io::stdout().flush();
            // SAFETY: what was said is written; nothing else is to be tidied up.
            unsafe { libc::_exit(status) };
        }
        reap(child as i32)
    })
}

fn attempt(fault: &Fault, cgroup: &Path) -> anyhow::Result<()> {
    // Another one each time: it is read from its start.
    let image = Image::open(Some(Path::new("/proc/self/fd/0")))?;
    let births = births(&image.prefix, Pids::OwnNamespace)?;
    let mut waiting = Waiting::make(image, &births, Some(cgroup), &Interrupts::hold(&[])?)?;
    let members = until_parked(cgroup, waiting.image.prefix.members.len())?;
    let theirs = match fault.role {
        Role::Join => Some(Nth::of(members[fault.who as usize])?),
        Role::Open | Role::Run => None,
    };
    if let Some(nth) = &theirs {
        nth.arm(fault.n)?;
    }
    let attendant = Attendant {
        heed: waiting.tree.heed().into(),
        deadline: None,
        what: "together",
    };
    let mut left = None;
    let outcome = attendant.attend(|log| {
        fault.around(Role::Run, &mut left, || {
            calls::run_session(
                waiting.session.as_fd(),
                waiting.image.as_fd(),
                log,
                &waiting.image.prefix.bytes,
                &[],
                RESTART_FROZEN,
            )
        })
    })?;
    if let Some(nth) = theirs {
        // Whoever is gone has met it.
        left = Some(nth.left().unwrap_or(0));
        let _ = nth.arm(0);
    }
    match outcome.value? {
        Ok(_) => {
            waiting.tree.let_go();
            waiting.place.let_go();
            tell_success(left);
            Ok(())
        }
        Err(error) => {
            let explained = outcome.stop.map(|_| waiting.tree.explain());
            drop(waiting);
            until_empty(cgroup)?;
            tell(&error, left, &outcome.log)?;
            explained.into_iter().for_each(|why| println!("{why:#}"));
            Ok(())
        }
    }
}

/// All tasks, in the order of birth, once they are in restart(2).
fn until_parked(cgroup: &Path, count: usize) -> io::Result<Vec<i32>> {
    let parked = wait::until(wait::LIMIT, || {
        let members = tasks(cgroup);
        let all = members.len() == count && members.iter().all(|task| modes::is_restarting(*task));
        all.then_some(members)
    });
    parked.ok_or_else(|| io::Error::other("somebody does not join"))
}

/// Every thread in the cgroup, in the order of birth.
fn tasks(cgroup: &Path) -> Vec<i32> {
    let threads = fs::read_to_string(cgroup.join("cgroup.threads")).unwrap_or_default();
    let mut all: Vec<i32> = threads
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect();
    all.sort_unstable();
    all
}
