// SPDX-License-Identifier: GPL-2.0

//! Forests that come about by themselves.

use std::collections::BTreeMap;

use ckpt_format::task::{Member, MEMBER_ENDED, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use ckpt_format::{ObjectId, TaskId};
use zerocopy::FromZeros;

use super::super::Entry;
use super::linux::{Errno, Linux, OUTSIDE};

/// A small generator: the same forests in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        match from.len() {
            0 => None,
            many => Some(from[self.roll(many)]),
        }
    }
}

/// What happens besides fork, threads, setsid, setpgid, exit and wait.
#[derive(Clone, Copy, Default)]
pub struct Ways {
    /// The first process never ends and adopts all orphans.
    pub has_init: bool,
    pub clone_parent: bool,
    pub subreapers: bool,
    /// Pid namespaces.
    pub namespaces: bool,
    /// They are entered from outside.
    pub entries: bool,
}

/// Lets life go on for a while.
pub fn live(dice: &mut Dice, events: usize, ways: Ways) -> Linux {
    let mut linux = Linux::default();
    let crowd = 2 + dice.roll(14);
    for pid in 1..=events as u32 {
        // What the kernel refuses does not happen.
        let _ = happen(&mut linux, dice, pid, crowd, ways);
    }
    linux
}

fn happen(
    linux: &mut Linux,
    dice: &mut Dice,
    new: u32,
    crowd: usize,
    ways: Ways,
) -> Result<(), Errno> {
    let all: Vec<u32> = linux.0.keys().copied().collect();
    let living = |pid: &u32| !linux.0[pid].has_ended;
    let living: Vec<u32> = all.iter().copied().filter(living).collect();
    // The youngest lead a busier life.
    let youngest = living.len().saturating_sub(1 + dice.roll(living.len() + 1));
    let Some(pid) = dice.pick(&living[youngest..]) else {
        linux.fork(OUTSIDE, new, false)?;
        linux.get(new).adopts = ways.has_init;
        return Ok(());
    };
    let is_init = ways.has_init && pid == 1;
    if ways.namespaces && dice.roll(5) == 0 {
        return go_inside(linux, dice, pid, new, ways);
    }
    let process = &linux.0[&pid];
    let threads = &process.threads[usize::from(process.leader_has_ended)..];
    let thread = dice.pick(threads).ok_or(Errno)?;
    let exits = if living.len() > crowd { 12 } else { 2 };
    match dice.roll(20 + exits) {
        0..=7 => linux.fork(thread, new, false),
        8 | 9 => linux.setsid(pid),
        10 => linux.setpgid(pid, pid),
        11 | 12 => {
            let other = dice.pick(&all).ok_or(Errno)?;
            let group = linux.0[&other].group;
            let by = match dice.roll(2) {
                0 => linux.process_of(linux.0[&pid].parent),
                _ => pid,
            };
            let by = if linux.0.contains_key(&by) { by } else { pid };
            if !linux.can_name(by, group) {
                return Err(Errno);
            }
            match group == OUTSIDE && leads_others(linux, pid) {
                true => Err(Errno),
                false => linux.setpgid(pid, group),
            }
        }
        13 => linux.thread(pid, new),
        14 => linux.exit_leader(pid),
        15 if !ways.has_init => linux.fork(OUTSIDE, new, false),
        16 if ways.clone_parent && !is_init => {
            let space = linux.0[&pid].space;
            linux.fork_into(thread, new, true, (Entry::Same, space))
        }
        17 | 18 if ways.subreapers => {
            linux.get(pid).adopts = true;
            Ok(())
        }
        19 => linux.reap(dice.pick(&all).ok_or(Errno)?),
        20.. if !is_init => {
            if linux.1.firsts.values().any(|(first, _)| *first == pid) {
                linux.empty(pid)?;
            }
            linux.exit(pid);
            // Most are waited for soon.
            match dice.roll(4) {
                0 => Ok(()),
                _ => linux.reap(pid),
            }
        }
        _ => Ok(()),
    }
}

/// Makes a process in a pid namespace inside of its own: a new one, or one that is there.
fn go_inside(
    linux: &mut Linux,
    dice: &mut Dice,
    pid: u32,
    new: u32,
    ways: Ways,
) -> Result<(), Errno> {
    let process = &linux.0[&pid];
    let thread = *process.threads.last().unwrap();
    let inside: Vec<usize> = linux.1.firsts.keys().copied().collect();
    let into = match dice.roll(3) {
        0 => (Entry::First, linux.1.firsts.len() + 1),
        _ if !ways.entries => return Err(Errno),
        _ => (Entry::Later, dice.pick(&inside).ok_or(Errno)?),
    };
    let as_sibling = linux.own_init() == 0 || linux.process_of(linux.own_init()) != pid;
    linux.fork_into(
        thread,
        new,
        as_sibling && ways.clone_parent && dice.roll(8) == 0,
        into,
    )
}

/// It leads a group with others: if it goes back to the group outside, nobody can do as it did.
fn leads_others(linux: &Linux, pid: u32) -> bool {
    let mut others = linux.0.iter().filter(|(other, _)| **other != pid);
    others.any(|(_, other)| other.group == pid)
}

/// As a checkpoint writes it: a parent before its children, a leader before its threads.
pub fn members(linux: &Linux) -> Vec<Member> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (pid, process) in &linux.0 {
        let parent = linux.process_of(process.parent);
        children.entry(parent).or_default().push(*pid);
    }
    let mut order: Vec<u32> = Vec::new();
    let mut next = vec![OUTSIDE];
    while let Some(parent) = next.pop() {
        for child in children.get(&parent).into_iter().flatten() {
            next.push(*child);
            order.extend(&linux.0[child].threads);
        }
    }
    let places: BTreeMap<u32, u32> = order.iter().copied().zip(0..).collect();
    let place = |pid: u32| match places.get(&pid) {
        Some(place) => TaskId::new(*place),
        None => TaskId::OUTSIDE,
    };
    let record = |pid: &u32| {
        let leader = linux.process_of(*pid);
        let process = &linux.0[&leader];
        let flag = |is: bool, flag: u32| if is { flag } else { 0 };
        let flags = flag(process.group == *pid, MEMBER_GROUP_LEADER)
            | flag(process.session == *pid, MEMBER_SESSION_LEADER)
            | flag(process.leader_has_ended && *pid == leader, MEMBER_ENDED);
        Member {
            pid: ObjectId::new(*pid),
            leader: place(leader),
            parent: place(process.parent),
            group: ObjectId::new(process.group),
            session: ObjectId::new(process.session),
            flags: flags.into(),
            exit_signal: 17.into(),
            ..Member::new_zeroed()
        }
    };
    order.iter().map(record).collect()
}
