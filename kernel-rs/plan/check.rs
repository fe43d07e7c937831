// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Is everything there, and who builds what?

use kernel::prelude::*;

use crate::format::reason::Reason;
use crate::format::task::Thread;
use crate::format::{Kind, Problem, TaskId};
use crate::log::Refusal;
use crate::rooms::memory::SpacePlan;
use crate::rooms::pids::{PidsPlan, PlanOfTasks};
use crate::rooms::{directory_watches, locks, machine, semaphores, tracers, usage, vfork};
use crate::stream::Arrived;

use super::{wrong, Plan};

/// The members that build what a thread uses.
pub(crate) struct Builders {
    pub(crate) space: u32,
    pub(crate) table: u32,
    pub(crate) directories: u32,
    pub(crate) actions: u32,
}

impl Plan {
    /// The members that use a thread's objects first: they build them, and others share theirs.
    pub(crate) fn builders(&self, thread: &Thread) -> Result<Builders, Refusal> {
        let of = |builders: &[Option<u32>], index: usize| -> Result<u32> {
            builders.get(index).copied().flatten().ok_or(EINVAL)
        };
        Ok(Builders {
            space: of(&self.space_builders, self.space(thread)?)?,
            table: of(&self.table_builders, self.table_index(thread)?)?,
            directories: of(&self.directory_builders, self.directories_index(thread)?)?,
            actions: of(&self.action_builders, self.actions_index(thread)?)?,
        })
    }

    /// The member that builds each descriptor table.
    pub(crate) fn table_builders(&self) -> &[Option<u32>] {
        &self.table_builders
    }

    /// The member that builds each address space.
    pub(crate) fn space_builders(&self) -> &[Option<u32>] {
        &self.space_builders
    }

    /// The member that has these signal actions first.
    pub(crate) fn action_builder(&self, actions: usize) -> Option<u32> {
        self.action_builders.get(actions).copied().flatten()
    }

    /// Is everything there that tasks need?
    pub(super) fn check(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let missing = |kind: Kind| {
            Err(Refusal::from(
                arrived
                    .frame
                    .error(Problem::Order(arrived.frame.kind().map_or(0, Kind::number))),
            )
            .name(kind.name()))
        };
        let Some(machine) = &self.machine else {
            return missing(Kind::MachineX86_64);
        };
        if self.members.len() != self.tasks_promised as usize {
            return missing(Kind::Member);
        }
        if self.pids.len() != self.pids_promised as usize {
            return missing(Kind::Pid);
        }
        let mut pids = core::mem::replace(&mut self.pids, PidsPlan::new()?);
        pids.check(&PlanOfTasks {
            members: &self.members,
            pid: &|id| self.pid(id),
            space: &|id| self.space_of_children(id),
            lives: &|leader| self.first_alive(leader).is_some(),
        })?;
        self.pids = pids;
        for (index, (task, member)) in (0..).zip(self.tasks.iter().zip(self.members.iter())) {
            let Some(thread) = &task.thread else {
                return missing(Kind::Thread);
            };
            if task.credentials.is_none() {
                return missing(Kind::Credentials);
            }
            if member.leader.get() == index && task.process.is_none() {
                let is_needed = self.first_alive(member.leader).is_some();
                if is_needed {
                    return missing(Kind::Process);
                }
            }
            if member.has_ended() {
                if task.uses_anything(thread) {
                    return Err(wrong("address_space", thread.address_space));
                }
                continue;
            }
            machine::check_signal_stack(machine, thread)?;
            let table = self.table(thread)?;
            if table.entries.len() != table.count as usize {
                return missing(Kind::Descriptor);
            }
            let space = self.space(thread)?;
            if !self.spaces.get(space).is_some_and(SpacePlan::is_complete) {
                return missing(Kind::Area);
            }
            self.directories(thread)?;
            self.actions(thread)?;
            let first = thread.io_context;
            let shares = self.tasks.get(first.get() as usize);
            let shares = shares.and_then(|first| first.thread.as_deref());
            if first.get() > index || !shares.is_some_and(|shares| shares.io_context == first) {
                let problem = Refusal::new(Reason::ImageReference, EINVAL).name("io_context");
                return Err(problem.value(first.get().into()));
            }
            if task.scheduling.is_none() {
                return missing(Kind::Scheduling);
            }
            if task.registers.is_none() {
                return missing(Kind::RegistersX86_64);
            }
            if task.extended.is_none() {
                return missing(Kind::ExtendedStateX86);
            }
        }
        locks::check(&self.locks, &self.tables)?;
        directory_watches::check(&self.directory_watches, &self.tables)?;
        self.check_sockets()?;
        self.check_queues()?;
        vfork::check(&self.tasks, &self.members)?;
        tracers::check(&self.tasks)?;
        semaphores::check(&self.tasks)?;
        usage::check(self.members.iter().zip(self.tasks.iter()))?;
        self.ipc.check(&self.tasks)?;
        self.find_builders()
    }

    /// Who uses an object first; and that all threads of a process have the memory and the actions
    /// of one.
    fn find_builders(&mut self) -> Result<(), Refusal> {
        let none = |count| KVVec::from_elem(None, count, GFP_KERNEL_ACCOUNT);
        let mut spaces = none(self.spaces.len())?;
        let mut tables = none(self.tables.len())?;
        let mut directories = none(self.directories.len())?;
        let mut actions = none(self.actions.len())?;
        let mut before: Option<(TaskId, &Thread)> = None;
        let all = self.tasks.iter().zip(self.members.iter());
        for (index, (task, member)) in (0u32..).zip(all) {
            if member.has_ended() {
                continue;
            }
            let thread = task.thread.as_deref().ok_or(EINVAL)?;
            let uses = [
                (&mut spaces, self.space(thread)?),
                (&mut tables, self.table_index(thread)?),
                (&mut directories, self.directories_index(thread)?),
                (&mut actions, self.actions_index(thread)?),
            ];
            for (builders, object) in uses {
                let builder = builders.get_mut(object).ok_or(EINVAL)?;
                builder.get_or_insert(index);
            }
            if let Some((_, first)) = before.filter(|(leader, _)| *leader == member.leader) {
                if first.address_space != thread.address_space {
                    return Err(wrong("address_space", thread.address_space));
                }
                if first.signal_actions != thread.signal_actions {
                    return Err(wrong("signal_actions", thread.signal_actions));
                }
            }
            before = Some((member.leader, thread));
        }
        // An object that nobody uses would be built by nobody.
        if spaces.iter().any(Option::is_none) {
            return Err(Refusal::new(Reason::ImageReference, EINVAL).name("address_space"));
        }
        self.space_builders = spaces;
        self.table_builders = tables;
        self.directory_builders = directories;
        self.action_builders = actions;
        Ok(())
    }
}
