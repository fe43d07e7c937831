// SPDX-License-Identifier: GPL-2.0

//! checkpoint(2) by itself, of a frozen container, with one failing allocation or user copy.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::time::Duration;

use ckpt_sys::calls::{self, Target};

use super::images::Reference;
use super::nth::{Nth, NEVER};
use super::sweep::{Came, Sweep};
use crate::container::Container;
use crate::direct::{memory_file, sentences, OUTSIDE};
use crate::plan::Job;
use crate::verdict::{Doing, Outcome, Step};

/// What the call needs, made once: whatever fails then is the call's.
pub struct Call {
    cgroup: File,
    image: File,
    log: File,
    nth: Nth,
}

/// What came of it.
struct Called {
    /// An image, or an error.
    result: io::Result<Vec<u8>>,
    /// What was said.
    said: Vec<String>,
    left: u32,
}

pub fn sweep(container: &Container, job: &Job, limit: Duration) -> Step<(Sweep, Reference)> {
    let mut call = Call::prepare(&container.cgroup)?;
    // The first finds its memory untouched.
    call.whole()?;
    let ((one, points), (other, _)) = (call.whole()?, call.whole()?);
    let reference = Reference::of(&one, &other)?;
    let sweep = Sweep::run(job, "checkpoint(2)", points, limit, |point| {
        let called = call.make(point)?;
        match called.result {
            Ok(image) => {
                reference.is_said_by(&image)?;
                Ok(Came::without_harm(called.left))
            }
            Err(error) if called.left > 0 => Err(Outcome::failed(format!(
                "{error}, although nothing has failed yet\n{}",
                called.said.join("\n")
            ))),
            Err(error) => Ok(explained(&error, &called.said)),
        }
    })?;
    Ok((sweep, reference))
}

/// Memory was lacking, or could not be reached: nothing else has happened.
fn explained(error: &io::Error, said: &[String]) -> Came {
    match error.raw_os_error() {
        Some(libc::ENOMEM) => Came::Failed("ENOMEM".into()),
        Some(libc::EFAULT) => Came::Failed("EFAULT".into()),
        _ => Came::Wrong(format!("{error}: {}", said.join("; "))),
    }
}

impl Call {
    pub fn prepare(cgroup: &Path) -> Step<Self> {
        Ok(Self {
            cgroup: File::open(cgroup).doing("the cgroup")?,
            image: in_memory(c"image")?,
            log: in_memory(c"log")?,
            nth: Nth::own().doing("fail-nth")?,
        })
    }

    /// One undisturbed call: the image, and how many points there were.
    pub fn whole(&mut self) -> Step<(Vec<u8>, u32)> {
        let called = self.make(NEVER)?;
        let points = NEVER - called.left;
        let image = called.result.map_err(|error| {
            let said = called.said.join("\n");
            Outcome::failed(format!("checkpoint(2): {error}\n{said}"))
        })?;
        Ok((image, points))
    }

    /// One call; the n-th point of it fails.
    fn make(&mut self, n: u32) -> Step<Called> {
        // What was written before stays, so that its pages are there.
        self.image.rewind().doing("the image")?;
        self.log.rewind().doing("the log")?;
        let target = Target {
            image: self.image.as_fd(),
            sync: false,
        };
        let (cgroup, log) = (self.cgroup.as_fd(), self.log.as_fd());
        self.nth.arm(n).doing("fail-nth")?;
        let result = calls::checkpoint(cgroup, Some(target), OUTSIDE, log);
        let left = self.nth.left();
        self.nth.arm(0).doing("fail-nth")?;
        let said = sentences(&written(&mut self.log)?).doing("the log")?;
        let result = match result {
            Ok((_, end)) => {
                self.image.write_all(&end).doing("the image")?;
                Ok(written(&mut self.image)?)
            }
            Err(error) => Err(error),
        };
        Ok(Called {
            result,
            said,
            left: left.doing("fail-nth")?,
        })
    }
}

/// What has been written since the last time.
fn written(file: &mut File) -> Step<Vec<u8>> {
    let length = file.stream_position().doing("the position")?;
    let mut bytes = Vec::new();
    file.rewind().doing("the position")?;
    file.take(length).read_to_end(&mut bytes).doing("reading")?;
    Ok(bytes)
}

/// Its first pages are there: no call has to find them.
fn in_memory(name: &std::ffi::CStr) -> Step<File> {
    let mut file = memory_file(name).doing("a memfd")?;
    file.write_all(&[0; 64 * 1024]).doing("a memfd")?;
    Ok(file)
}
