// SPDX-License-Identifier: GPL-2.0

//! Which pid each task gets, and whether it can have it.

use std::collections::HashSet;
use std::fs;

use anyhow::{anyhow, bail, Result};
use ckpt_format::ObjectId;
use ckpt_image::{legible, PidEntry, Prefix};
use ckpt_sys::spawn::{self, Actor};

use crate::forest::{plan, Refusal, Step};

/// Where the pids come from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pids {
    /// Whatever is free.
    New,
    /// Those that were saved, in a new pid namespace.
    OwnNamespace,
    /// Those that were saved, in our own pid namespace.
    Ours,
}

/// What is to be made of an image.
#[derive(Clone, Debug)]
pub struct Births {
    /// Whose pids.
    pub pids: Pids,
    /// Who makes whom: the processes of the image, by the place of their leader among the members,
    /// and behind them placeholders that are gone before anything runs.
    pub actors: Vec<Actor>,
    /// Those that we make ourselves, in their order.
    pub roots: Vec<usize>,
    /// The number that each member had.
    pub numbers: Vec<i32>,
}

impl Births {
    /// The first root with pid 1, which needs no helper.
    pub fn has_init(&self) -> bool {
        let first = self.roots.first().and_then(|root| self.numbers.get(*root));
        self.pids == Pids::OwnNamespace && first == Some(&1)
    }

    /// The first process of the image, which is also the first root that is no placeholder.
    pub fn root(&self) -> i32 {
        self.numbers.first().copied().unwrap_or(0)
    }

    /// What to call an actor, for a message.
    pub fn name(&self, actor: usize) -> String {
        match self.numbers.get(actor) {
            Some(number) => format!("task {number}"),
            None => "a placeholder".to_owned(),
        }
    }

    /// The numbers that the kernel is asked for, of threads.
    pub fn wanted(&self) -> Vec<i32> {
        match self.pids {
            Pids::New => vec![0; self.numbers.len()],
            Pids::OwnNamespace | Pids::Ours => self.numbers.clone(),
        }
    }
}

/// Works out what to make; refuses what cannot be made as it was.
pub fn births(prefix: &Prefix, pids: Pids) -> Result<Births> {
    let count = prefix.members.len();
    if pids == Pids::New && count > 1 {
        bail!("the image holds {count} tasks that know each other by their pids: use --pids");
    }
    let number = |pid: &PidEntry| match pid.numbers.as_slice() {
        [number] => Ok(*number),
        numbers => Err(anyhow!(
            "task {}: it is in {} pid namespaces of the container, which restart cannot make yet",
            numbers.first().copied().unwrap_or(0),
            numbers.len().saturating_sub(1)
        )),
    };
    // Of every pid of the image, also of groups and sessions that have outlived their leaders.
    let all = prefix.pids.iter().map(number).collect::<Result<Vec<_>>>()?;
    let number_of = |pid: ObjectId| {
        let place = (pid.get() as usize).checked_sub(1);
        place.and_then(|place| all.get(place)).copied().unwrap_or(0)
    };
    let numbers: Vec<i32> = prefix
        .members
        .iter()
        .map(|member| number_of(member.pid))
        .collect();
    if numbers.is_empty() {
        bail!("the image holds no task");
    }
    if pids == Pids::Ours {
        all.iter().try_for_each(|number| check_free(*number))?;
    }
    let plan = plan(&prefix.members).map_err(|Refusal { task, what }| {
        let number = numbers.get(task).copied().unwrap_or(0);
        anyhow!("task {number} cannot be restarted: {what}")
    })?;
    let mut free = Free::beside(&all);
    let wanted: Vec<i32> = plan
        .actors
        .iter()
        .map(|actor| match (pids, actor.pid) {
            (Pids::New, _) => 0,
            (_, Some(pid)) => number_of(pid),
            (Pids::Ours, None) => free.next_unused(|number| check_free(number).is_ok()),
            (Pids::OwnNamespace, None) => free.next_unused(|_| true),
        })
        .collect();
    let actors = plan.actors.iter().enumerate().map(|(place, actor)| Actor {
        joins: place < count,
        number: wanted[place],
        steps: actor
            .steps
            .iter()
            .map(|step| mechanics(*step, &wanted, number_of))
            .collect(),
    });
    let births = Births {
        pids,
        actors: actors.collect(),
        roots: plan.roots,
        numbers,
    };
    if births.has_init() && births.roots.len() > 1 {
        bail!("the image holds a task with pid 1 and others that it is not an ancestor of, which restart cannot make");
    }
    Ok(births)
}

