// SPDX-License-Identifier: GPL-2.0

//! The new tasks, from their birth to the moment they are let go.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail, Context, Result};
use ckpt_sys::process::{fork, pidfd, signal_pidfd, wait, Place as Namespaces};
use ckpt_sys::report::Report;
use ckpt_sys::signals::Interrupts;
use ckpt_sys::spawn::{Actor, Brood, Step};
use ckpt_sys::voice::Stopped;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::libc::SIGKILL;
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::unistd::{pipe2, write, Pid};

use crate::init;
use crate::ipc::Home;
use crate::pids::{user, Births, Pids};
use crate::place::Place;

/// A task whose parent is outside, and whoever waits for it. Killed when dropped, unless let go.
pub struct Tree {
    births: Births,
    /// Our child: the root, or the helper init.
    child: Pid,
    /// If it is the helper: when this is closed it only looks after those who are there.
    control: Option<OwnedFd>,
    reports: File,
    /// The root, by its number here.
    root: Pid,
    root_fd: OwnedFd,
    is_free: bool,
}

/// How long a task that has ended is left to the kernel to explain.
const GRACE: Duration = Duration::from_secs(1);

/// How long the first task of the image may take to be there, on a slow machine.
const BIRTH: Duration = Duration::from_secs(10);
/// Between two looks whether it is, in milliseconds.
const LOOK_AGAIN: u8 = 5;

/// How long a helper init without tasks may take to end, in milliseconds.
const SEE_OFF: u16 = 200;

impl Tree {
    /// Makes the tasks: in the kernel they wait for each other and for the rest of the image.
    pub fn build(
        births: &Births,
        place: &Place,
        session: &OwnedFd,
        home: Option<&Home>,
        interrupts: &Interrupts,
    ) -> Result<Self> {
        let (reports, writer) = pipe2(OFlag::O_CLOEXEC).context("pipe")?;
        let brood = Brood::new(
            actors_of(births),
            births.wanted(),
            births.spaces,
            births.has_init(),
            place.cgroup.as_fd(),
            session.as_fd(),
            writer.as_fd(),
        )
        .context("mmap")?;
        let mut start = Start {
            births: births.clone(),
            reports: File::from(reports),
            interrupts,
        };
        if births.pids == Pids::OwnNamespace && !births.has_init() {
            let (control, leash) = pipe2(OFlag::O_CLOEXEC).context("pipe")?;
            let reports = writer.try_clone().context("dup")?;
            let child = fork(Namespaces::NewNamespaces, |inside| {
                init::live(inside, (&brood, births, home), (control, &leash), reports)
            })
            .map_err(|error| anyhow!("cannot make a pid namespace: {}", hint(&error)))?;
            drop(brood);
            drop(writer);
            let child = Child(child);
            start.wait_for_init()?;
            write(&leash, &[0]).context("the helper init has died")?;
            let root = start.find(place)?;
            start.finish(child, root, Some(leash))
        } else {
            let mut made = Vec::new();
            for root in &births.roots {
                let pid = brood
                    .spawn(*root)
                    .map_err(|error| not_made(births, *root as u32, &error))?;
                made.push((*root, Child(pid)));
            }
            let first = made.iter().position(|(root, _)| *root == 0);
            let first = first.context("the first task was an orphan: restart it with --pids")?;
            let (_, root) = made.swap_remove(first);
            // The others go with the cgroup, or stay with it.
            made.into_iter()
                .for_each(|(_, other)| std::mem::forget(other));
            let pid = root.0;
            start.finish(root, pid, None)
        }
    }

    /// The root, by its number here.
    pub fn root(&self) -> Pid {
        self.root
    }

