// SPDX-License-Identifier: GPL-2.0

//! A restart in which one allocation or user copy fails: of the tool from its first instruction to its
//! last, of restart(2) as it is called by the tool or by a task.

use std::fs;
use std::time::Duration;

use ckpt_image::{read_prefix, Prefix};

use super::bare::Bare;
use super::sweep::{Came, Sweep};
use super::watched::{Prepared, Watched, TIDY};
use super::Remaining;
use crate::container::Container;
use crate::hang::what_is_known;
use crate::plan::Job;
use crate::snapshot::Snapshot;
use crate::verdict::{Doing, Outcome, Step};
use crate::{modes, wait};

/// An image, and what stands there when it is restarted.
pub struct Saved<'a> {
    container: &'a Container,
    job: &'a Job,
    image: Vec<u8>,
    prefix: Prefix,
    before: &'a Snapshot,
    may_fire: u64,
    mounts: usize,
}

impl<'a> Saved<'a> {
    pub fn new(
        container: &'a Container,
        job: &'a Job,
        before: &'a Snapshot,
        may_fire: u64,
    ) -> Step<Self> {
        let image = fs::read(container.image()).doing("the image")?;
        let prefix = read_prefix(&mut &image[..])
            .map_err(|error| Outcome::failed(format!("image {error}")))?;
        Ok(Self {
            container,
            job,
            prefix,
            image,
            before,
            may_fire,
            mounts: mounts()?,
        })
    }

    /// Each call, and the tool around them.
    pub fn sweep(&self, remaining: &Remaining) -> Step<Vec<Sweep>> {
        let mut sweeps = self.bare()?.sweep(self.job, remaining)?;
        sweeps.push(self.sweep_tool(remaining.tool())?);
        Ok(sweeps)
    }

    fn bare(&self) -> Step<Bare<'a>> {
        let cgroup = self.container.cgroup.with_extension("bare");
        if let Some(alone) = Bare::alone(&self.image, &self.prefix, cgroup.clone())? {
            return Ok(alone);
        }
        let place = Container {
            cgroup,
            dir: self.container.dir.clone(),
            wait: self.container.wait,
        };
        Bare::together(&self.image, &self.prefix, place, self.before, self.may_fire)
    }

    /// The tool, from execve(2) on.
    fn sweep_tool(&self, limit: Duration) -> Step<Sweep> {
        let points = Watched::whole(self.command()?)?;
        self.container.end()?;
        Sweep::run(
            self.job,
            "restart",
            points,
            limit,
            |point| match Watched::run(self.command()?, point)? {
                Some(watched) => self.outcome(&watched),
                None => Ok(Came::Failed("not started".into())),
            },
        )
    }

    /// All there and as it was, or nothing left.
    fn outcome(&self, watched: &Watched) -> Step<Came> {
        if watched.has_succeeded() {
            self.container.wait_for(&["populated 1", "frozen 1"])?;
            let after = Snapshot::take(self.container, true)?;
            self.before.must_equal(&after, self.may_fire)?;
            // The cgroup is the tool's to remove: who waits for that sleeps long if another has done it.
            self.container.kill();
        }
        if let Some(left) = self.left_over()? {
            return Ok(Came::Wrong(format!("{left}\n{}", watched.ended.said)));
        }
        Ok(watched.came())
    }

    /// `restart --pids --detach --frozen`.
    fn command(&self) -> Step<Prepared<'_>> {
        let container = self.container;
        let mut arguments = ["--pids", "--detach", "--frozen", "--cgroup"]
            .map(Into::into)
            .to_vec();
        arguments.extend([container.cgroup.clone(), "-i".into(), container.image()]);
        Prepared::new("restart", &arguments, container)
    }

    /// A process of the tool's, a task, the cgroup: what stays there. It is removed.
    fn left_over(&self) -> Step<Option<String>> {
        let container = self.container;
        let cleared = wait::until(TIDY, || match container.relatives().is_empty() {
            // Nobody is there who could still remove it.
            true => Some(!container.cgroup.exists()),
            false => None,
        });
        match cleared {
            Some(true) => Ok(None),
            Some(false) => {
                let known = what_is_known(container);
                container.end()?;
                Ok(Some(format!("the cgroup is left\n{known}")))
            }
            None => {
                let known = what_is_known(container);
                let relatives = container.relatives();
                container.end()?;
                Ok(Some(format!("left: processes {relatives:?}\n{known}")))
            }
        }
    }

    /// What is mounted here is what was.
    pub fn mounts_are_gone(&self) -> Step<()> {
        let (before, now) = (self.mounts, mounts()?);
        match now > before {
            true => Err(Outcome::failed(format!("{} mounts are left", now - before))),
            false => Ok(()),
        }
    }

    /// A last one, undisturbed, whose program checks itself.
    pub fn is_good(&self, ready: &crate::turn::Ready) -> Step<()> {
        let restart = modes::restart_frozen(self.container)?;
        self.container.thaw()?;
        modes::release(self.container, ready)?;
        let ended = restart.end(self.container)?;
        modes::verdict(self.container, ended.status)
    }
}

fn mounts() -> Step<usize> {
    let text = fs::read_to_string("/proc/self/mountinfo").doing("mountinfo")?;
    Ok(text.lines().count())
}
