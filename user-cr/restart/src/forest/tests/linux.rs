// SPDX-License-Identifier: GPL-2.0

//! The kernel's rules, as far as they matter here: who gets which parent, group and session, and in
//! which pid namespace.

use std::collections::BTreeMap;

use ckpt_format::ObjectId;

use super::super::{Entry, Nesting};

/// What is outside, as a pid, a parent, a group or a session.
pub const OUTSIDE: u32 = 0;

/// A process, living or not waited for yet.
#[derive(Clone, Debug)]
pub struct Process {
    /// A thread, or outside.
    pub parent: u32,
    pub group: u32,
    pub session: u32,
    /// Its threads, the leader first.
    pub threads: Vec<u32>,
    pub leader_has_ended: bool,
    pub has_ended: bool,
    pub adopts: bool,
    /// Its pid namespace; zero for the container's own.
    pub space: usize,
}

#[derive(Clone, Default)]
pub struct Linux(pub BTreeMap<u32, Process>, pub Spaces);

/// The pid namespaces.
#[derive(Clone, Default)]
pub struct Spaces {
    /// The first process of each one inside of the container's own, and the one that it lies in.
    pub firsts: BTreeMap<usize, (u32, usize)>,
    /// Where every pid is, or was.
    pub of: BTreeMap<u32, usize>,
}

/// EPERM, ESRCH, EEXIST ...
#[derive(Debug)]
pub struct Errno;

impl Linux {
    /// The process that a thread belongs to.
    pub fn process_of(&self, thread: u32) -> u32 {
        let owner = |(_, process): &(&u32, &Process)| process.threads.contains(&thread);
        match self.0.contains_key(&thread) {
            true => thread,
            false => self.0.iter().find(owner).map_or(OUTSIDE, |(pid, _)| *pid),
        }
    }

    /// A number is taken as long as a task, a group or a session has it.
    fn is_taken(&self, number: u32) -> bool {
        self.0.iter().any(|(_, process)| {
            process.threads.contains(&number)
                || process.group == number
                || process.session == number
        })
    }

    /// clone(2) by this thread, as its child or its process's sibling.
    pub fn fork(&mut self, thread: u32, pid: u32, as_sibling: bool) -> Result<(), Errno> {
        if self.is_taken(pid) {
            return Err(Errno);
        }
        let caller = self.0.get(&self.process_of(thread));
        let parent = match caller {
            Some(caller) if as_sibling => caller.parent,
            _ => thread,
        };
        let child = Process {
            parent,
            group: caller.map_or(OUTSIDE, |caller| caller.group),
            session: caller.map_or(OUTSIDE, |caller| caller.session),
            threads: vec![pid],
            leader_has_ended: false,
            has_ended: false,
            adopts: false,
            space: caller.map_or(0, |caller| caller.space),
        };
        self.1.of.insert(pid, child.space);
        self.0.insert(pid, child);
        Ok(())
    }

    /// The same, into another pid namespace.
    pub fn fork_into(
        &mut self,
        thread: u32,
        pid: u32,
        as_sibling: bool,
        (entry, space): (Entry, usize),
    ) -> Result<(), Errno> {
        let caller = self.process_of(thread);
        let from = self.0.get(&caller).map_or(0, |caller| caller.space);
        let is_init = self
            .1
            .firsts
            .get(&from)
            .is_some_and(|(first, _)| *first == caller);
        let is_there = self
            .1
            .firsts
            .get(&space)
            .is_some_and(|(first, _)| !self.has_ended(*first));
        let can = match entry {
            Entry::Same => from == space,
            Entry::First => !self.1.firsts.contains_key(&space),
            Entry::Later => is_there && from != space && self.lies_in(space, from),
            Entry::Never => false,
        };
        if !can || as_sibling && is_init {
            return Err(Errno);
        }
        self.fork(thread, pid, as_sibling)?;
        if entry == Entry::First {
            self.1.firsts.insert(space, (pid, from));
        }
        self.1.of.insert(pid, space);
        self.get(pid).space = space;
        Ok(())
    }

    fn has_ended(&self, pid: u32) -> bool {
        self.0.get(&pid).is_none_or(|process| process.has_ended)
    }

    /// Does it lie in the other, or is it the same?
    pub fn lies_in(&self, mut space: usize, outer: usize) -> bool {
        while space != outer && space != 0 {
            space = self.1.firsts[&space].1;
        }
        space == outer
    }

    /// Can this process, or its parent, name the group?
    pub fn can_name(&self, pid: u32, group: u32) -> bool {
        let space = self.1.of.get(&group).copied().unwrap_or(0);
        self.lies_in(space, self.0[&pid].space)
    }

