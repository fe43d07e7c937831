// SPDX-License-Identifier: GPL-2.0

//! Who belongs to whom: the checks that a forest has to pass before anything is built from it.

use std::collections::{BTreeMap, BTreeSet};

use ckpt_format::header::Header;
use ckpt_format::task::{Member, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use ckpt_format::{ObjectId, Problem, TaskId};

use crate::Spaces;

/// A process id of the image.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PidEntry {
    /// The object that stands for it.
    pub id: ObjectId,
    /// The namespace of its last number.
    pub space: ObjectId,
    /// Its number at each level of pid namespaces, the container's own first; at least one.
    pub numbers: Vec<i32>,
}

/// Highest signal; none is asked for with zero.
const LAST_SIGNAL: i32 = 64;

/// Checks that the counts are the header's, that every reference leads to something that came
/// before, that parents live, threads follow their leader and are where it is, and no pid is given
/// twice; and that tasks are in pid namespaces in which they can be.
pub fn check_forest(
    spaces: &Spaces,
    pids: &[PidEntry],
    members: &[Member],
    header: &Header,
) -> Result<(), Problem> {
    if pids.len() as u64 != u64::from(header.pids.get()) {
        return Err(Problem::Value("pids", header.pids.get().into()));
    }
    if members.len() as u64 != u64::from(header.tasks.get()) {
        return Err(Problem::Value("tasks", header.tasks.get().into()));
    }
    let used = check_pids(spaces, pids)?;
    let mut taken = BTreeSet::new();
    for (index, member) in members.iter().enumerate() {
        if !taken.insert(member.pid.get()) {
            return Err(Problem::Reference("pid", member.pid.get()));
        }
        check_member(pids, members, index, member)?;
    }
    check_spaces(spaces, pids, members, &used)
}

/// The pid of this object.
pub fn find_pid(pids: &[PidEntry], id: ObjectId) -> Option<&PidEntry> {
    let place = pids.binary_search_by_key(&id.get(), |pid| pid.id.get());
    pids.get(place.ok()?)
}

/// Each has a number at each of its levels, and nobody else has it there. Gives the namespaces that
/// pids have numbers in.
fn check_pids(spaces: &Spaces, pids: &[PidEntry]) -> Result<BTreeSet<usize>, Problem> {
    let mut numbers = BTreeSet::new();
    let mut used = BTreeSet::from([0]);
    for pid in pids {
        let wrong = Problem::Reference("space", pid.space.get());
        let mut space = spaces.place(pid.space).ok_or(wrong)?;
        if pid.numbers.len() != spaces.depth(space) + 1 {
            return Err(Problem::Value("levels", pid.numbers.len() as u64));
        }
        for number in pid.numbers.iter().rev() {
            if !numbers.insert((space, *number)) {
                return Err(Problem::Value("numbers", *number as u32 as u64));
            }
            used.insert(space);
            space = spaces.parent(space);
        }
    }
    Ok(used)
}

/// A task is where its parent is, or further inside. Whoever is inside ends with the first process
/// there. Where nobody is somebody has to make it for its children.
fn check_spaces(
    spaces: &Spaces,
    pids: &[PidEntry],
    members: &[Member],
    used: &BTreeSet<usize>,
) -> Result<(), Problem> {
    if spaces.count() == 1 {
        let differs = |member: &&Member| member.space_of_children != ObjectId::NONE;
        return match members.iter().find(differs) {
            Some(member) => Err(of_children(member)),
            None => Ok(()),
        };
    }
    let pid_of = |member: &Member| find_pid(pids, member.pid);
    let space_of = |member: &Member| pid_of(member).and_then(|pid| spaces.place(pid.space));
    let mut firsts = BTreeMap::new();
    let mut makers = BTreeSet::new();
    for (index, member) in members.iter().enumerate() {
        let wrong = Problem::Reference("space", member.pid.get());
        let space = space_of(member).ok_or(wrong)?;
        let is_leader = member.leader.get() as usize == index;
        let above = if is_leader {
            member.parent
        } else {
            member.leader
        };
        let outer = members.get(above.get() as usize).and_then(space_of);
        let fits = match outer {
            Some(outer) if is_leader => spaces.lies_in(space, outer),
            Some(outer) => space == outer,
            None => above == TaskId::OUTSIDE,
        };
        if !fits {
            return Err(wrong);
        }
        if space != 0 && pid_of(member).and_then(|pid| pid.numbers.last()) == Some(&1) {
            if !is_leader {
                return Err(Problem::Reference("leader", member.leader.get()));
            }
            firsts.insert(space, index);
        }
        if member.space_of_children != ObjectId::NONE {
            let target = spaces.place(member.space_of_children);
            let target = target.filter(|target| *target != space && spaces.lies_in(*target, space));
            let target = target.ok_or(of_children(member))?;
            if spaces.parent(target) == space {
                makers.insert(target);
            }
        }
    }
    for space in 1..spaces.count() {
        let is_fine = match used.contains(&space) {
            true => firsts.contains_key(&space),
            false => makers.contains(&space),
        };
        if !is_fine {
            return Err(Problem::Reference("id", space as u64 as u32));
        }
    }
    let living = living(members);
    let lives = |process: usize| living.get(process).is_some_and(|lives| *lives);
    for member in members.iter().filter(|member| !member.has_ended()) {
        let mut space = space_of(member).unwrap_or(0);
        while space != 0 {
            let first = firsts.get(&space).copied();
            if spaces.is_closed(space) || !first.is_some_and(lives) {
                return Err(Problem::Reference("space", member.pid.get()));
            }
            space = spaces.parent(space);
        }
    }
    Ok(())
}

