// SPDX-License-Identifier: GPL-2.0

//! Who makes whom, and when, so that families, sessions and process groups come out as saved.
//!
//! Linux gives a new task the session and the group of the one that calls clone. A task can leave
//! them only for new ones that it leads itself (setsid), or enter a group of its session (setpgid).
//! So a process that leads its session was in one other session before, the one it was born into,
//! and nobody else ever changed sessions. From that follows, for each process, into which session
//! it has to be born, and who can see to it ([`births`]):
//!
//! - Its parent, which is in that session, or was before it left (an *early* child).
//! - If neither is the case it is an orphan that its parent has adopted: a descendant of the
//!   session's leader, whose own parent has died. The leader makes it a sibling, if that gives it
//!   the right parent. Otherwise it makes a *helper*, which makes the process and ends, and the
//!   process goes to the next reaper above: outside, or an ancestor that is a subreaper meanwhile.
//! - If the session's leader has died, a *stand-in* with its number leads the session until
//!   everybody is there, and makes them.
//!
//! Groups come last ([`groups`]). All meet when every process is there and leads what it leads;
//! then each enters its group. A group whose leader has died, or has moved on to another group, is
//! kept by a placeholder until all meet again.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use ckpt_format::task::Member;
use ckpt_format::ObjectId;

use births::{Births, Maker};
use kin::Kin;
pub use nesting::{Entry, Nesting};

mod births;
mod groups;
mod kin;
mod nesting;

/// What a task does, one after the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Adopts the orphans among its descendants: prctl(PR_SET_CHILD_SUBREAPER, 1).
    Subreaper,
    /// Makes this actor its child.
    Child(usize),
    /// Makes this actor a child of its own parent (CLONE_PARENT).
    Sibling(usize),
    /// Makes a thread of its own: this member, which joins at once.
    Thread(usize),
    /// Starts a session and a group of its own.
    NewSession,
    /// Starts a group of its own.
    NewGroup,
    /// Tells the others that it has come to this meeting.
    Arrive(usize),
    /// Waits until all actors have come to this meeting.
    Await(usize),
    /// Enters the group with this number.
    EnterGroup(ObjectId),
    /// Waits for the end of this placeholder, a child of its own.
    Reap(usize),
}

/// A process to be made.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Actor {
    /// Its pid; none: any that is free.
    pub pid: Option<ObjectId>,
    /// The pid namespace that it is in.
    pub space: usize,
    /// What it does. After that a process of the forest joins, a placeholder ends.
    pub steps: Vec<Step>,
}

/// Everybody who has a part in it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Plan {
    /// Those that the outside makes, in this order. It also adopts the orphans.
    pub roots: Vec<usize>,
    /// One for each member, in the order of the forest (those of threads do nothing), then the
    /// placeholders.
    pub actors: Vec<Actor>,
    /// There are meetings: every process comes to both, 0 and 1.
    pub meets: bool,
}

impl Plan {
    /// Who makes each actor; none: the outside, or nobody.
    pub fn makers(&self) -> Vec<Option<usize>> {
        let mut makers = vec![None; self.actors.len()];
        for (maker, actor) in self.actors.iter().enumerate() {
            for step in &actor.steps {
                if let Step::Child(made) | Step::Sibling(made) = *step {
                    makers[made] = Some(maker);
                }
            }
        }
        makers
    }
}

/// Why a forest cannot be built.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// Which member.
    pub task: usize,
    /// What is the matter with it.
    pub what: Obstacle,
}

/// What cannot be built.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Obstacle {
    /// It is in a session that nobody who could make it was ever in.
    Session,
    /// Its process group is spread over sessions, or its number is that of something else.
    Group,
    /// It is in the group outside that it or an ancestor has left: there is no way back.
    OutsideGroup,
    /// It leads a session, but not the group of the same number.
    Leader,
    /// It is an orphan, and between it and its parent another process has to adopt orphans.
    Adoption,
    /// Nobody who could make it is in its pid namespace, or around that.
    Space,
    /// Its process group was led by a process further out, which has ended.
    GroupFurtherOut,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Session => "it is in a session that nobody was in who could have made it",
            Self::Group => "its process group cannot be that of its session",
            Self::OutsideGroup => {
                "it is in a process group outside that it or an ancestor has left"
            }
            Self::Leader => "it leads a session, but not that session's process group",
            Self::Adoption => {
                "it is an orphan that another process than its parent would have adopted"
            }
            Self::Space => "nobody can make it in its pid namespace",
            Self::GroupFurtherOut => {
                "its process group was led by a process outside of its pid namespace, which has ended"
            }
        })
    }
}