    /// Everybody in the namespace of this process, which is the first there, has gone before it ends.
    pub fn empty(&mut self, pid: u32) -> Result<(), Errno> {
        let own = self.0[&pid].space;
        let inside = |linux: &Self, other: u32| linux.lies_in(linux.1.of[&other], own);
        let stays = |linux: &Self, other: &u32| *other == pid || !inside(linux, *other);
        let all: Vec<u32> = self.0.keys().copied().collect();
        for other in all.iter().filter(|other| stays(self, other)) {
            let process = &self.0[other];
            let holds = |number: u32| number != OUTSIDE && number != pid && inside(self, number);
            if holds(process.group) || holds(process.session) {
                return Err(Errno);
            }
        }
        for other in all {
            if !stays(self, &other) {
                self.0.remove(&other);
            }
        }
        Ok(())
    }

    /// As the planner knows them.
    pub fn nesting(&self) -> Nesting {
        let mut nesting = Nesting::default();
        for (first, parent) in self.1.firsts.values() {
            nesting.add(*parent);
            nesting.put(ObjectId::new(*first), self.1.of[first], true);
        }
        for (pid, space) in &self.1.of {
            nesting.put(ObjectId::new(*pid), *space, false);
        }
        nesting
    }

    pub fn thread(&mut self, pid: u32, thread: u32) -> Result<(), Errno> {
        if self.is_taken(thread) {
            return Err(Errno);
        }
        let space = self.get(pid).space;
        self.1.of.insert(thread, space);
        self.get(pid).threads.push(thread);
        Ok(())
    }

    pub fn get(&mut self, pid: u32) -> &mut Process {
        self.0.get_mut(&pid).unwrap()
    }

    pub fn setsid(&mut self, pid: u32) -> Result<(), Errno> {
        let is_there = |process: &Process| process.group == pid || process.session == pid;
        if self.0.values().any(is_there) {
            return Err(Errno);
        }
        let process = self.get(pid);
        (process.group, process.session) = (pid, pid);
        Ok(())
    }

    pub fn setpgid(&mut self, pid: u32, group: u32) -> Result<(), Errno> {
        let session = self.get(pid).session;
        let mut others = self.0.values().map(|other| (other.group, other.session));
        let exists = (group, session) == (OUTSIDE, OUTSIDE)
            || group == pid
            || others.any(|other| other == (group, session));
        if session == pid || !exists {
            return Err(Errno);
        }
        self.get(pid).group = group;
        Ok(())
    }

    /// All its threads end. It waits for its parent; its children go to the next one who adopts.
    pub fn exit(&mut self, pid: u32) {
        let process = self.get(pid);
        process.has_ended = true;
        process.leader_has_ended = true;
        let threads = std::mem::replace(&mut process.threads, vec![pid]);
        let reaper = self.reaper(pid);
        for child in self.0.values_mut() {
            if threads.contains(&child.parent) {
                child.parent = reaper;
            }
        }
    }

    fn reaper(&self, pid: u32) -> u32 {
        let space = self.0[&pid].space;
        let mut above = self.process_of(self.0[&pid].parent);
        while let Some(process) = self.0.get(&above).filter(|process| process.space == space) {
            if process.adopts && !process.has_ended {
                return *process.threads.last().unwrap();
            }
            above = self.process_of(process.parent);
        }
        match self.1.firsts.get(&space) {
            Some((first, _)) => *self.0[first].threads.last().unwrap(),
            None if space == 0 => self.own_init(),
            None => OUTSIDE,
        }
    }

    /// The first process of the container's own namespace, if it has one that adopts.
    pub fn own_init(&self) -> u32 {
        match self
            .0
            .get(&1)
            .filter(|init| init.parent == OUTSIDE && init.adopts)
        {
            Some(init) => *init.threads.last().unwrap(),
            None => OUTSIDE,
        }
    }

    /// Only the leader ends; its children go to another thread.
    pub fn exit_leader(&mut self, pid: u32) -> Result<(), Errno> {
        let process = self.get(pid);
        let heir = *process.threads.last().unwrap();
        if heir == pid {
            return Err(Errno);
        }
        process.leader_has_ended = true;
        for child in self.0.values_mut().filter(|child| child.parent == pid) {
            child.parent = heir;
        }
        Ok(())
    }

    /// Its parent waits for it.
    pub fn reap(&mut self, pid: u32) -> Result<(), Errno> {
        match self.get(pid).has_ended {
            true => {
                self.0.remove(&pid);
                Ok(())
            }
            false => Err(Errno),
        }
    }

    /// By pid: process that is the parent, group, session, namespace, threads.
    pub fn picture(&self) -> Vec<(u32, u32, u32, u32, usize, Vec<u32>)> {
        let picture = |(pid, process): (&u32, &Process)| {
            let mut threads = process.threads.clone();
            threads.sort_unstable();
            let parent = self.process_of(process.parent);
            (
                *pid,
                parent,
                process.group,
                process.session,
                process.space,
                threads,
            )
        };
        self.0.iter().map(picture).collect()
    }
}
