// SPDX-License-Identifier: GPL-2.0

//! Who makes whom, and when, so that families, sessions and process groups come out as saved.
//!
//! Linux gives a new task its parent's session and group. A task can leave them only for new ones
//! that it leads itself (setsid), or enter a group of its session (setpgid). So a child that is still
//! in the session its parent has left was born before its parent left: each process makes some
//! children early, then starts what it leads, and makes the others late. Entering a group comes
//! last, when all leaders are there.

use std::collections::HashMap;
use std::fmt;

use ckpt_format::task::Member;
use ckpt_format::{ObjectId, TaskId};

/// What a task does, one after the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Makes a child: the process with this place in the forest.
    Child(usize),
    /// Makes a thread of its own, with this place in the forest.
    Thread(usize),
    /// Starts a session and a group of its own.
    NewSession,
    /// Starts a group of its own.
    NewGroup,
    /// Waits until every task is made and leads what it leads.
    AllThere,
    /// Enters the group that the task with this place leads.
    EnterGroup(usize),
}

/// For each member of the forest, in its order: what it does before it joins.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Plan {
    /// Those whose parent is outside.
    pub roots: Vec<usize>,
    /// The steps of each.
    pub steps: Vec<Vec<Step>>,
}

/// Why a forest cannot be built.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// Which member.
    pub task: usize,
    /// What is the matter with it.
    pub what: Obstacle,
}

/// What cannot be built yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Obstacle {
    /// It is in a session that none of its ancestors was in or leads.
    Session,
    /// It is in a process group without a leader in its session.
    Group,
    /// It is still in a group outside that its relatives have left.
    OutsideGroup,
    /// It leads a session, but not the group of the same number.
    Leader,
    /// Its parent gets a signal when it ends that no process can ask for.
    ExitSignal,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Session => "it is in a session that it cannot have got from an ancestor",
            Self::Group => {
                "the leader of its process group is not in the image, or not in its session"
            }
            Self::OutsideGroup => "it is in a process group outside that its ancestors have left",
            Self::Leader => "it leads a session, but not that session's process group",
            Self::ExitSignal => "its exit signal is impossible for a process",
        })
    }
}

/// Works out the plan. The forest has been checked: parents and leaders come before, and exist.
pub fn plan(members: &[Member]) -> Result<Plan, Refusal> {
    let forest = Forest::new(members)?;
    let birth = forest.births()?;
    let mut plan = Plan {
        roots: forest.roots.clone(),
        steps: vec![Vec::new(); members.len()],
    };
    let mut born_in = vec![ObjectId::NONE; members.len()];

    for task in 0..members.len() {
        let member = &members[task];
        if !forest.is_process(task) {
            continue;
        }
        let (early, late): (Vec<usize>, Vec<usize>) = forest.children[task]
            .iter()
            .partition(|child| birth[**child].early);
        let own = if forest.leads_session(task) {
            Some(Step::NewSession)
        } else if forest.leads_group(task) {
            Some(Step::NewGroup)
        } else {
            None
        };
        for child in &early {
            born_in[*child] = born_in[task];
        }
        for child in &late {
            born_in[*child] = own.map_or(born_in[task], |_| member.pid);
        }

        let steps = &mut plan.steps[task];
        steps.extend(early.into_iter().map(Step::Child));
        steps.extend(own);
        steps.extend(late.into_iter().map(Step::Child));
        steps.extend(forest.threads[task].iter().copied().map(Step::Thread));
        if own.is_none() && member.group != born_in[task] {
            let leader = forest.group_leader(task)?;
            steps.extend([Step::AllThere, Step::EnterGroup(leader)]);
        }
    }
    Ok(plan)
}

/// The members, and who belongs to whom.
struct Forest<'a> {
    members: &'a [Member],
    roots: Vec<usize>,
    children: Vec<Vec<usize>>,
    threads: Vec<Vec<usize>>,
    by_pid: HashMap<u32, usize>,
}

/// What a process needs of the moment it is born.
#[derive(Clone, Copy, Default)]
struct Birth {
    /// The session that it must find itself in; none: any.
    session: Option<ObjectId>,
    /// It must find itself in the restarter's group.
    outside_group: bool,
    /// Before its parent starts what that leads.
    early: bool,
}

impl<'a> Forest<'a> {
    fn new(members: &'a [Member]) -> Result<Self, Refusal> {
        let mut forest = Self {
            members,
            roots: Vec::new(),
            children: vec![Vec::new(); members.len()],
            threads: vec![Vec::new(); members.len()],
            by_pid: HashMap::new(),
        };
        for (task, member) in members.iter().enumerate() {
            forest.by_pid.insert(member.pid.get(), task);
            if !forest.is_process(task) {
                forest.threads[member.leader.get() as usize].push(task);
                continue;
            }
            if forest.leads_session(task) && !forest.leads_group(task) {
                return Err(forest.refuse(task, Obstacle::Leader));
            }
            if member.exit_signal.get() < 0 {
                return Err(forest.refuse(task, Obstacle::ExitSignal));
            }
            match member.parent {
                TaskId::OUTSIDE => forest.roots.push(task),
                parent => forest.children[parent.get() as usize].push(task),
            }
        }
        Ok(forest)
    }

    /// From the last to the first, so that a process comes after its children: what each needs.
    fn births(&self) -> Result<Vec<Birth>, Refusal> {
        let mut births = vec![Birth::default(); self.members.len()];
        for task in (0..self.members.len()).rev() {
            if !self.is_process(task) {
                continue;
            }
            let session = self.members[task].session;
            let leads_session = self.leads_session(task);
            let mut birth = Birth {
                session: (!leads_session).then_some(session),
                outside_group: self.members[task].group == ObjectId::NONE,
                early: false,
            };
            for &child in &self.children[task] {
                let needs = births[child];
                let elsewhere = needs.session.filter(|wanted| *wanted != session);
                births[child].early = needs.outside_group || elsewhere.is_some();
                birth.outside_group |= needs.outside_group;
                // What an early child finds is what this process was born into.
                let found = if births[child].early {
                    needs.session
                } else {
                    None
                };
                match (found, birth.session) {
                    (None, _) => {}
                    (Some(wanted), Some(given)) if wanted == given => {}
                    (Some(wanted), None) if wanted != session => birth.session = Some(wanted),
                    _ => return Err(self.refuse(child, Obstacle::Session)),
                }
            }
            births[task] = birth;
        }
        for &root in &self.roots {
            if births[root]
                .session
                .is_some_and(|wanted| wanted != ObjectId::NONE)
            {
                return Err(self.refuse(root, Obstacle::Session));
            }
        }
        Ok(births)
    }

    /// The member that leads this one's group, in the same session.
    fn group_leader(&self, task: usize) -> Result<usize, Refusal> {
        let member = &self.members[task];
        if member.group == ObjectId::NONE {
            return Err(self.refuse(task, Obstacle::OutsideGroup));
        }
        self.by_pid
            .get(&member.group.get())
            .copied()
            .filter(|leader| self.is_process(*leader) && self.leads_group(*leader))
            .filter(|leader| self.members[*leader].session == member.session)
            .ok_or(self.refuse(task, Obstacle::Group))
    }

    fn is_process(&self, task: usize) -> bool {
        self.members[task].leader.get() as usize == task
    }

    fn leads_session(&self, task: usize) -> bool {
        self.members[task].session == self.members[task].pid
    }

    fn leads_group(&self, task: usize) -> bool {
        self.members[task].group == self.members[task].pid
    }

    fn refuse(&self, task: usize, what: Obstacle) -> Refusal {
        Refusal { task, what }
    }
}

#[cfg(test)]
mod tests;
