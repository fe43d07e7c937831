// SPDX-License-Identifier: GPL-2.0

//! Who enters which process group, and who keeps it alive until then.

use std::collections::BTreeMap;

use ckpt_format::ObjectId;

use super::kin::Kin;
use super::{Crew, Obstacle, Refusal, Step};

/// Has everybody enter the group it is not in yet.
pub(super) fn settle(kin: &Kin<'_>, crew: &mut Crew, born_in: &[ObjectId]) -> Result<(), Refusal> {
    let mut first_of = BTreeMap::new();
    for task in kin.processes() {
        let group = kin.members[task].group;
        if group == born_in[task] {
            continue;
        }
        if group == ObjectId::NONE {
            return Err(kin.refuse(task, Obstacle::OutsideGroup));
        }
        crew.drafts[task].enters = Some(group);
        first_of.entry(group.get()).or_insert(task);
    }
    for (group, first) in first_of {
        if let Some(keeper) = keeper(kin, crew, ObjectId::new(group), first) {
            crew.drafts[keeper].stays = true;
        }
    }
    Ok(())
}

/// The placeholder that has to keep a group, if its leader does not.
fn keeper(kin: &Kin<'_>, crew: &mut Crew, group: ObjectId, first: usize) -> Option<usize> {
    match kin.holder(group) {
        Some(leader) if kin.leads_group(leader) => None,
        // It has moved on: a child that is born into it.
        Some(leader) => {
            let child = crew.add(None, None);
            crew.lend(leader, child);
            Some(child)
        }
        None => Some(match crew.stand_ins.get(&group.get()) {
            Some(leader) => *leader,
            None => {
                let leader = crew.add(Some(group), Some(Step::NewGroup));
                crew.lend(first, leader);
                leader
            }
        }),
    }
}
