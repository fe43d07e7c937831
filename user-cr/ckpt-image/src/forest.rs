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

/// Highest signal; none is asked for with zero.
const LAST_SIGNAL: i32 = 64;

/// Checks that the counts are the header's, that every reference leads to something that came
/// before, that parents live, threads follow their leader and are where it is, and no pid is given
/// twice.
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
        if !taken.insert(member.pid.get()) {
            return Err(Problem::Reference("pid", member.pid.get()));
        }
        check_member(pids, members, index, member)?;
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
