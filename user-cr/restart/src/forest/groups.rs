// SPDX-License-Identifier: GPL-2.0

//! Who enters which process group, and who keeps it alive until then.

use std::collections::{BTreeMap, BTreeSet};

use ckpt_format::ObjectId;

use super::kin::{Kin, Leader};
use super::{Crew, Obstacle, Refusal, Step};

/// Has everybody enter the group it is not in yet.
pub(super) fn settle(kin: &Kin<'_>, crew: &mut Crew, born_in: &[ObjectId]) -> Result<(), Refusal> {
    let mut first_of = BTreeMap::new();
    let mut unnamed = Vec::new();
    for task in kin.processes() {
        let group = kin.members[task].group;
        if group == born_in[task] {
            continue;
        }
        if group == ObjectId::NONE {
            return Err(kin.refuse(task, Obstacle::OutsideGroup));
        }
        // A group that it cannot name it is brought into in the end, if somebody else keeps it.
        if !kin
            .nesting
            .lies_in(kin.nesting.space(group), kin.space(task))
        {
            unnamed.push((task, group));
            continue;
        }
        crew.drafts[task].enters = Some(group);
        first_of.entry(group.get()).or_insert(task);
    }
    for (group, first) in first_of {
        if let Some(keeper) = keeper(kin, crew, ObjectId::new(group), first)? {
            crew.drafts[keeper].stays = true;
        }
    }
    if unnamed.is_empty() {
        return Ok(());
    }
    let settled: BTreeSet<u32> = kin
        .processes()
        .filter(|task| {
            let group = kin.members[*task].group;
            crew.drafts[*task].enters == Some(group) || born_in[*task] == group
        })
        .map(|task| kin.members[task].group.get())
        .collect();
    match unnamed
        .into_iter()
        .find(|(_, group)| !settled.contains(&group.get()))
    {
        Some((task, _)) => Err(kin.refuse(task, Obstacle::GroupFurtherOut)),
        None => Ok(()),
    }
}

/// The placeholder that has to keep a group, if its leader does not.
fn keeper(
    kin: &Kin<'_>,
    crew: &mut Crew,
    group: ObjectId,
    first: usize,
) -> Result<Option<usize>, Refusal> {
    Ok(match kin.holder(group) {
        Some(leader) if kin.leads_group(leader) => None,
        // It has moved on: a child that is born into it.
        Some(leader) => {
            let child = crew.add(None, None, kin.space(leader));
            crew.lend(leader, child);
            Some(child)
        }
        None => Some(match crew.stand_ins.get(&group.get()) {
            Some(leader) => *leader,
            None => {
                let space = kin.nesting.space(group);
                let lender = lender(kin, crew, space, first);
                let lender = lender.ok_or(kin.refuse(first, Obstacle::Group))?;
                let leader = crew.add(Some(group), Some(Step::NewGroup), space);
                crew.lend(lender, leader);
                leader
            }
        }),
    })
}

/// Somebody of the same session who can make a process in this namespace.
fn lender(kin: &Kin<'_>, crew: &Crew, space: usize, first: usize) -> Option<usize> {
    let session = kin.members[first].session;
    let can = |task: &usize| kin.nesting.lies_in(space, kin.space(*task));
    match kin.session_leader(session) {
        _ if can(&first) => Some(first),
        Leader::Alive(leader) => Some(leader).filter(can),
        Leader::Gone => crew.stand_ins.get(&session.get()).copied(),
        Leader::Outside => {
            let above = std::iter::successors(Some(first), |task| kin.parent(*task));
            let mut above = above.filter(|task| kin.members[*task].session == session);
            above.find(can)
        }
    }
}