    /// What ends the wait for the image: a report that something failed, or the end of the root.
    pub fn heed(&self) -> [(BorrowedFd<'_>, Duration); 2] {
        [
            (self.reports.as_fd(), Duration::ZERO),
            (self.root_fd.as_fd(), GRACE),
        ]
    }

    /// What was reported.
    pub fn explain(&mut self) -> anyhow::Error {
        match Report::read(&mut self.reports) {
            Ok(Some(report)) => explain(&self.births, report),
            Ok(None) => anyhow!("a task died while it was being restored"),
            Err(error) => error.into(),
        }
    }

    /// The container runs: it goes on whatever happens to us.
    pub fn let_go(&mut self) {
        self.is_free = true;
        self.control = None;
    }

    /// Readable when the root has ended.
    pub fn end(&self) -> BorrowedFd<'_> {
        match self.has_helper() {
            true => self.reports.as_fd(),
            false => self.root_fd.as_fd(),
        }
    }

    /// How it ended, as wait(2) says.
    pub fn status(&mut self) -> Result<i32> {
        if !self.has_helper() {
            return Ok(wait(Some(self.child)).context("wait")?.1);
        }
        match Report::read(&mut self.reports)? {
            Some(Report::Ended { status }) => {
                self.see_off();
                Ok(status)
            }
            _ => bail!("the helper init has died, and the container with it"),
        }
    }

    /// Waits for the helper init, which ends now unless there is somebody left to look after.
    fn see_off(&self) {
        let Ok(helper) = pidfd(self.child) else {
            return;
        };
        let mut fds = [PollFd::new(helper.as_fd(), PollFlags::POLLIN)];
        if matches!(poll(&mut fds, SEE_OFF), Ok(1)) {
            let _ = wait(Some(self.child));
        }
    }

    /// Passes a signal on to the root.
    pub fn signal(&self, signal: i32) {
        // If it has just ended that is fine too.
        let _ = signal_pidfd(self.root_fd.as_fd(), signal);
    }

    fn has_helper(&self) -> bool {
        self.child != self.root
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if !self.is_free {
            drop(Child(self.child));
        }
    }
}

/// Our child, until there is a tree: killed and waited for when dropped. With a helper init goes
/// everything in its namespace.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        // A child that was not waited for keeps its pid: this cannot hit another.
        if let Ok(child) = pidfd(self.0) {
            let _ = signal_pidfd(child.as_fd(), SIGKILL);
        }
        let _ = wait(Some(self.0));
    }
}

/// A tree in the making.
struct Start<'a> {
    births: Births,
    reports: File,
    interrupts: &'a Interrupts,
}

impl Start<'_> {
    /// Is there something to read in the reports, in so many milliseconds? A signal ends all of it.
    fn has_report(&self, limit: impl Into<PollTimeout>) -> Result<bool> {
        let mut fds = [self.reports.as_fd(), self.interrupts.as_fd()]
            .map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        match poll(&mut fds, limit.into()) {
            Ok(_) => {}
            Err(Errno::EINTR) => return Ok(false),
            Err(error) => return Err(error).context("poll"),
        }
        match self.interrupts.take() {
            Some(interrupt) => Err(Stopped(interrupt.signal).into()),
            None => Ok(fds[0].any().unwrap_or(false)),
        }
    }

    fn wait_for_init(&mut self) -> Result<()> {
        while !self.has_report(PollTimeout::NONE)? {}
        match Report::read(&mut self.reports)? {
            Some(Report::Built) => Ok(()),
            Some(report) => Err(explain(&self.births, report)),
            None => bail!("the helper init died before it had made a task"),
        }
    }

    /// The first task of the image. If the leader of its session has died it is made by a stand-in, which
    /// the helper does not wait for.
    fn find(&mut self, place: &Place) -> Result<Pid> {
        let limit = Instant::now() + BIRTH;
        loop {
            if let Some(root) = find(place, &self.births) {
                return Ok(root);
            }
            if self.has_report(LOOK_AGAIN)? {
                return Err(match Report::read(&mut self.reports)? {
                    Some(report) => explain(&self.births, report),
                    None => anyhow!("the helper init has died, and all tasks with it"),
                });
            }
            if Instant::now() > limit {
                let number = self.births.root();
                bail!("task {number} died before it could join, or was not made in {BIRTH:?}");
            }
        }
    }

    fn finish(self, child: Child, root: Pid, control: Option<OwnedFd>) -> Result<Tree> {
        let root_fd = pidfd(root).context("cannot watch the new task")?;
        let pid = child.0;
        std::mem::forget(child);
        Ok(Tree {
            births: self.births,
            child: pid,
            control,
            reports: self.reports,
            root,
            root_fd,
            is_free: false,
        })
    }
}

