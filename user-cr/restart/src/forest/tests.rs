// SPDX-License-Identifier: GPL-2.0

//! Forests that come about by themselves (fork, setsid, setpgid, exit at random) are planned, and the
//! plan is carried out by a model of the kernel's rules: either it gives the same forest, or the
//! planner has refused.

use ckpt_format::task::{MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use zerocopy::FromZeros;

use super::*;

/// A small generator: the same forests in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }
}

const OUTSIDE: u32 = 0;

/// A task as the kernel sees it. Pids count from one; zero stands for what is outside.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Task {
    pid: u32,
    leader: u32,
    parent: u32,
    group: u32,
    session: u32,
}

/// The kernel, as far as it matters here.
#[derive(Default)]
struct Kernel(Vec<Task>);

impl Kernel {
    fn find(&mut self, pid: u32) -> &mut Task {
        self.0.iter_mut().find(|task| task.pid == pid).unwrap()
    }

    fn fork(&mut self, parent: u32, pid: u32) {
        let like = match parent {
            OUTSIDE => Task {
                pid,
                leader: pid,
                parent,
                group: OUTSIDE,
                session: OUTSIDE,
            },
            _ => Task {
                pid,
                leader: pid,
                parent,
                ..*self.find(parent)
            },
        };
        self.0.push(like);
    }

    fn thread(&mut self, leader: u32, pid: u32) {
        let like = *self.find(leader);
        self.0.push(Task { pid, ..like });
    }

    fn set(&mut self, leader: u32, group: u32, session: u32) {
        for task in self.0.iter_mut().filter(|task| task.leader == leader) {
            (task.group, task.session) = (group, session);
        }
    }

    fn setsid(&mut self, pid: u32) -> Result<(), ()> {
        if self
            .0
            .iter()
            .any(|task| task.group == pid || task.session == pid)
        {
            return Err(());
        }
        self.set(pid, pid, pid);
        Ok(())
    }

    fn setpgid(&mut self, pid: u32, group: u32) -> Result<(), ()> {
        let own = *self.find(pid);
        let is_there = |task: &Task| task.group == group && task.session == own.session;
        if own.session == pid || (group != pid && !self.0.iter().any(is_there)) {
            return Err(());
        }
        self.set(pid, group, own.session);
        Ok(())
    }

    /// The process and its threads; its children become init's.
    fn exit(&mut self, pid: u32) {
        self.0.retain(|task| task.leader != pid);
        for task in self.0.iter_mut().filter(|task| task.parent == pid) {
            task.parent = OUTSIDE;
        }
    }

    fn processes(&self) -> Vec<u32> {
        self.0
            .iter()
            .filter(|task| task.pid == task.leader)
            .map(|task| task.pid)
            .collect()
    }
}

/// Lets life go on for a while.
fn live(dice: &mut Dice, events: usize, with_exits: bool) -> Kernel {
    let mut kernel = Kernel::default();
    for pid in 1..=events as u32 {
        let processes = kernel.processes();
        if processes.is_empty() || dice.roll(8) == 0 {
            kernel.fork(OUTSIDE, pid);
            continue;
        }
        let who = processes[dice.roll(processes.len())];
        let other = processes[dice.roll(processes.len())];
        // What the kernel refuses does not happen.
        match dice.roll(if with_exits { 12 } else { 10 }) {
            0 | 1 => drop(kernel.setsid(who)),
            2 | 3 => drop(kernel.setpgid(who, who)),
            4 if !leads_others(&kernel, who) => drop(kernel.setpgid(who, other)),
            5 => kernel.thread(who, pid),
            10 => kernel.exit(who),
            _ => kernel.fork(who, pid),
        }
    }
    kernel
}

/// A leader that goes to another group leaves one behind that nobody leads.
fn leads_others(kernel: &Kernel, pid: u32) -> bool {
    kernel
        .0
        .iter()
        .any(|task| task.group == pid && task.leader != pid)
}

/// As a checkpoint writes it: a parent or leader before its children or threads.
fn members(kernel: &Kernel) -> (Vec<u32>, Vec<Member>) {
    let mut order: Vec<u32> = Vec::new();
    let mut next: Vec<u32> = vec![OUTSIDE];
    while let Some(parent) = next.pop() {
        let children = kernel
            .0
            .iter()
            .filter(|task| task.parent == parent && task.pid == task.leader);
        for child in children {
            next.push(child.pid);
            order.push(child.pid);
            let threads = kernel
                .0
                .iter()
                .filter(|task| task.leader == child.pid && task.pid != child.pid);
            order.extend(threads.map(|task| task.pid));
        }
    }
    let place = |pid: u32| match order.iter().position(|other| *other == pid) {
        Some(place) => TaskId::new(place as u32),
        None => TaskId::OUTSIDE,
    };
    let record = |pid: &u32| {
        let task = kernel.0.iter().find(|task| task.pid == *pid).unwrap();
        let leads = |id: u32, flag: u32| if id == task.pid { flag } else { 0 };
        let flags =
            leads(task.group, MEMBER_GROUP_LEADER) | leads(task.session, MEMBER_SESSION_LEADER);
        Member {
            pid: ObjectId::new(task.pid),
            leader: place(task.leader),
            parent: place(task.parent),
            group: ObjectId::new(task.group),
            session: ObjectId::new(task.session),
            flags: flags.into(),
            exit_signal: (if task.pid == task.leader { 17 } else { -1 }).into(),
            ..Member::new_zeroed()
        }
    };
    let records = order.iter().map(record).collect();
    (order, records)
}

