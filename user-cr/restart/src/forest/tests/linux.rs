// SPDX-License-Identifier: GPL-2.0

//! The kernel's rules, as far as they matter here: who gets which parent, group and session.

use std::collections::BTreeMap;

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
}

#[derive(Clone, Default)]
pub struct Linux(pub BTreeMap<u32, Process>);

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
        };
        self.0.insert(pid, child);
        Ok(())
    }

    pub fn thread(&mut self, pid: u32, thread: u32) -> Result<(), Errno> {
        if self.is_taken(thread) {
            return Err(Errno);
        }
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
        let mut above = self.process_of(self.0[&pid].parent);
        while let Some(process) = self.0.get(&above) {
            if process.adopts && !process.has_ended {
                return *process.threads.last().unwrap();
            }
            above = self.process_of(process.parent);
        }
        OUTSIDE
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

    /// By pid: process that is the parent, group, session, threads.
    pub fn picture(&self) -> Vec<(u32, u32, u32, u32, Vec<u32>)> {
        let picture = |(pid, process): (&u32, &Process)| {
            let mut threads = process.threads.clone();
            threads.sort_unstable();
            let parent = self.process_of(process.parent);
            (*pid, parent, process.group, process.session, threads)
        };
        self.0.iter().map(picture).collect()
    }
}