/// What they do before they join. A root that is pid 1 sees to its mounts itself.
fn actors_of(births: &Births) -> Vec<Actor> {
    let mut actors = births.actors.clone();
    if births.has_init() {
        if let Some(init) = births.roots.first().and_then(|root| actors.get_mut(*root)) {
            init.steps.splice(0..0, init::steps(births));
        }
    }
    actors
}

/// The first task of the image, if it is in the cgroup, by its number here.
fn find(place: &Place, births: &Births) -> Option<Pid> {
    let status = |pid: &str| fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    // We see one number for each of our own namespaces, and then those of the container.
    let around = numbers(&status("self")).len();
    let root = births.numbers.first().map(Vec::as_slice);
    let is_it = |pid: &i32| numbers(&status(&pid.to_string())).get(around..) == root;
    let found = place.cgroup.threads().into_iter().find(is_it);
    found.map(Pid::from_raw)
}

/// The numbers of a task, from the outermost namespace that is seen to its own.
fn numbers(status: &str) -> Vec<i32> {
    let line = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    let numbers = line.unwrap_or_default().split_whitespace();
    numbers.filter_map(|number| number.parse().ok()).collect()
}

fn explain(births: &Births, report: Report) -> anyhow::Error {
    let Report::Failed { task, step, errno } = report else {
        return anyhow!("an unexpected report: {report:?}");
    };
    let error = io::Error::from_raw_os_error(errno);
    if step == init::NOT_MADE {
        return not_made(births, task, &error);
    }
    let place = task as usize;
    let (who, steps) = match births.actors.get(place) {
        Some(_) => (
            births.name(place),
            actors_of(births).swap_remove(place).steps,
        ),
        None => ("the helper init".to_owned(), init::steps(births)),
    };
    match steps.get(step as usize) {
        Some(Step::Child(made) | Step::Sibling(made) | Step::Thread(made)) => {
            not_made(births, *made as u32, &error)
        }
        Some(step) => anyhow!("{who} cannot {}: {}", step.name(), hint(&error)),
        None => anyhow!("{who} cannot join the restart: {}", hint(&error)),
    }
}

/// Why clone3(2) refused.
fn not_made(births: &Births, task: u32, error: &io::Error) -> anyhow::Error {
    let place = task as usize;
    let number = births.number(place);
    match (births.pids, error.raw_os_error().map(Errno::from_raw)) {
        (Pids::Ours, Some(Errno::EEXIST)) => match user(number) {
            Some(user) => anyhow!("pid {number} is taken: {user}"),
            None => anyhow!("pid {number} is taken"),
        },
        _ => anyhow!("cannot make {}: {}", births.name(place), hint(error)),
    }
}

/// What the system says, and what usually helps.
fn hint(error: &io::Error) -> String {
    match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::EPERM) => format!("{error}; run restart as root"),
        Some(Errno::EOPNOTSUPP | Errno::EBUSY) => {
            format!("{error}; look at cgroup.type and cgroup.subtree_control, or use --cgroup")
        }
        Some(Errno::EAGAIN | Errno::ENOSPC) => {
            format!("{error}; look at kernel.threads-max, pids.max and user.max_pid_namespaces")
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_a_status() {
        let found = numbers("Name:\ta\nNSpid:\t4711\t214\nNSpgid:\t1\n");
        assert_eq!(found, [4711, 214]);
        assert_eq!(numbers("NSpid:\t4711\n"), [4711]);
        assert!(numbers("Name:\ta\n").is_empty());
    }
}
