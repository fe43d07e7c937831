// SPDX-License-Identifier: GPL-2.0

//! `restart`, in which one allocation or user copy fails: of the tool from its first instruction to its
//! last, of its call once all tasks are parked, or of one of these tasks.

use std::fs;
use std::io::{self, Write};
use std::process::{ChildStdin, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ckpt_image::{read_prefix, Prefix};

use super::alone::Alone;
use super::nth::{Nth, NEVER};
use super::sweep::{Came, Sweep};
use super::watched::{Prepared, Watched, TIDY};
use super::Remaining;
use crate::container::Container;
use crate::hang::what_is_known;
use crate::plan::Job;
use crate::snapshot::Snapshot;
use crate::tool::Running;
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

/// Whom a fault hits.
enum Whom {
    Tool,
    Member(usize),
}

/// A restart whose tasks are parked, and which waits for the rest of its image.
struct Parked {
    running: Running,
    image: ChildStdin,
    tool: Nth,
    members: Vec<Nth>,
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

    /// Both calls whole, if there is time, and the tool around them with what remains.
    pub fn sweep(&self, remaining: &Remaining) -> Step<Vec<Sweep>> {
        let cgroup = self.container.cgroup.with_extension("alone");
        let alone = Alone::of(&self.image, &self.prefix, cgroup)?;
        let mut sweeps = match alone {
            Some(mut alone) => alone.sweep(self.job, remaining)?,
            None => self.sweep_parked(remaining)?,
        };
        sweeps.push(self.sweep_tool(remaining.share(1))?);
        Ok(sweeps)
    }

    /// With the tool around them.
    fn sweep_parked(&self, remaining: &Remaining) -> Step<Vec<Sweep>> {
        let (of_tool, of_members) = self.points()?;
        let tool = Sweep::run(
            self.job,
            "restart(2) of the tool",
            of_tool,
            remaining.share(2),
            |point| self.attempt(Whom::Tool, point),
        )?;
        let all = of_members.iter().sum();
        let tasks = Sweep::run(
            self.job,
            "restart(2) of the tasks",
            all,
            remaining.share(2),
            |point| {
                let (member, point) = place_of(point, &of_members);
                self.attempt(Whom::Member(member), point)
            },
        )?;
        Ok(vec![tool, tasks])
    }

    /// The tool, from execve(2) on.
    fn sweep_tool(&self, limit: Duration) -> Step<Sweep> {
        let points = Watched::whole(self.command(true)?)?;
        self.container.end()?;
        Sweep::run(
            self.job,
            "restart",
            points,
            limit,
            |point| match Watched::run(self.command(true)?, point)? {
                Some(watched) => self.outcome(&watched),
                None => Ok(Came::Failed("not started".into())),
            },
        )
    }

    /// How many points there are once all tasks are parked: of the tool, and of each task.
    fn points(&self) -> Step<(u32, Vec<u32>)> {
        let parked = self.park()?;
        parked.tool.arm(NEVER).doing("fail-nth")?;
        for member in &parked.members {
            member.arm(NEVER).doing("fail-nth")?;
        }
        let (watched, members) = self.release(parked)?;
        if !watched.has_succeeded() {
            return Err(Outcome::failed(format!(
                "no restart\n{}",
                watched.ended.said
            )));
        }
        let points = |nth: &Nth| nth.left().map(|left| NEVER - left);
        let of_members: io::Result<Vec<u32>> = members.iter().map(points).collect();
        let of_members = of_members.doing("fail-nth")?;
        self.container.end()?;
        Ok((NEVER - watched.left, of_members))
    }

    fn attempt(&self, whom: Whom, point: u32) -> Step<Came> {
        let parked = self.park()?;
        let nth = match whom {
            Whom::Tool => &parked.tool,
            Whom::Member(index) => &parked.members[index],
        };
        nth.arm(point).doing("fail-nth")?;
        let (mut watched, members) = self.release(parked)?;
        if let Whom::Member(index) = whom {
            watched.left = members[index].left().unwrap_or(0);
        }
        for member in &members {
            // Those that are gone need not be told.
            let _ = member.arm(0);
        }
        self.outcome(&watched)
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

    /// `restart --pids --detach --frozen`, from the file or from standard input.
    fn command(&self, from_file: bool) -> Step<Prepared<'_>> {
        let container = self.container;
        let mut arguments = ["--pids", "--detach", "--frozen", "--cgroup"]
            .map(Into::into)
            .to_vec();
        arguments.push(container.cgroup.clone());
        if from_file {
            arguments.extend(["-i".into(), container.image()]);
        }
        Prepared::new("restart", &arguments, container)
    }

    /// Starts a restart, up to where it needs the rest of the image.
    fn park(&self) -> Step<Parked> {
        let mut tool = self.command(false)?;
        tool.command.stdin(Stdio::piped());
        let mut running = tool.start()?;
        let image = running.child.stdin.take();
        let mut image = image.ok_or_else(|| Outcome::failed("no pipe"))?;
        image.write_all(&self.prefix.bytes).doing("the image")?;
        let pid = running.child.id() as i32;
        let parked = wait::until(wait::LIMIT, || {
            if matches!(running.child.try_wait(), Ok(Some(_))) {
                return Some(None);
            }
            let members = self.tasks();
            let all = members.len() == self.prefix.members.len() && is_inside(pid);
            (all && members.iter().all(|task| is_inside(*task))).then_some(Some(members))
        });
        match parked {
            Some(Some(members)) => {
                let members: io::Result<Vec<Nth>> = members.into_iter().map(Nth::of).collect();
                Ok(Parked {
                    running,
                    image,
                    tool: Nth::of(pid).doing("fail-nth")?,
                    members: members.doing("fail-nth")?,
                })
            }
            Some(None) => Err(Outcome::failed(format!(
                "restart ends before its image\n{}",
                running.said()
            ))),
            None => {
                let known = what_is_known(self.container);
                let _ = running.child.kill();
                Err(Outcome::failed(format!("restart never parks\n{known}")))
            }
        }
    }

    /// Gives it the rest, and waits for the end of the tool.
    fn release(&self, parked: Parked) -> Step<(Watched, Vec<Nth>)> {
        let rest = self.image[self.prefix.bytes.len()..].to_vec();
        let mut image = parked.image;
        // A restart that fails does not read to the end.
        let feeder: JoinHandle<()> = thread::spawn(move || drop(image.write_all(&rest)));
        let watched = Watched::end(parked.running, self.container);
        let _ = feeder.join();
        Ok((watched?, parked.members))
    }

    /// Every thread in the cgroup, in the order of birth.
    fn tasks(&self) -> Vec<i32> {
        let threads = fs::read_to_string(self.container.cgroup.join("cgroup.threads"));
        let threads = threads.unwrap_or_default();
        let mut all: Vec<i32> = threads
            .lines()
            .filter_map(|line| line.parse().ok())
            .collect();
        all.sort_unstable();
        all
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

/// Which task a point of all of them belongs to, and which of its own it is.
fn place_of(mut point: u32, of_members: &[u32]) -> (usize, u32) {
    for (member, count) in of_members.iter().enumerate() {
        if point <= *count {
            return (member, point);
        }
        point -= count;
    }
    (0, point)
}

/// Is it in restart(2)?
fn is_inside(task: i32) -> bool {
    let call = fs::read_to_string(format!("/proc/{task}/syscall"));
    call.is_ok_and(|call| call.split(' ').next() == Some(modes::RESTART_CALL))
}

fn mounts() -> Step<usize> {
    let text = fs::read_to_string("/proc/self/mountinfo").doing("mountinfo")?;
    Ok(text.lines().count())
}