/// Carries a plan out: everybody up to the point where all must be there, then the rest.
fn build(plan: &Plan, order: &[u32]) -> Kernel {
    let mut kernel = Kernel::default();
    let mut last = Vec::new();
    let mut ready: Vec<usize> = Vec::new();
    for root in &plan.roots {
        kernel.fork(OUTSIDE, order[*root]);
        ready.push(*root);
    }
    while let Some(task) = ready.pop() {
        let own = order[task];
        let mut steps = plan.steps[task].iter();
        for step in steps.by_ref() {
            match *step {
                Step::Child(child) => {
                    kernel.fork(own, order[child]);
                    ready.push(child);
                }
                Step::Thread(thread) => kernel.thread(own, order[thread]),
                Step::NewSession => kernel.setsid(own).unwrap(),
                Step::NewGroup => kernel.setpgid(own, own).unwrap(),
                Step::AllThere => break,
                Step::EnterGroup(_) => panic!("not all are there"),
            }
        }
        last.push((own, steps.as_slice().to_vec()));
    }
    for (own, steps) in last {
        for step in steps {
            match step {
                Step::EnterGroup(leader) => kernel.setpgid(own, order[leader]).unwrap(),
                other => panic!("{other:?} after all are there"),
            }
        }
    }
    kernel
}

fn same(mut left: Kernel, mut right: Kernel) -> bool {
    left.0.sort_by_key(|task| task.pid);
    right.0.sort_by_key(|task| task.pid);
    left.0 == right.0
}

#[test]
fn what_never_exits_can_always_be_built() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..20_000 {
        let events = 1 + dice.roll(40);
        let kernel = live(&mut dice, events, false);
        let (order, members) = members(&kernel);
        let plan = plan(&members).unwrap_or_else(|refusal| panic!("round {round}: {refusal:?}"));
        assert!(
            same(kernel, build(&plan, &order)),
            "round {round}: {plan:?}"
        );
    }
}

#[test]
fn what_is_built_is_what_was_saved_or_it_is_refused() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut built = 0;
    let mut refused = 0;
    for round in 0..20_000 {
        let events = 1 + dice.roll(40);
        let kernel = live(&mut dice, events, true);
        let (order, members) = members(&kernel);
        match plan(&members) {
            Ok(plan) => {
                built += 1;
                assert!(
                    same(kernel, build(&plan, &order)),
                    "round {round}: {plan:?}"
                );
            }
            Err(_) => refused += 1,
        }
    }
    assert!(
        built > 5_000 && refused > 500,
        "{built} built, {refused} refused"
    );
}

/// A member by its numbers, for the tests below.
fn member(pid: u32, parent: TaskId, group: u32, session: u32) -> Member {
    Member {
        pid: ObjectId::new(pid),
        leader: TaskId::new(pid - 1),
        parent,
        group: ObjectId::new(group),
        session: ObjectId::new(session),
        exit_signal: 17.into(),
        ..Member::new_zeroed()
    }
}

#[test]
fn one_task_needs_at_most_one_step() {
    let steps =
        |group, session| plan(&[member(1, TaskId::OUTSIDE, group, session)]).map(|plan| plan.steps);
    assert_eq!(steps(0, 0), Ok(vec![vec![]]));
    assert_eq!(steps(1, 0), Ok(vec![vec![Step::NewGroup]]));
    assert_eq!(steps(1, 1), Ok(vec![vec![Step::NewSession]]));
    let refused = |what| Err(Refusal { task: 0, what });
    assert_eq!(steps(0, 1), refused(Obstacle::Leader));
    assert_eq!(steps(0, 7), refused(Obstacle::Session));
    assert_eq!(steps(7, 0), refused(Obstacle::Group));
}

#[test]
fn a_child_of_the_old_session_comes_early() {
    let members = [
        member(1, TaskId::OUTSIDE, 1, 1),
        member(2, TaskId::new(0), 0, 0),
        member(3, TaskId::new(0), 1, 1),
    ];
    let plan = plan(&members).unwrap();
    let wanted = [Step::Child(1), Step::NewSession, Step::Child(2)];
    assert_eq!(plan.steps[0], wanted);
}
