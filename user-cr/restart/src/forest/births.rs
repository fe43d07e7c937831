// SPDX-License-Identifier: GPL-2.0

//! Into which session each process must be born, and who can see to it.

use std::collections::BTreeMap;

use ckpt_format::ObjectId;

use super::kin::{Kin, Leader};
use super::nesting::Reapers;
use super::{Obstacle, Refusal};

/// Who makes a process.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Maker {
    /// Its parent, perhaps before that starts what it leads; or the outside.
    Parent { early: bool },
    /// This actor, which leads its session and has the same parent.
    Sibling(usize),
    /// This actor leads its session, and the process becomes an orphan.
    Ancestor(usize),
}

/// Leads a session in the place of one who has died.
#[derive(Clone, Copy, Debug)]
pub(super) struct StandIn {
    pub(super) session: ObjectId,
    pub(super) parent: Option<usize>,
}

/// How everybody comes into the world.
pub(super) struct Births {
    /// For each member; means nothing for threads.
    pub(super) makers: Vec<Maker>,
    /// The placeholders that come directly after the members.
    pub(super) stand_ins: Vec<StandIn>,
    /// Processes that have to adopt orphans.
    pub(super) adopts: Vec<bool>,
}

impl Births {
    pub(super) fn new(kin: &Kin<'_>) -> Result<Self, Refusal> {
        let needs = needs(kin)?;
        let mut births = Self {
            makers: vec![Maker::Parent { early: false }; kin.members.len()],
            stand_ins: Vec::new(),
            adopts: vec![false; kin.members.len()],
        };
        let mut bereft: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for task in kin.processes() {
            match maker(kin, &needs, task)? {
                Some(maker) => births.makers[task] = maker,
                None => {
                    let session = needs[task].unwrap_or(ObjectId::NONE);
                    bereft.entry(session.get()).or_default().push(task);
                }
            }
        }
        for (session, tasks) in bereft {
            births.stand_in(kin, ObjectId::new(session), &tasks)?;
        }
        births.check_adoptions(kin)?;
        births.stay_outside(kin)?;
        Ok(births)
    }

    /// Gives these processes, whose session's leader has died, one who makes them: where the deepest
    /// of them is. The others have parents above that.
    fn stand_in(
        &mut self,
        kin: &Kin<'_>,
        session: ObjectId,
        tasks: &[usize],
    ) -> Result<(), Refusal> {
        let actor = kin.members.len() + self.stand_ins.len();
        let own = kin.nesting.space(session);
        let inside = |task: &usize| {
            let parent = kin.parent(*task);
            parent.is_some_and(|parent| kin.adopts_inside(parent, own))
        };
        let mut deepest = None;
        let others = tasks.iter().filter(|task| !inside(task));
        for parent in others.filter_map(|task| kin.parent(*task)) {
            if kin.is_below(parent, deepest) {
                deepest = Some(parent);
            }
        }
        if deepest.is_none() && tasks.iter().all(inside) {
            // Whoever is around all of them.
            let first = tasks.first().and_then(|task| kin.parent(*task));
            let mut above = std::iter::successors(first, |task| kin.parent_further_out(*task));
            deepest = above.find(|task| kin.nesting.lies_in(own, kin.space(*task)));
        }
        for &task in tasks {
            self.makers[task] = match (kin.parent(task), deepest) {
                _ if inside(&task) => Maker::Ancestor(actor),
                (parent, deepest) if parent == deepest => Maker::Sibling(actor),
                (parent, Some(deepest)) if kin.is_below(deepest, parent) => Maker::Ancestor(actor),
                _ => return Err(kin.refuse(task, Obstacle::Session)),
            };
        }
        self.stand_ins.push(StandIn {
            session,
            parent: deepest,
        });
        Ok(())
    }

    /// Orphans go to the next one above who adopts: it has to be their parent.
    fn check_adoptions(&mut self, kin: &Kin<'_>) -> Result<(), Refusal> {
        let orphans: Vec<(usize, (Option<usize>, usize))> = kin
            .processes()
            .filter_map(|task| Some((task, self.left_by(kin, task)?)))
            .collect();
        for (task, (_, space)) in &orphans {
            match kin.parent(*task) {
                // The first process of a namespace does so anyway.
                Some(parent) if kin.first(*space) != Some(parent) => self.adopts[parent] = true,
                _ => {}
            }
        }
        let reapers = Reapers::new(kin, &self.adopts);
        match orphans
            .into_iter()
            .find(|(task, (left, space))| reapers.of(kin, *left, *space) != kin.parent(*task))
        {
            Some((task, _)) => Err(kin.refuse(task, Obstacle::Adoption)),
            None => Ok(()),
        }
    }

