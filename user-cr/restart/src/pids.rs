// SPDX-License-Identifier: GPL-2.0

//! Which pid each task gets, and whether it can have it.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::fs;
use std::path::Path;

use anyhow::{anyhow, bail, Result};
use ckpt_format::terminals::{TerminalPlace, PLACE_GID, PLACE_UID};
use ckpt_format::ObjectId;
use ckpt_image::{find_pid, legible, PidEntry, Prefix, Spaces};
use ckpt_sys::spawn;

use crate::forest::{self, plan, Nesting, Refusal, Step};

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
    pub actors: Vec<spawn::Actor>,
    /// Pid namespaces, the container's own among them.
    pub spaces: usize,
    /// Those that we make ourselves, in their order.
    pub roots: Vec<usize>,
    /// The numbers that each member had, the container's own level first.
    pub numbers: Vec<Vec<i32>>,
    /// The devpts to be mounted, if they get mounts of their own.
    pub terminals: Option<&'static spawn::Terminals>,
}

impl Births {
    /// The first root with pid 1, which needs no helper.
    pub fn has_init(&self) -> bool {
        let first = self.roots.first().map(|root| self.number(*root));
        self.pids == Pids::OwnNamespace && first == Some(1)
    }

    /// The first process of the image, which is also the first root that is no placeholder.
    pub fn root(&self) -> i32 {
        self.number(0)
    }

    /// The number of an actor in the container's own pid namespace.
    pub fn number(&self, actor: usize) -> i32 {
        let numbers = self.numbers.get(actor);
        numbers
            .and_then(|numbers| numbers.first())
            .copied()
            .unwrap_or(0)
    }

    /// What to call an actor, for a message.
    pub fn name(&self, actor: usize) -> String {
        match self.number(actor) {
            0 => "a placeholder".to_owned(),
            number => format!("task {number}"),
        }
    }

    /// The numbers that the kernel is asked for, of threads: the innermost first.
    pub fn wanted(&self) -> Vec<Vec<i32>> {
        let inwards = |numbers: &Vec<i32>| numbers.iter().rev().copied().collect();
        match self.pids {
            Pids::New => vec![Vec::new(); self.numbers.len()],
            Pids::OwnNamespace | Pids::Ours => self.numbers.iter().map(inwards).collect(),
        }
    }
}

/// Works out what to make; refuses what cannot be made as it was.
pub fn births(prefix: &Prefix, pids: Pids) -> Result<Births> {
    let count = prefix.members.len();
    if pids == Pids::New && count > 1 {
        bail!("the image holds {count} tasks that know each other by their pids: use --pids");
    }
    if prefix.members.is_empty() {
        bail!("the image holds no task");
    }
    // Of every pid of the image, also of groups and sessions that have outlived their leaders; the
    // container's own level first.
    let numbers_of =
        |pid: ObjectId| find_pid(&prefix.pids, pid).map_or(&[][..], |pid| &pid.numbers);
    let numbers: Vec<Vec<i32>> = prefix
        .members
        .iter()
        .map(|member| numbers_of(member.pid).to_vec())
        .collect();
    let taken = Taken::by(pids);
    if pids == Pids::Ours {
        let own = prefix.pids.iter().filter_map(|pid| pid.numbers.first());
        let found = own.copied().find(|number| taken.has(*number));
        found.map_or(Ok(()), check_free)?;
    }
    let nesting = nesting(&prefix.spaces, &prefix.pids);
    let plan = plan(&prefix.members, &nesting).map_err(|Refusal { task, what }| {
        let number = numbers.get(task).and_then(|numbers| numbers.first());
        let number = number.copied().unwrap_or(0);
        anyhow!("task {number} cannot be restarted: {what}")
    })?;
    let mut free = Free::beside(&prefix.spaces, &prefix.pids);
    let wanted = plan.actors.iter().map(|actor| match (pids, actor.pid) {
        (Pids::New, _) => Ok(Vec::new()),
        (_, Some(pid)) => Ok(numbers_of(pid).to_vec()),
        (_, None) => free.numbers(&prefix.spaces, actor.space, &taken),
    });
    let wanted: Vec<Vec<i32>> = wanted.collect::<Result<_>>()?;
    let makers = plan.makers();
    // As somebody sees it who is so deep inside.
    let seen = |numbers: &[i32], depth: usize| numbers.get(depth).copied().unwrap_or(0);
    let actors = plan.actors.iter().enumerate().map(|(place, actor)| {
        let from = makers[place].map_or(0, |maker| plan.actors[maker].space);
        let first = nesting.first(actor.space).map_or(&[][..], numbers_of);
        let depth = nesting.depth(actor.space);
        spawn::Actor {
            joins: place < count,
            numbers: wanted[place].iter().rev().copied().collect(),
            entry: match nesting.entry(from, actor.space, actor.pid) {
                forest::Entry::First => spawn::Entry::First { space: actor.space },
                forest::Entry::Later => spawn::Entry::Later {
                    space: actor.space,
                    first: seen(first, nesting.depth(from)),
                },
                forest::Entry::Same | forest::Entry::Never => spawn::Entry::Same,
            },
            steps: actor
                .steps
                .iter()
                .map(|step| match *step {
                    Step::EnterGroup(group) => {
                        spawn::Step::EnterGroup(seen(numbers_of(group), depth))
                    }
                    Step::Reap(other) => {
                        let other = wanted.get(other).map_or(&[][..], |numbers| numbers);
                        spawn::Step::Reap(seen(other, depth))
                    }
                    step => mechanics(step),
                })
                .collect(),
        }
    });
    let births = Births {
        pids,
        actors: actors.collect(),
        spaces: nesting.count(),
        roots: plan.roots,
        numbers,
        terminals: prefix.terminals.as_ref().map(terminals).transpose()?,
    };
    if births.has_init() && births.roots.len() > 1 {
        bail!("the image holds a task with pid 1 and others that it is not an ancestor of, which restart cannot make");
    }
    Ok(births)
}

