// SPDX-License-Identifier: GPL-2.0

//! The pid namespaces that a container spans.

use std::collections::BTreeMap;

use ckpt_format::task::{PidSpace, MAX_PID_LEVELS, PID_SPACE_CLOSED};
use ckpt_format::{ObjectId, Problem};

/// A pid namespace of the image.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Space {
    /// Where it lies; the container's own: in itself.
    parent: usize,
    depth: usize,
    is_closed: bool,
}

/// All of them, by their places: the container's own is at zero, and outer ones come before inner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spaces {
    spaces: Vec<Space>,
    places: BTreeMap<u32, usize>,
}

impl Default for Spaces {
    fn default() -> Self {
        let own = Space {
            parent: 0,
            depth: 0,
            is_closed: false,
        };
        Self {
            spaces: vec![own],
            places: BTreeMap::from([(ObjectId::NONE.get(), 0)]),
        }
    }
}

impl Spaces {
    /// Takes the next one in. The one without a parent is the container's own.
    pub fn add(&mut self, space: &PidSpace) -> Result<(), Problem> {
        let place = match space.parent {
            ObjectId::NONE if self.places.len() == 1 && space.flags.get() == 0 => 0,
            ObjectId::NONE => return Err(Problem::Reference("parent", 0)),
            parent => self.add_below(parent, space.flags.get() & PID_SPACE_CLOSED != 0)?,
        };
        match self.places.insert(space.id.get(), place) {
            None => Ok(()),
            Some(_) => Err(Problem::Reference("id", space.id.get())),
        }
    }

    fn add_below(&mut self, parent: ObjectId, is_closed: bool) -> Result<usize, Problem> {
        let wrong = Problem::Reference("parent", parent.get());
        let parent = self.place(parent).ok_or(wrong)?;
        let depth = self.depth(parent) + 1;
        if depth >= MAX_PID_LEVELS as usize {
            return Err(wrong);
        }
        self.spaces.push(Space {
            parent,
            depth,
            is_closed,
        });
        Ok(self.spaces.len() - 1)
    }

    /// How many objects they are.
    pub fn objects(&self) -> usize {
        self.places.len() - 1
    }

    /// How many there are; the container's own is always there.
    pub fn count(&self) -> usize {
        self.spaces.len()
    }

    /// Its place.
    pub fn place(&self, id: ObjectId) -> Option<usize> {
        self.places.get(&id.get()).copied()
    }

    /// The one that it lies in.
    pub fn parent(&self, space: usize) -> usize {
        self.spaces.get(space).map_or(0, |space| space.parent)
    }

    /// How many lie around it.
    pub fn depth(&self, space: usize) -> usize {
        self.spaces.get(space).map_or(0, |space| space.depth)
    }

    /// Nobody comes into it any more.
    pub fn is_closed(&self, space: usize) -> bool {
        self.spaces.get(space).is_some_and(|space| space.is_closed)
    }

    /// It lies in the other, or is the same.
    pub fn lies_in(&self, mut space: usize, outer: usize) -> bool {
        while self.depth(space) > self.depth(outer) {
            space = self.parent(space);
        }
        space == outer
    }
}
