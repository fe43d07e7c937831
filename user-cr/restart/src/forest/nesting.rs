// SPDX-License-Identifier: GPL-2.0

//! Pid namespaces inside of the container: who can make whom in which of them.
//!
//! A task is where its maker is, or further inside. Whoever makes the first process of a namespace
//! makes the namespace, as one directly inside of its own. Everybody else who comes from further out
//! (setns) can come only when that first process is there. Orphans stay in their namespace: they go
//! to the next one above who adopts there, or to its first process, never further out.

use std::collections::BTreeMap;

use ckpt_format::ObjectId;

use super::kin::Kin;

/// Which pid is in which namespace. The container's own is number zero; outer ones come before inner.
#[derive(Clone, Debug)]
pub struct Nesting {
    /// For each namespace the one that it lies in; zero for itself.
    parents: Vec<usize>,
    /// The pids that are not in the container's own, by their innermost namespace.
    places: BTreeMap<u32, usize>,
    /// The pid that is number 1 in it.
    firsts: Vec<ObjectId>,
}

impl Default for Nesting {
    fn default() -> Self {
        Self {
            parents: vec![0],
            places: BTreeMap::new(),
            firsts: vec![ObjectId::NONE],
        }
    }
}

/// How a new process comes to be where it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entry {
    /// It is where its maker is.
    Same,
    /// Its maker makes its namespace with it.
    First,
    /// Its maker enters its namespace, whose first process is there already.
    Later,
    /// Nobody there can make it.
    Never,
}

impl Nesting {
    /// One more namespace.
    pub fn add(&mut self, parent: usize) {
        self.parents.push(parent);
        self.firsts.push(ObjectId::NONE);
    }

    /// Where a pid is, and whether it is the first there.
    pub fn put(&mut self, pid: ObjectId, space: usize, is_first: bool) {
        if space != 0 {
            self.places.insert(pid.get(), space);
        }
        if is_first {
            self.firsts[space] = pid;
        }
    }

    /// The namespaces that there are.
    pub fn count(&self) -> usize {
        self.parents.len()
    }

    pub fn space(&self, pid: ObjectId) -> usize {
        self.places.get(&pid.get()).copied().unwrap_or(0)
    }

    pub fn depth(&self, mut space: usize) -> usize {
        let mut depth = 0;
        while space != 0 {
            space = self.parents[space];
            depth += 1;
        }
        depth
    }

    /// The pid that is number 1 there.
    pub fn first(&self, space: usize) -> Option<ObjectId> {
        self.firsts
            .get(space)
            .copied()
            .filter(|first| *first != ObjectId::NONE)
    }

    pub fn lies_in(&self, mut space: usize, outer: usize) -> bool {
        // Inner ones come later.
        while space > outer {
            space = self.parents[space];
        }
        space == outer
    }

    /// How somebody with this pid comes into its namespace, if it is made by somebody in `from`.
    pub fn entry(&self, from: usize, space: usize, pid: Option<ObjectId>) -> Entry {
        let is_first = space != 0 && pid.is_some() && self.first(space) == pid;
        match is_first {
            true if self.parents[space] == from && space != from => Entry::First,
            true => Entry::Never,
            false if space == from => Entry::Same,
            false if self.lies_in(space, from) => Entry::Later,
            false => Entry::Never,
        }
    }
}

/// Who adopts the orphans of each process, when it has ended: a process; nobody here; for those who
/// have become orphans below `left` in `space`.
pub(super) struct Reapers(Vec<Option<usize>>);

impl Reapers {
    pub(super) fn new(kin: &Kin<'_>, adopts: &[bool]) -> Self {
        let mut reapers = Self(vec![None; kin.members.len()]);
        for task in kin.processes() {
            reapers.0[task] = match adopts[task] {
                true => Some(task),
                false => reapers.of(kin, kin.parent(task), kin.space(task)),
            };
        }
        reapers
    }

    /// Of a child of this process that is in this namespace.
    pub(super) fn of(&self, kin: &Kin<'_>, parent: Option<usize>, space: usize) -> Option<usize> {
        match parent {
            Some(parent) if kin.space(parent) == space => self.0[parent],
            _ => kin.first(space),
        }
    }
}
