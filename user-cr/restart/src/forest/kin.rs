// SPDX-License-Identifier: GPL-2.0

//! The members by their relations: what can be looked up, and what no forest can be.

use std::collections::BTreeMap;

use ckpt_format::task::Member;
use ckpt_format::{ObjectId, TaskId};

use super::{Nesting, Obstacle, Refusal, Step};

/// Who leads a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Leader {
    /// A task outside.
    Outside,
    /// This process.
    Alive(usize),
    /// Nobody any more.
    Gone,
}

/// The members, and who belongs to whom.
pub(super) struct Kin<'a> {
    pub(super) members: &'a [Member],
    pub(super) nesting: &'a Nesting,
    /// Children of each process.
    pub(super) children: Vec<Vec<usize>>,
    /// Who has a pid.
    holders: BTreeMap<u32, usize>,
    /// The first and the last place, in the order of families, of a session's members.
    sessions: BTreeMap<u32, (usize, usize)>,
    /// The session that a group is in.
    groups: BTreeMap<u32, ObjectId>,
    /// Place of each process in an order in which all its descendants come directly after it.
    places: Vec<usize>,
    /// Processes that descend from each, itself included.
    sizes: Vec<usize>,
    /// The nearest process above each that is not in its pid namespace.
    further_out: Vec<Option<usize>>,
}

impl<'a> Kin<'a> {
    pub(super) fn new(members: &'a [Member], nesting: &'a Nesting) -> Result<Self, Refusal> {
        let holders = members.iter().enumerate();
        let mut kin = Self {
            members,
            nesting,
            children: vec![Vec::new(); members.len()],
            holders: holders
                .map(|(task, member)| (member.pid.get(), task))
                .collect(),
            sessions: BTreeMap::new(),
            groups: BTreeMap::new(),
            places: vec![0; members.len()],
            sizes: vec![1; members.len()],
            further_out: vec![None; members.len()],
        };
        kin.order_families();
        for task in 0..members.len() {
            if kin.is_process(task) {
                kin.further_out[task] = kin.look_further_out(task);
                kin.enlist(task)?;
            }
        }
        for task in kin.processes() {
            kin.check(task)?;
        }
        Ok(kin)
    }

    /// Sizes from the last to the first, then places from the first to the last.
    fn order_families(&mut self) {
        for task in (0..self.members.len()).rev() {
            if let (true, Some(parent)) = (self.is_process(task), self.parent(task)) {
                self.sizes[parent] += self.sizes[task];
            }
        }
        let mut next = 0;
        let mut next_below = vec![0; self.members.len()];
        for task in 0..self.members.len() {
            if !self.is_process(task) {
                continue;
            }
            let parent = self.parent(task);
            let cursor = parent.map_or(&mut next, |parent| &mut next_below[parent]);
            self.places[task] = *cursor;
            *cursor += self.sizes[task];
            next_below[task] = self.places[task] + 1;
            if let Some(parent) = parent {
                self.children[parent].push(task);
            }
        }
    }

    /// What is known of its parent, which comes before it, is known of it.
    fn look_further_out(&self, task: usize) -> Option<usize> {
        let parent = self.parent(task)?;
        match self.space(parent) == self.space(task) {
            true => self.further_out[parent],
            false => Some(parent),
        }
    }

    fn enlist(&mut self, task: usize) -> Result<(), Refusal> {
        let member = &self.members[task];
        let place = self.places[task];
        let span = self
            .sessions
            .entry(member.session.get())
            .or_insert((place, place));
        *span = (span.0.min(place), span.1.max(place));
        let session = self
            .groups
            .entry(member.group.get())
            .or_insert(member.session);
        match *session == member.session || member.group == ObjectId::NONE {
            true => Ok(()),
            false => Err(self.refuse(task, Obstacle::Group)),
        }
    }

    /// A session's leader leads the group of the same number too; whoever has the number of a session
    /// leads it, and whoever has the number of a group is in the group's session.
    fn check(&self, task: usize) -> Result<(), Refusal> {
        let member = &self.members[task];
        if self.leads_session(task) && !self.leads_group(task) {
            return Err(self.refuse(task, Obstacle::Leader));
        }
        if member.group == ObjectId::NONE && member.session != ObjectId::NONE {
            return Err(self.refuse(task, Obstacle::OutsideGroup));
        }
        if self
            .holder(member.session)
            .is_some_and(|holder| !self.leads_session(holder))
        {
            return Err(self.refuse(task, Obstacle::Session));
        }
        let group = member.group;
        let is_fine = match self.holder(group) {
            Some(holder) => {
                self.is_process(holder) && self.members[holder].session == member.session
            }
            None => group == member.session || !self.sessions.contains_key(&group.get()),
        };
        match is_fine || group == ObjectId::NONE {
            true => Ok(()),
            false => Err(self.refuse(task, Obstacle::Group)),
        }
    }

