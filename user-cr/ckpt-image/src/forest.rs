// SPDX-License-Identifier: GPL-2.0

//! Who belongs to whom: the checks that a forest has to pass before anything is built from it.

use std::collections::HashSet;

use ckpt_format::header::Header;
use ckpt_format::task::{Member, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use ckpt_format::{ObjectId, Problem, TaskId};

/// A process id of the image.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PidEntry {
    /// The object that stands for it.
    pub id: ObjectId,
    /// Its number at each level of pid namespaces, the container's own first; at least one.
    pub numbers: Vec<i32>,
}

/// Highest signal; `exit_signal` of a thread is -1.
const LAST_SIGNAL: i32 = 64;

/// Checks that the counts are the header's, that every reference leads to something that came
/// before, that a parent is a process, a leader leads itself, and no pid is given twice.
pub fn check_forest(pids: &[PidEntry], members: &[Member], header: &Header) -> Result<(), Problem> {
    if pids.len() as u64 != u64::from(header.pids.get()) {
        return Err(Problem::Value("pids", header.pids.get().into()));
    }
    if members.len() as u64 != u64::from(header.tasks.get()) {
        return Err(Problem::Value("tasks", header.tasks.get().into()));
    }
    let mut numbers = HashSet::new();
    for pid in pids {
        let own = pid.numbers.first().copied().unwrap_or(0);
        if !numbers.insert(own) {
            return Err(Problem::Value("numbers", own as u32 as u64));
        }
    }
    let mut taken = HashSet::new();
    for (index, member) in members.iter().enumerate() {
        check_member(pids, members, index, member)?;
        if !taken.insert(member.pid.get()) {
            return Err(Problem::Reference("pid", member.pid.get()));
        }
    }
    Ok(())
}

fn check_member(
    pids: &[PidEntry],
    members: &[Member],
    index: usize,
    member: &Member,
) -> Result<(), Problem> {
    let is_pid = |id: ObjectId| id != ObjectId::NONE && u64::from(id.get()) <= pids.len() as u64;
    // A process (its leader) that stands before this member, or is this member.
    let is_process = |task: TaskId| {
        let place = task.get() as usize;
        place <= index && members.get(place).is_some_and(|found| found.leader == task)
    };

    if !is_pid(member.pid) {
        return Err(Problem::Reference("pid", member.pid.get()));
    }
    for (name, id) in [("group", member.group), ("session", member.session)] {
        if id != ObjectId::NONE && !is_pid(id) {
            return Err(Problem::Reference(name, id.get()));
        }
    }
    if !is_process(member.leader) {
        return Err(Problem::Reference("leader", member.leader.get()));
    }
    let parent = member.parent;
    let is_itself = parent == member.leader || parent.get() as usize == index;
    if parent != TaskId::OUTSIDE && (is_itself || !is_process(parent)) {
        return Err(Problem::Reference("parent", parent.get()));
    }
    if !(-1..=LAST_SIGNAL).contains(&member.exit_signal.get()) {
        let signal = member.exit_signal.get() as u32;
        return Err(Problem::Value("exit_signal", signal.into()));
    }
    for (name, flag, id) in [
        ("group", MEMBER_GROUP_LEADER, member.group),
        ("session", MEMBER_SESSION_LEADER, member.session),
    ] {
        if member.flags.get() & flag != 0 && id != member.pid {
            return Err(Problem::Reference(name, id.get()));
        }
    }
    Ok(())
}