    /// The process below which this one becomes an orphan, of somebody in this namespace.
    fn left_by(&self, kin: &Kin<'_>, task: usize) -> Option<(Option<usize>, usize)> {
        let inside = |from: usize| {
            let parent = kin.parent(task);
            let parent = parent.filter(|parent| kin.adopts_inside(*parent, from));
            parent.map(|parent| (None, kin.space(parent)))
        };
        match self.makers[task] {
            Maker::Ancestor(actor) => match actor.checked_sub(self.makers.len()) {
                Some(index) => {
                    let stand_in = &self.stand_ins[index];
                    let own = kin.nesting.space(stand_in.session);
                    inside(own).or(Some((stand_in.parent, own)))
                }
                None => inside(kin.space(actor)).or(Some((Some(actor), kin.space(actor)))),
            },
            _ => None,
        }
    }

    /// Who is in the group outside was born into it, and so was everybody above.
    fn stay_outside(&mut self, kin: &Kin<'_>) -> Result<(), Refusal> {
        let mut is_outside: Vec<bool> = kin
            .members
            .iter()
            .map(|member| member.group == ObjectId::NONE)
            .collect();
        for task in kin.processes().rev() {
            if !is_outside[task] {
                continue;
            }
            match (self.makers[task], kin.parent(task)) {
                (Maker::Parent { .. }, None) => {}
                (Maker::Parent { early }, Some(parent)) if early || !kin.leads_session(parent) => {
                    self.makers[task] = Maker::Parent { early: true };
                    is_outside[parent] = true;
                }
                _ => return Err(kin.refuse(task, Obstacle::OutsideGroup)),
            }
        }
        Ok(())
    }
}

/// The session that each process has to find itself in when it is born; none: any. From the last to
/// the first, so that a process comes after its children.
fn needs(kin: &Kin<'_>) -> Result<Vec<Option<ObjectId>>, Refusal> {
    let mut needs = vec![None; kin.members.len()];
    for task in kin.processes().rev() {
        needs[task] = match kin.leads_session(task) {
            true => left(kin, &needs, task)?,
            false => Some(kin.members[task].session),
        };
    }
    Ok(needs)
}

/// The session that a process was in before it started its own, as far as its children give it away.
/// They may also be orphans from sessions that are all below it.
fn left(
    kin: &Kin<'_>,
    needs: &[Option<ObjectId>],
    task: usize,
) -> Result<Option<ObjectId>, Refusal> {
    let own = kin.members[task].session;
    let (mut certain, mut likely) = (None, None);
    for &child in &kin.children[task] {
        let Some(session) = needs[child].filter(|session| *session != own) else {
            continue;
        };
        match kin.session_leader(session) {
            Leader::Alive(leader) if kin.is_below(leader, Some(task)) => {}
            Leader::Gone if kin.all_are_below(session, task) => {}
            Leader::Gone => likely = likely.or(Some(session)),
            _ if certain.is_none_or(|other| other == session) => certain = Some(session),
            _ => return Err(kin.refuse(child, Obstacle::Session)),
        }
    }
    Ok(certain.or(likely))
}

/// Who makes this process; none: a stand-in for the leader of its session.
fn maker(kin: &Kin<'_>, needs: &[Option<ObjectId>], task: usize) -> Result<Option<Maker>, Refusal> {
    let parent = kin.parent(task);
    let (late, left) = match parent {
        Some(parent) => (kin.members[parent].session, needs[parent]),
        None => (ObjectId::NONE, None),
    };
    let Some(session) = needs[task].filter(|session| *session != late) else {
        return Ok(Some(Maker::Parent { early: false }));
    };
    if left == Some(session) {
        return Ok(Some(Maker::Parent { early: true }));
    }
    match kin.session_leader(session) {
        Leader::Alive(leader) if kin.parent(leader) == parent => Ok(Some(Maker::Sibling(leader))),
        Leader::Alive(leader) if kin.is_below(leader, parent) => Ok(Some(Maker::Ancestor(leader))),
        Leader::Alive(leader)
            if parent.is_some_and(|parent| kin.adopts_inside(parent, kin.space(leader))) =>
        {
            Ok(Some(Maker::Ancestor(leader)))
        }
        Leader::Gone => Ok(None),
        _ => Err(kin.refuse(task, Obstacle::Session)),
    }
}