/// A step as it is taken: with numbers.
fn mechanics(step: Step, wanted: &[i32], number_of: impl Fn(ObjectId) -> i32) -> spawn::Step {
    match step {
        Step::Subreaper => spawn::Step::Subreaper,
        Step::Child(actor) => spawn::Step::Child(actor),
        Step::Sibling(actor) => spawn::Step::Sibling(actor),
        Step::Thread(member) => spawn::Step::Thread(member),
        Step::NewSession => spawn::Step::NewSession,
        Step::NewGroup => spawn::Step::NewGroup,
        Step::Arrive(meeting) => spawn::Step::Arrive(meeting),
        Step::Await(meeting) => spawn::Step::Await(meeting),
        Step::EnterGroup(group) => spawn::Step::EnterGroup(number_of(group)),
        Step::Reap(actor) => spawn::Step::Reap(wanted.get(actor).copied().unwrap_or(0)),
    }
}

/// Numbers for placeholders: none that somebody else of the image is to get.
struct Free {
    taken: HashSet<i32>,
    next: i32,
}

impl Free {
    fn beside(all: &[i32]) -> Self {
        let taken: HashSet<i32> = all.iter().copied().collect();
        // Above the small numbers, which users look at.
        Self { taken, next: 300 }
    }

    fn next_unused(&mut self, is_fine: impl Fn(i32) -> bool) -> i32 {
        loop {
            self.next += 1;
            if !self.taken.contains(&self.next) && is_fine(self.next) {
                return self.next;
            }
        }
    }
}

/// Refuses a pid that is taken here.
pub fn check_free(number: i32) -> Result<()> {
    if let Some(most) = pid_max().filter(|most| number >= *most) {
        bail!("pid {number} is not below this system's limit of {most}: raise kernel.pid_max");
    }
    match user(number) {
        Some(user) => bail!(
            "pid {number} is taken: {user}. End that, or restart without --no-pidns, \
             in a pid namespace of its own"
        ),
        None => Ok(()),
    }
}

/// Who has this number, for a message.
pub fn user(number: i32) -> Option<String> {
    if let Ok(comm) = fs::read(format!("/proc/{number}/comm")) {
        return Some(format!(
            "task {number} ({})",
            legible(comm.trim_ascii_end())
        ));
    }
    let is_user = |stat: &str| group_and_session(stat).is_some_and(|ids| ids.contains(&number));
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let name = entry.file_name();
        let Some(pid) = name
            .to_str()
            .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        else {
            continue;
        };
        let stat = fs::read(entry.path().join("stat")).unwrap_or_default();
        if is_user(&String::from_utf8_lossy(&stat)) {
            return Some(format!(
                "it is still the process group or session of task {pid}"
            ));
        }
    }
    None
}

/// The fields of /proc/PID/stat; the name before them may hold anything.
fn group_and_session(stat: &str) -> Option<[i32; 2]> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(2);
    Some([fields.next()?.parse().ok()?, fields.next()?.parse().ok()?])
}

fn pid_max() -> Option<i32> {
    let text = fs::read_to_string("/proc/sys/kernel/pid_max").ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_pid_is_refused_by_name() {
        let own = std::process::id() as i32;
        let error = check_free(own).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("pid {own} is taken: task {own} (")),
            "{error}"
        );
        let error = check_free(i32::MAX).unwrap_err().to_string();
        assert!(error.contains("kernel.pid_max"), "{error}");
    }

    #[test]
    fn a_name_with_brackets_does_not_confuse() {
        let stat = "12 (a) b (c) S 1 40 41 0 -1 4194560";
        assert_eq!(group_and_session(stat), Some([40, 41]));
        assert_eq!(group_and_session("12 (a)"), None);
    }
}
