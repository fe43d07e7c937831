// SPDX-License-Identifier: GPL-2.0

//! The session with the kernel: restart(2) as the one who opens it and runs it.

use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use anyhow::{anyhow, Error, Result};
use ckpt_format::calls::{
    RestartStats, RESTART_FILES_KEEP, RESTART_FILES_TRUNCATE, RESTART_FROZEN, RESTART_HELD,
    RESTART_NEW_PIDS, RESTART_VERIFY,
};
use ckpt_format::reason::Reason;
use ckpt_image::log::parse_log;
use ckpt_sys::attendant::{Attendant, Stop};
use ckpt_sys::calls;
use ckpt_sys::signals::Interrupts;
use ckpt_sys::voice::Figure::{Bytes, Count, Time};
use ckpt_sys::voice::{explain, Refused, Stopped, Voice};
use nix::libc::{EACCES, EBUSY, EPERM};
use zerocopy::little_endian::U64;

use crate::given::Given;
use crate::image::Image;
use crate::options::{Files, Options};
use crate::pids::Pids;
use crate::place::Place;
use crate::tree::Tree;

/// Opens a session for the tasks that will be in the cgroup.
pub fn open(place: &Place) -> Result<OwnedFd> {
    let path = place.cgroup.path().display();
    calls::open_session(place.cgroup.as_fd()).map_err(|error| match error.raw_os_error() {
        Some(EPERM) => not_permitted(),
        Some(EACCES) => {
            explain(Reason::CgroupAccess, "cgroup.freeze or cgroup.kill").context(path.to_string())
        }
        Some(EBUSY) => explain(Reason::CgroupNotEmpty, ""),
        _ => anyhow!("restart(2) cannot open a session for {path}: {error}"),
    })
}

/// Why nothing can be restarted, whatever the cgroup. While a session is opened there is no log yet: the
/// reason is found out here.
pub fn not_permitted() -> Error {
    match is_switched_off() {
        true => explain(Reason::Disabled, ""),
        false => explain(Reason::NotPermitted, "it takes CAP_CHECKPOINT_RESTORE"),
    }
}

fn is_switched_off() -> bool {
    let setting = fs::read_to_string("/proc/sys/kernel/checkpoint_restart");
    setting.is_ok_and(|setting| setting.trim() == "0")
}

/// Has the kernel read the rest of the image and let the tasks go. Session and image end with it. Gives
/// figures, and what has to be relayed.
pub fn run(
    session: OwnedFd,
    image: Image,
    given: &Given,
    tree: &mut Tree,
    options: &Options,
    interrupts: &Interrupts,
    voice: &Voice,
) -> Result<(RestartStats, Option<OwnedFd>)> {
    let mut heed = vec![(interrupts.as_fd(), Duration::ZERO)];
    heed.extend(tree.heed());
    let attendant = Attendant {
        heed,
        deadline: None,
        what: "restart",
    };
    let prefix = &image.prefix.bytes;
    let (given, flags) = (given.list(), flags(options));
    let outcome = attendant.attend(|log| {
        calls::run_session(session.as_fd(), image.as_fd(), log, prefix, &given, flags)
    })?;
    let error = match outcome.value {
        Ok(done) => {
            voice.log(&parse_log(&outcome.log).unwrap_or_default());
            return Ok(done);
        }
        Err(error) => error,
    };
    match (outcome.stop, interrupts.take()) {
        (Some(Stop::Heeded(0)), Some(interrupt)) => Err(Stopped(interrupt.signal).into()),
        (Some(Stop::Heeded(1)), _) => Err(tree.explain()),
        (Some(Stop::Heeded(_)), _) if outcome.log.is_empty() => {
            Err(anyhow!("a task died while it was being restored"))
        }
        _ => Err(Refused::new("restart(2)", error, &outcome.log)
            .leaving("nothing was restarted")
            .into()),
    }
}

/// The tasks go on when the session is closed: they may write to a terminal on which the line that says how
/// long it takes still stands.
fn flags(options: &Options) -> u32 {
    let flag = |wanted: bool, flag: u32| if wanted { flag } else { 0 };
    let goes_on = if options.frozen {
        RESTART_FROZEN
    } else {
        RESTART_HELD
    };
    goes_on
        | flag(options.pids() == Pids::New, RESTART_NEW_PIDS)
        | flag(options.verify, RESTART_VERIFY)
        | flag(options.files == Files::Keep, RESTART_FILES_KEEP)
        | flag(options.files == Files::Truncate, RESTART_FILES_TRUNCATE)
}

/// What took how long before the kernel was asked, and until it had let the container go.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// To open the image, read its first part, and work out who makes whom.
    pub prefix: Duration,
    /// To prepare the place and to make the tasks.
    pub forest: Duration,
    /// From the start of restart to the first instruction of the container.
    pub running: Duration,
}

/// Says what was measured.
pub fn tell(stats: &RestartStats, times: &Times, voice: &Voice) {
    let time = |ns: U64| Time(Duration::from_nanos(ns.get()));
    voice.stats(&[
        ("running_ns", Time(times.running)),
        ("prefix_ns", Time(times.prefix)),
        ("forest_ns", Time(times.forest)),
        ("join_ns", time(stats.join_ns)),
        ("build_ns", time(stats.build_ns)),
        ("fill_ns", time(stats.fill_ns)),
        ("commit_ns", time(stats.commit_ns)),
        ("tasks", Count(stats.tasks.get())),
        ("records", Count(stats.records.get())),
        ("bytes", Bytes(stats.bytes.get())),
        ("pages", Count(stats.pages.get())),
        ("zero_pages", Count(stats.zero_pages.get())),
        ("inherited_pages", Count(stats.inherited_pages.get())),
    ]);
}
