// SPDX-License-Identifier: GPL-2.0

//! Fact: a checkpoint bears that others, at every moment, end what the container watches or uses without
//! keeping it: files, mounts, System V objects, names of queues; and that they make and end their own beside
//! it. It gives an image or says why not; and at last, when all is quiet, an image.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Seek};
use std::os::fd::AsFd;
use std::time::Instant;

use ckpt_format::reason::Reason;
use ckpt_image::log::parse_log;
use ckpt_sys::calls::{self, Target};

use super::meddlers::{Meddlers, LONG};
use super::mounts::Mounts;
use super::stage::{ensure, Stage};
use crate::direct::{memory_file, OUTSIDE};
use crate::verdict::{Doing, Outcome, Step};

const IMAGE: &str = "image";

pub fn run(stage: &Stage) -> Step<()> {
    let dir = &stage.container.dir;
    let _mounts = Mounts::new(dir)?;
    let mut child = stage.start_static("endings")?;
    stage.container.freeze()?;
    let cgroup = File::open(stage.cgroup()).doing("the cgroup")?;
    is_saved(&cgroup)?;
    let ids = fs::read_to_string(dir.join("ids")).doing("ids")?;
    let meddlers = Meddlers::new(dir, &ids);
    let (came, rounds) = meddlers.meddle(|| check_for_long(&cgroup));
    let came = came?;
    is_saved(&cgroup)?;
    stage.container.thaw()?;
    stage.goes_on(&mut child)?;
    Err(Outcome {
        why: format!("{came:?} beside {rounds:?}"),
        ..Outcome::passed()
    })
}

/// What came of them, and how often.
fn check_for_long(cgroup: &File) -> Step<BTreeMap<String, u32>> {
    let (begin, mut came) = (Instant::now(), BTreeMap::new());
    while begin.elapsed() < LONG {
        *came.entry(checkpoint(cgroup)?).or_default() += 1;
    }
    Ok(came)
}

/// As long as nobody meddles.
fn is_saved(cgroup: &File) -> Step<()> {
    let came = checkpoint(cgroup)?;
    ensure(came == IMAGE, &format!("when all is quiet: {came}"))
}

/// An image, or why not.
fn checkpoint(cgroup: &File) -> Step<String> {
    let image = memory_file(c"image").doing("a memfd")?;
    let mut log = memory_file(c"log").doing("a memfd")?;
    let target = Target {
        image: image.as_fd(),
        sync: false,
    };
    let Err(error) = calls::checkpoint(cgroup.as_fd(), Some(target), OUTSIDE, log.as_fd()) else {
        return Ok(IMAGE.into());
    };
    let mut bytes = Vec::new();
    log.rewind().doing("the log")?;
    log.read_to_end(&mut bytes).doing("the log")?;
    let records = parse_log(&bytes).doing("the log")?;
    let obstacle = records.iter().find(|record| record.errno.get() != 0);
    match obstacle.and_then(|record| Reason::from_number(record.reason.get())) {
        Some(reason) => Ok(reason.name().into()),
        None => match error.raw_os_error() {
            Some(libc::EAGAIN | libc::EBUSY) => Ok(error.to_string()),
            _ => Err(Outcome::failed(format!("not explained: {error}"))),
        },
    }
}