/// Works out the plan. The forest has been checked: parents and leaders come before, and exist.
pub fn plan(members: &[Member], nesting: &Nesting) -> Result<Plan, Refusal> {
    let kin = Kin::new(members, nesting)?;
    let births = Births::new(&kin)?;
    let mut crew = Crew::new(&kin, &births);
    let born_in = crew.birth_groups(&kin)?;
    groups::settle(&kin, &mut crew, &born_in)?;
    if nesting.count() > 1 {
        crew.order_entries(&kin);
        crew.check_entries(&kin)?;
    }
    Ok(crew.into_plan(&kin))
}

/// An actor whose part is still being written.
#[derive(Default)]
struct Draft {
    pid: Option<ObjectId>,
    space: usize,
    adopts: bool,
    /// Children that it makes first of all.
    early: Vec<usize>,
    /// What it starts to lead.
    own: Option<Step>,
    /// What it makes then.
    late: Vec<Step>,
    /// The group that it has to enter.
    enters: Option<ObjectId>,
    /// A placeholder that keeps a group until all have entered theirs.
    stays: bool,
    /// Placeholders that it has made.
    reaps: Vec<usize>,
}

/// All of them: the members first.
struct Crew {
    roots: Vec<usize>,
    drafts: Vec<Draft>,
    /// Who leads a session whose leader has died.
    stand_ins: BTreeMap<u32, usize>,
    /// And who does for a group, and below whom.
    led_in: BTreeMap<u32, (Option<usize>, usize)>,
}

impl Crew {
    fn new(kin: &Kin<'_>, births: &Births) -> Self {
        let mut crew = Self {
            roots: Vec::new(),
            drafts: (0..kin.members.len())
                .map(|task| Draft {
                    pid: Some(kin.members[task].pid),
                    space: kin.space(task),
                    adopts: births.adopts[task],
                    own: kin.starts(task),
                    ..Draft::default()
                })
                .collect(),
            stand_ins: BTreeMap::new(),
            led_in: BTreeMap::new(),
        };
        for stand_in in &births.stand_ins {
            let space = kin.nesting.space(stand_in.session);
            let actor = crew.add(Some(stand_in.session), Some(Step::NewSession), space);
            crew.stand_ins.insert(stand_in.session.get(), actor);
            match stand_in.parent {
                Some(parent) => crew.lend(parent, actor),
                None => crew.roots.push(actor),
            }
        }
        let mut helpers = BTreeMap::new();
        for task in kin.processes() {
            crew.cast(kin, task, births.makers[task], &mut helpers);
        }
        for (task, member) in kin.members.iter().enumerate() {
            if !kin.is_process(task) {
                let leader = member.leader.get() as usize;
                crew.drafts[leader].late.push(Step::Thread(task));
            }
        }
        crew
    }

    /// Has a process made as was worked out.
    fn cast(
        &mut self,
        kin: &Kin<'_>,
        task: usize,
        maker: Maker,
        helpers: &mut BTreeMap<(usize, usize), usize>,
    ) {
        match (maker, kin.parent(task)) {
            (Maker::Parent { early: false }, parent)
                if kin.is_led_from_further_out(task) && self.lead_in(kin, task, parent) => {}
            (Maker::Parent { early: true }, Some(parent)) => self.drafts[parent].early.push(task),
            (Maker::Parent { early: false }, Some(parent)) => {
                self.drafts[parent].late.push(Step::Child(task));
            }
            (Maker::Parent { .. }, None) => self.roots.push(task),
            (Maker::Sibling(leader), _) => self.drafts[leader].late.push(Step::Sibling(task)),
            (Maker::Ancestor(leader), parent) => {
                // The helper is where its orphans stay.
                let own = self.drafts[leader].space;
                let space = match parent {
                    Some(parent) if kin.adopts_inside(parent, own) => kin.space(parent),
                    _ => own,
                };
                // The children of a stand-in are orphans soon enough.
                let maker = match helpers.get(&(leader, space)) {
                    None if leader >= kin.members.len() && space == own => leader,
                    Some(helper) => *helper,
                    None => {
                        let helper = self.add(None, None, space);
                        self.lend(leader, helper);
                        helpers.insert((leader, space), helper);
                        helper
                    }
                };
                self.drafts[maker].late.push(Step::Child(task));
            }
        }
    }