/// What to mount where, so that every number is free. It is there for as long as we are.
fn terminals((place, path): &(TerminalPlace, Vec<u8>)) -> Result<&'static spawn::Terminals> {
    let mut options = format!(
        "newinstance,mode={:o},ptmxmode={:o},max={}",
        place.mode, place.ptmx_mode, place.most
    );
    for (flag, name, id) in [(PLACE_UID, "uid", place.uid), (PLACE_GID, "gid", place.gid)] {
        if place.flags.get() & flag != 0 {
            options += &format!(",{name}={id}");
        }
    }
    let terminals = spawn::Terminals {
        path: CString::new(path.as_slice())?,
        options: CString::new(options)?,
    };
    Ok(Box::leak(Box::new(terminals)))
}

/// Which pid is in which namespace.
fn nesting(spaces: &Spaces, pids: &[PidEntry]) -> Nesting {
    let mut nesting = Nesting::default();
    for space in 1..spaces.count() {
        nesting.add(spaces.parent(space));
    }
    for pid in pids {
        let space = spaces.place(pid.space).unwrap_or(0);
        let is_first = space != 0 && pid.numbers.last() == Some(&1);
        nesting.put(pid.id, space, is_first);
    }
    nesting
}

/// A step as it is taken, if it needs no numbers.
fn mechanics(step: Step) -> spawn::Step {
    match step {
        Step::Subreaper => spawn::Step::Subreaper,
        Step::Child(actor) => spawn::Step::Child(actor),
        Step::Sibling(actor) => spawn::Step::Sibling(actor),
        Step::Thread(member) => spawn::Step::Thread(member),
        Step::NewSession => spawn::Step::NewSession,
        Step::NewGroup => spawn::Step::NewGroup,
        Step::Arrive(meeting) => spawn::Step::Arrive(meeting),
        Step::Await(meeting) => spawn::Step::Await(meeting),
        Step::EnterGroup(_) => spawn::Step::EnterGroup(0),
        Step::Reap(_) => spawn::Step::Reap(0),
    }
}

/// The kernel has none from here on (PID_MAX_LIMIT).
const MOST_PIDS: i32 = 1 << 22;

/// Numbers for placeholders: none that somebody else of the image is to get.
struct Free {
    /// With the namespace.
    taken: BTreeSet<(usize, i32)>,
    next: i32,
}

impl Free {
    fn beside(spaces: &Spaces, pids: &[PidEntry]) -> Self {
        let mut taken = BTreeSet::new();
        for pid in pids {
            let mut space = spaces.place(pid.space).unwrap_or(0);
            for number in pid.numbers.iter().rev() {
                taken.insert((space, *number));
                space = spaces.parent(space);
            }
        }
        // Above the small numbers, which users look at.
        Self { taken, next: 300 }
    }

    /// At each level, the container's own first, which may be `here`.
    fn numbers(&mut self, spaces: &Spaces, space: usize, here: &Taken) -> Result<Vec<i32>> {
        let mut around: Vec<usize> = std::iter::successors(Some(space), |space| {
            (*space != 0).then(|| spaces.parent(*space))
        })
        .collect();
        around.reverse();
        let next = |space| self.next_unused(space, here);
        around.into_iter().map(next).collect()
    }

    fn next_unused(&mut self, space: usize, here: &Taken) -> Result<i32> {
        let is_free = |number: &i32| {
            !self.taken.contains(&(space, *number)) && (space != 0 || !here.has(*number))
        };
        let found = (self.next + 1..MOST_PIDS).find(is_free);
        self.next = found.ok_or_else(|| anyhow!("no pid is left for a placeholder"))?;
        Ok(self.next)
    }
}

/// The numbers that nobody can have here; found out once for all pids of an image.
#[derive(Default)]
struct Taken {
    is_ours: bool,
    /// Process groups and sessions, which may have outlived their leaders.
    led: BTreeSet<i32>,
    /// This and higher numbers do not exist.
    limit: Option<i32>,
}

impl Taken {
    /// In a new namespace, none.
    fn by(pids: Pids) -> Self {
        match pids {
            Pids::New | Pids::OwnNamespace => Self::default(),
            Pids::Ours => Self {
                is_ours: true,
                led: stats().flat_map(|(_, ids)| ids).collect(),
                limit: pid_max(),
            },
        }
    }

    fn has(&self, number: i32) -> bool {
        self.is_ours
            && (self.limit.is_some_and(|limit| number >= limit)
                || self.led.contains(&number)
                || Path::new(&format!("/proc/{number}")).exists())
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
    let (pid, _) = stats().find(|(_, ids)| ids.contains(&number))?;
    Some(format!(
        "it is still the process group or session of task {pid}"
    ))
}

/// Of each process here, its process group and its session.
fn stats() -> impl Iterator<Item = (i32, [i32; 2])> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read(entry.path().join("stat")).ok()?;
        Some((pid, group_and_session(&String::from_utf8_lossy(&stat))?))
    })
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