fn of_children(member: &Member) -> Problem {
    Problem::Reference("space_of_children", member.space_of_children.get())
}

/// For each leader, whether some thread of its process lives.
fn living(members: &[Member]) -> Vec<bool> {
    let mut living = vec![false; members.len()];
    for member in members.iter().filter(|member| !member.has_ended()) {
        if let Some(lives) = living.get_mut(member.leader.get() as usize) {
            *lives = true;
        }
    }
    living
}

fn check_member(
    pids: &[PidEntry],
    members: &[Member],
    index: usize,
    member: &Member,
) -> Result<(), Problem> {
    let is_pid = |id: ObjectId| find_pid(pids, id).is_some();

    if !is_pid(member.pid) {
        return Err(Problem::Reference("pid", member.pid.get()));
    }
    for (name, id) in [("group", member.group), ("session", member.session)] {
        if id != ObjectId::NONE && !is_pid(id) {
            return Err(Problem::Reference(name, id.get()));
        }
    }
    if !(0..=LAST_SIGNAL).contains(&member.exit_signal.get()) {
        let signal = member.exit_signal.get() as u32;
        return Err(Problem::Value("exit_signal", signal.into()));
    }
    let before = members.get(..index).unwrap_or_default();
    match member.leader.get() as usize == index {
        true => check_parent(before, member.parent)?,
        false => check_thread(before.last(), member)?,
    }
    for (name, flag, id) in [
        ("group", MEMBER_GROUP_LEADER, member.group),
        ("session", MEMBER_SESSION_LEADER, member.session),
    ] {
        if (member.flags.get() & flag != 0) != (id == member.pid) {
            return Err(Problem::Reference(name, id.get()));
        }
    }
    Ok(())
}

/// Any thread of an earlier process, but what has ended has no children.
fn check_parent(before: &[Member], parent: TaskId) -> Result<(), Problem> {
    let is_alive = before
        .get(parent.get() as usize)
        .is_some_and(|member| !member.has_ended());
    match is_alive || parent == TaskId::OUTSIDE {
        true => Ok(()),
        false => Err(Problem::Reference("parent", parent.get())),
    }
}

/// It follows its leader or another thread, and has what those have.
fn check_thread(previous: Option<&Member>, member: &Member) -> Result<(), Problem> {
    let Some(previous) = previous.filter(|previous| previous.leader == member.leader) else {
        return Err(Problem::Reference("leader", member.leader.get()));
    };
    for (name, wanted, found) in [
        ("parent", previous.parent.get(), member.parent.get()),
        ("group", previous.group.get(), member.group.get()),
        ("session", previous.session.get(), member.session.get()),
    ] {
        if found != wanted {
            return Err(Problem::Reference(name, found));
        }
    }
    match member.exit_signal == previous.exit_signal {
        true => Ok(()),
        false => {
            let signal = member.exit_signal.get() as u32;
            Err(Problem::Value("exit_signal", signal.into()))
        }
    }
}
