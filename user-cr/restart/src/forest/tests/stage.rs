// SPDX-License-Identifier: GPL-2.0

//! Carries a plan out, everybody at a speed of his own.

use ckpt_format::task::Member;

use super::super::{Entry, Nesting, Plan, Step};
use super::life::Dice;
use super::linux::{Linux, OUTSIDE};

/// Pids of placeholders that may have any.
const FREE: u32 = 1 << 20;

/// A plan on its way.
pub struct Stage<'a> {
    members: &'a [Member],
    plan: &'a Plan,
    nesting: &'a Nesting,
    linux: Linux,
    /// Roots that have been made.
    roots: usize,
    /// For each actor: it has been made, and how many steps it has done.
    done: Vec<Option<usize>>,
    arrived: [usize; 2],
    processes: usize,
}

/// Gives what has come about.
pub fn perform(members: &[Member], nesting: &Nesting, plan: &Plan, dice: &mut Dice) -> Linux {
    let mut stage = Stage {
        members,
        plan,
        nesting,
        linux: Linux::default(),
        roots: 0,
        done: vec![None; plan.actors.len()],
        arrived: [0; 2],
        processes: 0,
    };
    let actors = 0..plan.actors.len();
    stage.processes = actors.filter(|actor| !stage.is_thread(*actor)).count();
    // Whoever may go on; one past the last is the outside.
    let mut ready = vec![plan.actors.len()];
    let mut waiting = Vec::new();
    while !ready.is_empty() || !waiting.is_empty() {
        if ready.is_empty() || dice.roll(8) == 0 {
            let (blocked, free) = waiting
                .drain(..)
                .partition(|actor| stage.is_blocked(*actor));
            waiting = blocked;
            ready.extend::<Vec<usize>>(free);
            assert!(
                !ready.is_empty(),
                "everybody waits: {waiting:?} of {plan:?}"
            );
        }
        let actor = ready.swap_remove(dice.roll(ready.len()));
        match stage.is_blocked(actor) {
            true => waiting.push(actor),
            false => stage.go_on(actor, &mut ready),
        }
    }
    stage.finish()
}

impl Stage<'_> {
    fn pid(&self, actor: usize) -> u32 {
        match self.plan.actors[actor].pid {
            Some(pid) => pid.get(),
            None => FREE + actor as u32,
        }
    }

    fn next_step(&self, actor: usize) -> Option<Step> {
        let steps = &self.plan.actors.get(actor)?.steps;
        steps.get(self.done[actor].unwrap()).copied()
    }

    fn is_thread(&self, actor: usize) -> bool {
        let member = self.members.get(actor);
        member.is_some_and(|member| member.leader.get() as usize != actor)
    }

    fn is_blocked(&self, actor: usize) -> bool {
        match self.next_step(actor) {
            Some(Step::Await(meeting)) => self.arrived[meeting] < self.processes,
            Some(Step::Child(other) | Step::Sibling(other)) => self.is_early(Some(actor), other),
            None if actor == self.plan.actors.len() => {
                let next = self.plan.roots.get(self.roots);
                next.is_some_and(|root| self.is_early(None, *root))
            }
            Some(Step::Reap(other)) => !self.linux.0[&self.pid(other)].has_ended,
            _ => false,
        }
    }

    /// One step, or the end.
    fn go_on(&mut self, actor: usize, ready: &mut Vec<usize>) {
        if actor == self.plan.actors.len() {
            if let Some(root) = self.plan.roots.get(self.roots) {
                self.make(OUTSIDE, *root, (None, false), ready);
                self.roots += 1;
                ready.push(actor);
            }
            return;
        }
        let pid = self.pid(actor);
        let Some(step) = self.next_step(actor) else {
            if actor >= self.members.len() {
                self.linux.exit(pid);
            }
            return;
        };
        *self.done[actor].as_mut().unwrap() += 1;
        ready.push(actor);
        self.perform(actor, pid, step, ready);
    }

    fn perform(&mut self, actor: usize, pid: u32, step: Step, ready: &mut Vec<usize>) {
        match step {
            Step::Subreaper => self.linux.get(pid).adopts = true,
            Step::Child(other) => self.make(pid, other, (Some(actor), false), ready),
            Step::Sibling(other) => self.make(pid, other, (Some(actor), true), ready),
            Step::Thread(thread) => {
                assert_eq!(self.members[thread].leader.get() as usize, actor);
                self.linux.thread(pid, self.pid(thread)).unwrap();
            }
            Step::NewSession => self.linux.setsid(pid).unwrap(),
            Step::NewGroup => self.linux.setpgid(pid, pid).unwrap(),
            Step::Arrive(meeting) => {
                assert!(self.plan.meets);
                self.arrived[meeting] += 1;
            }
            Step::Await(_) => {}
            Step::EnterGroup(group) => {
                assert!(self.linux.can_name(pid, group.get()));
                self.linux.setpgid(pid, group.get()).unwrap();
            }
            Step::Reap(other) => {
                let other = self.pid(other);
                assert_eq!(self.linux.get(other).parent, pid);
                self.linux.reap(other).unwrap();
            }
        }
    }

    /// How somebody comes to be where it is; from outside, if nobody is the maker.
    fn entry(&self, maker: Option<usize>, made: usize) -> (Entry, usize) {
        let from = maker.map_or(0, |maker| self.plan.actors[maker].space);
        let made = &self.plan.actors[made];
        (self.nesting.entry(from, made.space, made.pid), made.space)
    }

    /// Its maker has to wait for the first process of its namespace.
    fn is_early(&self, maker: Option<usize>, made: usize) -> bool {
        let (entry, space) = self.entry(maker, made);
        entry == Entry::Later && !self.linux.1.firsts.contains_key(&space)
    }

    fn make(
        &mut self,
        maker: u32,
        actor: usize,
        (by, as_sibling): (Option<usize>, bool),
        ready: &mut Vec<usize>,
    ) {
        assert_eq!(self.done[actor], None, "made twice");
        assert!(!self.is_thread(actor));
        let into = self.entry(by, actor);
        let pid = self.pid(actor);
        self.linux.fork_into(maker, pid, as_sibling, into).unwrap();
        self.done[actor] = Some(0);
        ready.push(actor);
    }

    /// The outside waits for the placeholders that are its children.
    fn finish(mut self) -> Linux {
        let comes = |meeting| move |step: &&Step| **step == Step::Arrive(meeting);
        for (actor, part) in self.plan.actors.iter().enumerate() {
            assert_eq!(self.done[actor].is_none(), self.is_thread(actor));
            for meeting in [0, 1] {
                let times = part.steps.iter().filter(comes(meeting)).count();
                assert_eq!(times == 1, self.plan.meets && !self.is_thread(actor));
            }
        }
        // The kernel brings into their groups those who cannot name them.
        for member in self.members {
            let (pid, group) = (member.pid.get(), member.group.get());
            let differs = |process: &super::linux::Process| process.group != group;
            if self.linux.0.get(&pid).is_some_and(differs) && !self.linux.can_name(pid, group) {
                let mut others = self.linux.0.values();
                assert!(others.any(|other| other.group == group));
                self.linux.get(pid).group = group;
            }
        }
        self.linux
            .0
            .retain(|_, process| !(process.has_ended && process.parent == OUTSIDE));
        self.linux
    }
}
