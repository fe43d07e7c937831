// SPDX-License-Identifier: GPL-2.0

//! The forest as a tree of lines.

use std::io::{self, Write};

use ckpt_image::format::task::Member;
use ckpt_image::format::{ObjectId, TaskId};
use ckpt_image::{find_pid, PidEntry, Spaces};

/// Deeper trees are not indented further.
const DEEPEST: usize = 40;

/// Pids and members as they come.
#[derive(Debug, Default)]
pub struct Forest {
    pub spaces: Spaces,
    pub pids: Vec<PidEntry>,
    pub members: Vec<Member>,
}

impl Forest {
    /// Prints it; the forest must have been checked.
    pub fn print(&self, out: &mut impl Write) -> io::Result<()> {
        // Below each task: its threads, then its children.
        let mut below = vec![Vec::new(); self.members.len()];
        let mut roots = Vec::new();
        for (index, member) in self.members.iter().enumerate() {
            let above = match (member.leader.get() as usize, member.parent) {
                (leader, _) if leader != index => Some(leader),
                (_, TaskId::OUTSIDE) => None,
                (_, parent) => Some(parent.get() as usize),
            };
            match above.and_then(|above| below.get_mut(above)) {
                Some(list) => list.push(index),
                None => roots.push(index),
            }
        }
        writeln!(out, "forest of {} tasks", self.members.len())?;
        let mut open: Vec<(usize, usize)> = roots.into_iter().rev().map(|root| (root, 1)).collect();
        while let Some((index, depth)) = open.pop() {
            if let Some(member) = self.members.get(index) {
                self.line(out, index, depth, member)?;
            }
            let children = below.get(index).into_iter().flatten().rev();
            open.extend(children.map(|child| (*child, depth + 1)));
        }
        Ok(())
    }

    fn line(
        &self,
        out: &mut impl Write,
        index: usize,
        depth: usize,
        member: &Member,
    ) -> io::Result<()> {
        let indent = 2 * depth.min(DEEPEST);
        let word = if member.leader.get() as usize == index {
            "process"
        } else {
            "thread"
        };
        write!(
            out,
            "{:indent$}{word} {} (task #{index}",
            "",
            self.name(member.pid)
        )?;
        writeln!(
            out,
            ", group {}, session {})",
            self.name(member.group),
            self.name(member.session)
        )
    }

    /// The numbers of a pid, from the container's level inwards.
    fn name(&self, id: ObjectId) -> String {
        match find_pid(&self.pids, id) {
            Some(pid) => {
                let numbers: Vec<String> = pid.numbers.iter().map(i32::to_string).collect();
                numbers.join("/")
            }
            None => "outside".into(),
        }
    }
}