    /// Has it born into a group that it cannot name, and whose leader has died: by one who leads the
    /// group instead, and is its sibling. Not if that one has another parent.
    fn lead_in(&mut self, kin: &Kin<'_>, task: usize, parent: Option<usize>) -> bool {
        let group = kin.members[task].group;
        let leader = match self.led_in.get(&group.get()) {
            Some((other, leader)) if *other == parent => *leader,
            Some(_) => return false,
            None => {
                let space = kin.nesting.space(group);
                let leader = self.add(Some(group), Some(Step::NewGroup), space);
                match parent {
                    Some(parent) => self.lend(parent, leader),
                    None => self.roots.push(leader),
                }
                self.stand_ins.insert(group.get(), leader);
                self.led_in.insert(group.get(), (parent, leader));
                leader
            }
        };
        self.drafts[leader].late.push(Step::Sibling(task));
        true
    }

    /// One more placeholder.
    fn add(&mut self, pid: Option<ObjectId>, own: Option<Step>, space: usize) -> usize {
        self.drafts.push(Draft {
            pid,
            space,
            own,
            ..Draft::default()
        });
        self.drafts.len() - 1
    }

    /// A placeholder becomes this one's child for a while.
    fn lend(&mut self, maker: usize, placeholder: usize) {
        let draft = &mut self.drafts[maker];
        draft.late.push(Step::Child(placeholder));
        draft.reaps.push(placeholder);
    }

    /// Plays it through, as far as everybody is there: the group that each is in then. Who is never
    /// made would have to make, in the end, itself.
    fn birth_groups(&self, kin: &Kin<'_>) -> Result<Vec<ObjectId>, Refusal> {
        let mut groups = vec![None; self.drafts.len()];
        let mut queue: VecDeque<(usize, ObjectId)> = self
            .roots
            .iter()
            .map(|root| (*root, ObjectId::NONE))
            .collect();
        while let Some((actor, found)) = queue.pop_front() {
            let draft = &self.drafts[actor];
            let own = draft.own.and(draft.pid).unwrap_or(found);
            groups[actor] = Some(own);
            queue.extend(draft.early.iter().map(|child| (*child, found)));
            queue.extend(draft.late.iter().filter_map(|step| match step {
                Step::Child(made) | Step::Sibling(made) => Some((*made, own)),
                _ => None,
            }));
        }
        match kin.processes().find(|task| groups[*task].is_none()) {
            Some(task) => Err(kin.refuse(task, Obstacle::Session)),
            None => Ok(groups
                .into_iter()
                .map(|group| group.unwrap_or(ObjectId::NONE))
                .collect()),
        }
    }

    /// How an actor comes into its namespace from another one's; none: from outside.
    fn entry(&self, kin: &Kin<'_>, maker: Option<usize>, made: usize) -> Entry {
        let from = maker.map_or(0, |maker| self.drafts[maker].space);
        let made = &self.drafts[made];
        kin.nesting.entry(from, made.space, made.pid)
    }

    /// Whoever has to wait for the first process of a namespace comes last, the innermost at the end:
    /// so nobody waits for somebody who is made later by the one who waits.
    fn order_entries(&mut self, kin: &Kin<'_>) {
        let depth = |crew: &Self, maker, made: usize| match crew.entry(kin, maker, made) {
            Entry::Later => kin.nesting.depth(crew.drafts[made].space),
            _ => 0,
        };
        let mut roots = std::mem::take(&mut self.roots);
        roots.sort_by_key(|root| depth(self, None, *root));
        self.roots = roots;
        for maker in 0..self.drafts.len() {
            let draft = &mut self.drafts[maker];
            let mut early = std::mem::take(&mut draft.early);
            let mut late = std::mem::take(&mut draft.late);
            early.sort_by_key(|made| depth(self, Some(maker), *made));
            late.sort_by_key(|step| match step {
                Step::Child(made) | Step::Sibling(made) => depth(self, Some(maker), *made),
                _ => 0,
            });
            (self.drafts[maker].early, self.drafts[maker].late) = (early, late);
        }
    }