    pub(super) fn is_process(&self, task: usize) -> bool {
        self.members[task].leader.get() as usize == task
    }

    pub(super) fn processes(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.members.len()).filter(|task| self.is_process(*task))
    }

    /// The process that its parent is a thread of; none: outside.
    pub(super) fn parent(&self, task: usize) -> Option<usize> {
        match self.members[task].parent {
            TaskId::OUTSIDE => None,
            parent => Some(self.members[parent.get() as usize].leader.get() as usize),
        }
    }

    /// The nearest process above it that is not in its pid namespace.
    pub(super) fn parent_further_out(&self, task: usize) -> Option<usize> {
        self.further_out[task]
    }

    pub(super) fn leads_session(&self, task: usize) -> bool {
        self.is_process(task) && self.members[task].session == self.members[task].pid
    }

    pub(super) fn leads_group(&self, task: usize) -> bool {
        self.is_process(task) && self.members[task].group == self.members[task].pid
    }

    /// What it starts to lead; a group also if it has moved on to another one since.
    pub(super) fn starts(&self, task: usize) -> Option<Step> {
        let has_group = self.groups.contains_key(&self.members[task].pid.get());
        match self.is_process(task) {
            true if self.leads_session(task) => Some(Step::NewSession),
            true if has_group => Some(Step::NewGroup),
            _ => None,
        }
    }

    pub(super) fn session_leader(&self, session: ObjectId) -> Leader {
        match self.holder(session) {
            _ if session == ObjectId::NONE => Leader::Outside,
            Some(leader) => Leader::Alive(leader),
            None => Leader::Gone,
        }
    }

    pub(super) fn holder(&self, pid: ObjectId) -> Option<usize> {
        self.holders.get(&pid.get()).copied()
    }

    /// The pid namespace of a member.
    pub(super) fn space(&self, task: usize) -> usize {
        self.nesting.space(self.members[task].pid)
    }

    /// It is the first process of a pid namespace inside of this one: orphans there are its children.
    pub(super) fn adopts_inside(&self, task: usize, outer: usize) -> bool {
        let space = self.space(task);
        let is_first = self.first(space) == Some(task);
        is_first && space != outer && self.nesting.lies_in(space, outer)
    }

    /// Its group was led by somebody outside of its pid namespace who has died, and its parent is not
    /// in that group.
    pub(super) fn is_led_from_further_out(&self, task: usize) -> bool {
        let member = &self.members[task];
        let group = member.group;
        let parent = self.parent(task);
        group != ObjectId::NONE
            && group != member.session
            && self.holder(group).is_none()
            && !self
                .nesting
                .lies_in(self.nesting.space(group), self.space(task))
            && parent.is_none_or(|parent| self.members[parent].group != group)
    }

    /// The first process of a pid namespace inside of the container.
    pub(super) fn first(&self, space: usize) -> Option<usize> {
        let first = self.nesting.first(space).filter(|_| space != 0);
        first.and_then(|first| self.holder(first))
    }

    /// It descends from this process, or from the outside.
    pub(super) fn is_below(&self, task: usize, ancestor: Option<usize>) -> bool {
        ancestor.is_none_or(|ancestor| self.covers(ancestor, self.places[task]))
    }

    /// All members of the session descend from this process.
    pub(super) fn all_are_below(&self, session: ObjectId, ancestor: usize) -> bool {
        let span = self.sessions.get(&session.get());
        span.is_some_and(|(first, last)| {
            self.covers(ancestor, *first) && self.covers(ancestor, *last)
        })
    }

    fn covers(&self, ancestor: usize, place: usize) -> bool {
        let own = self.places[ancestor];
        own < place && place < own + self.sizes[ancestor]
    }

    pub(super) fn refuse(&self, task: usize, what: Obstacle) -> Refusal {
        Refusal { task, what }
    }
}