    /// Plays the births through: everybody can be made where it is, and nobody waits for ever.
    fn check_entries(&self, kin: &Kin<'_>) -> Result<(), Refusal> {
        let births_by = |draft: &Draft| -> Vec<(usize, bool)> {
            let early = draft.early.iter().map(|made| (*made, false));
            let late = draft.late.iter().filter_map(|step| match step {
                Step::Child(made) => Some((*made, false)),
                Step::Sibling(made) => Some((*made, true)),
                _ => None,
            });
            early.chain(late).collect()
        };
        // Once: whoever waits often is looked up as often.
        let roots: Vec<_> = self.roots.iter().map(|root| (*root, false)).collect();
        let births: Vec<_> = self.drafts.iter().map(births_by).collect();
        let member = |actor: usize| actor.min(kin.members.len() - 1);
        let mut is_open = vec![false; kin.nesting.count()];
        let mut is_made = vec![false; self.drafts.len()];
        let mut waiting: Vec<Vec<(Option<usize>, usize)>> = vec![Vec::new(); is_open.len()];
        let mut queue = VecDeque::from([(None, 0)]);
        while let Some((maker, done)) = queue.pop_front() {
            let births = maker.map_or(&roots, |maker| &births[maker]);
            for (place, &(made, as_sibling)) in births.iter().enumerate().skip(done) {
                let space = self.drafts[made].space;
                // The first process of a namespace has no siblings of its making.
                let is_first = maker.is_some_and(|maker: usize| {
                    let draft = &self.drafts[maker];
                    draft.space != 0 && kin.nesting.first(draft.space) == draft.pid
                });
                match self.entry(kin, maker, made) {
                    _ if as_sibling && is_first => {
                        return Err(kin.refuse(member(made), Obstacle::Space));
                    }
                    Entry::Never => return Err(kin.refuse(member(made), Obstacle::Space)),
                    Entry::Later if !is_open[space] => {
                        waiting[space].push((maker, place));
                        break;
                    }
                    Entry::First => {
                        is_open[space] = true;
                        queue.extend(std::mem::take(&mut waiting[space]));
                    }
                    _ => {}
                }
                is_made[made] = true;
                queue.push_back((Some(made), 0));
            }
        }
        match kin.processes().find(|task| !is_made[*task]) {
            Some(task) => Err(kin.refuse(task, Obstacle::Space)),
            None => Ok(()),
        }
    }

    fn into_plan(self, kin: &Kin<'_>) -> Plan {
        let meets = self.drafts.iter().any(|draft| draft.enters.is_some());
        let actor = |(actor, draft): (usize, Draft)| Actor {
            pid: draft.pid,
            space: draft.space,
            steps: match actor >= kin.members.len() || kin.is_process(actor) {
                true => draft.steps(meets),
                false => Vec::new(),
            },
        };
        Plan {
            roots: self.roots,
            actors: self.drafts.into_iter().enumerate().map(actor).collect(),
            meets,
        }
    }
}

impl Draft {
    fn steps(&self, meets: bool) -> Vec<Step> {
        let mut steps = Vec::new();
        steps.extend(self.adopts.then_some(Step::Subreaper));
        steps.extend(self.early.iter().copied().map(Step::Child));
        steps.extend(self.own);
        steps.extend(&self.late);
        if meets {
            steps.push(Step::Arrive(0));
            let enter = |group| [Step::Await(0), Step::EnterGroup(group)];
            steps.extend(self.enters.into_iter().flat_map(enter));
            steps.push(Step::Arrive(1));
            steps.extend(self.stays.then_some(Step::Await(1)));
        }
        steps.extend(self.reaps.iter().copied().map(Step::Reap));
        steps
    }
}

#[cfg(test)]
mod tests;
