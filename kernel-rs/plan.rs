// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! What an image asks for, taken in and checked before anything is built.
//!
//! Everything but page contents is read first. A plan only holds what can be done: references
//! lead to objects that are there, every member has what a task needs, nothing comes twice.

use kernel::prelude::*;

use crate::abstractions::keys::KEYRINGS;
use crate::format::credentials::Identity;
use crate::format::header::{Header, MachineX86_64, MAX_TASKS};
use crate::format::reason::Reason;
use crate::format::signals::SignalActions;
use crate::format::task::{Member, Thread};
use crate::format::{decode, Kind, ObjectId, Problem, Record, TaskId};
use crate::log::Refusal;
use crate::rooms::confinement::FilterPlan;
use crate::rooms::credentials::IdentityPlan;
use crate::rooms::descriptors::TablePlan;
use crate::rooms::directories::DirectoriesPlan;
use crate::rooms::directory_watches::DirectoryPlan;
use crate::rooms::epolls::ItemPlan;
use crate::rooms::files::{FilePlan, Growth};
use crate::rooms::handed::HandedPlan;
use crate::rooms::ipc::IpcPlan;
use crate::rooms::keyrings::KeyringPlan;
use crate::rooms::locks::LockPlan;
use crate::rooms::memory::SpacePlan;
use crate::rooms::pids::PidsPlan;
use crate::rooms::pipes::PipePlan;
use crate::rooms::sockets::SocketPlan;
use crate::rooms::specials::SpecialPlan;
use crate::rooms::storage::StoragePlan;
use crate::rooms::terminals::TerminalPlan;
use crate::rooms::{machine, segments};
use crate::stream::{Arrived, Source};

mod check;
mod objects;
mod tasks;

pub(crate) use tasks::TaskPlan;

/// An object, and its place among those of its kind.
#[derive(Clone, Copy)]
enum Object {
    PidSpace(usize),
    Pid(usize),
    File(usize),
    Table(usize),
    Directories(usize),
    Actions(usize),
    Space(usize),
    Storage(usize),
    Pipe(usize),
    Special(usize),
    Handed(usize),
    Filter(usize),
    Keyring(usize),
    Identity(usize),
}

/// A whole container.
pub(crate) struct Plan {
    tasks_promised: u32,
    pids_promised: u32,
    objects: KVVec<Object>,
    pub(crate) pids: PidsPlan,
    /// For each pid, the member that has it.
    holders: KVVec<Option<TaskId>>,
    /// The image was made in this boot of this kernel.
    pub(crate) same_boot: bool,
    /// What is allowed to files that are open for writing.
    pub(crate) growth: Growth,
    pub(crate) members: KVVec<Member>,
    pub(crate) files: KVVec<FilePlan>,
    pub(crate) storages: KVVec<StoragePlan>,
    pub(crate) pipes: KVVec<PipePlan>,
    pub(crate) specials: KVVec<SpecialPlan>,
    pub(crate) sockets: KVVec<SocketPlan>,
    /// For each special file, whether there is an open file of it.
    opened: KVVec<bool>,
    /// What epolls look at.
    pub(crate) items: KVVec<ItemPlan>,
    pub(crate) terminals: KVVec<TerminalPlan>,
    pub(crate) handed: KVVec<HandedPlan>,
    pub(crate) locks: KVVec<LockPlan>,
    pub(crate) directory_watches: KVVec<DirectoryPlan>,
    pub(crate) ipc: IpcPlan,
    tables: KVVec<TablePlan>,
    directories: KVVec<DirectoriesPlan>,
    actions: KVVec<KVBox<SignalActions>>,
    pub(crate) spaces: KVVec<SpacePlan>,
    pub(crate) filters: KVVec<FilterPlan>,
    pub(crate) keyrings: KVVec<KeyringPlan>,
    pub(crate) identities: KVVec<IdentityPlan>,
    pub(crate) tasks: KVVec<TaskPlan>,
    segments: KVVec<(usize, segments::TablePlan)>,
    machine: Option<KVBox<MachineX86_64>>,
    /// For each object, the first member that uses it.
    space_builders: KVVec<Option<u32>>,
    table_builders: KVVec<Option<u32>>,
    directory_builders: KVVec<Option<u32>>,
    action_builders: KVVec<Option<u32>>,
}

/// Puts a record where there must be none yet.
#[inline(never)]
fn once<R: Record>(
    place: &mut Option<KVBox<R>>,
    record: R,
    arrived: &Arrived,
) -> Result<(), Refusal> {
    if place.is_some() {
        return Err(arrived.frame.error(Problem::Order(R::KIND.number())).into());
    }
    *place = Some(KVBox::new(record, GFP_KERNEL_ACCOUNT)?);
    Ok(())
}

impl Plan {
    /// Reads up to the first record of page contents, or `End`, and gives that one back.
    pub(crate) fn read(source: &mut Source, growth: Growth) -> Result<(Self, Arrived), Refusal> {
        let first = source.next()?;
        let (header, _) = decode::<Header>(&first.frame, &first.payload)?;
        machine::check_header(&header)?;
        source.salt(header.image_id);
        let mut plan = Self {
            tasks_promised: header.tasks.get(),
            pids_promised: header.pids.get(),
            objects: KVVec::new(),
            pids: PidsPlan::new()?,
            holders: KVVec::new(),
            same_boot: header.boot_id == crate::abstractions::machine::boot_id(),
            growth,
            members: KVVec::new(),
            files: KVVec::new(),
            storages: KVVec::new(),
            pipes: KVVec::new(),
            specials: KVVec::new(),
            sockets: KVVec::new(),
            opened: KVVec::new(),
            items: KVVec::new(),
            terminals: KVVec::new(),
            handed: KVVec::new(),
            locks: KVVec::new(),
            directory_watches: KVVec::new(),
            ipc: IpcPlan::default(),
            tables: KVVec::new(),
            directories: KVVec::new(),
            actions: KVVec::new(),
            spaces: KVVec::new(),
            filters: KVVec::new(),
            keyrings: KVVec::new(),
            identities: KVVec::new(),
            tasks: KVVec::new(),
            segments: KVVec::new(),
            machine: None,
            space_builders: KVVec::new(),
            table_builders: KVVec::new(),
            directory_builders: KVVec::new(),
            action_builders: KVVec::new(),
        };
        if plan.tasks_promised == 0 || plan.tasks_promised > MAX_TASKS {
            let problem = Problem::Value("tasks", plan.tasks_promised.into());
            return Err(first.frame.error(problem).into());
        }
        loop {
            let arrived = source.next()?;
            match arrived.frame.kind() {
                None => continue,
                Some(
                    Kind::ContentPages
                    | Kind::ContentZeros
                    | Kind::PipeData
                    | Kind::SocketMessage
                    | Kind::Pages
                    | Kind::ZeroPages
                    | Kind::InheritedPages
                    | Kind::End,
                ) => {
                    plan.check(&arrived)?;
                    return Ok((plan, arrived));
                }
                Some(kind) => plan.take(kind, &arrived)?,
            }
        }
    }

    /// A pid's number at the container's own level.
    pub(crate) fn number(&self, pid: ObjectId) -> Result<i32, Refusal> {
        Ok(self.pids.number(self.pid(pid)?)?)
    }

    /// The place of a pid.
    pub(crate) fn pid(&self, pid: ObjectId) -> Result<usize, Refusal> {
        match self.object("pid", pid)? {
            Object::Pid(index) => Ok(index),
            _ => Err(wrong("pid", pid)),
        }
    }

    /// The place of a pid namespace for children, if it is not the parent's own.
    pub(crate) fn space_of_children(&self, id: ObjectId) -> Result<Option<usize>, Refusal> {
        self.pid_space("space_of_children", id)
    }

    fn pid_space(&self, name: &'static str, id: ObjectId) -> Result<Option<usize>, Refusal> {
        if id == ObjectId::NONE {
            return Ok(None);
        }
        match self.object(name, id)? {
            Object::PidSpace(index) => Ok(Some(index)),
            _ => Err(wrong(name, id)),
        }
    }

    /// Is this the number of a task, group or session of the image?
    pub(crate) fn has_number(&self, number: i32) -> bool {
        self.pids.has_number(number)
    }

    /// What a member was called: number and name, for refusals.
    pub(crate) fn title(&self, member: u32) -> (i32, [u8; 16]) {
        let number = self.members.get(member as usize);
        let number = number.map(|own| self.number(own.pid));
        let task = self.tasks.get(member as usize);
        let thread = task.and_then(|task| task.thread.as_ref());
        let name = thread.map_or([0; 16], |thread| thread.comm);
        (number.and_then(Result::ok).unwrap_or(0), name)
    }

    /// Where the threads of a process are among the members.
    pub(crate) fn process(&self, leader: TaskId) -> core::ops::Range<usize> {
        let first = leader.get() as usize;
        let threads = self.members.get(first..).unwrap_or(&[]).iter();
        let count = threads.take_while(|member| member.leader == leader).count();
        first..first.saturating_add(count)
    }

    /// The leader of the process that a thread is in; nobody: it is outside.
    pub(crate) fn leader_of(&self, thread: TaskId) -> Option<usize> {
        let member = self.members.get(thread.get() as usize)?;
        Some(member.leader.get() as usize)
    }

    /// The first member that lives.
    pub(crate) fn first_living(&self) -> Option<usize> {
        self.members.iter().position(|member| !member.has_ended())
    }

    /// The first member of a process that lives: it does what is to be done once for all of them.
    pub(crate) fn first_alive(&self, leader: TaskId) -> Option<usize> {
        let first = leader.get() as usize;
        let threads = self.members.get(first..).unwrap_or(&[]).iter();
        let place = threads
            .take_while(|member| member.leader == leader)
            .position(|member| !member.has_ended());
        place.map(|place| first.saturating_add(place))
    }

    /// The descriptor table of a thread.
    pub(crate) fn table(&self, thread: &Thread) -> Result<&TablePlan, Refusal> {
        Ok(self.tables.get(self.table_index(thread)?).ok_or(EINVAL)?)
    }

    fn table_index(&self, thread: &Thread) -> Result<usize, Refusal> {
        match self.object("descriptors", thread.descriptors)? {
            Object::Table(index) => Ok(index),
            _ => Err(wrong("descriptors", thread.descriptors)),
        }
    }

    /// The directories of a thread.
    pub(crate) fn directories(&self, thread: &Thread) -> Result<&DirectoriesPlan, Refusal> {
        let index = self.directories_index(thread)?;
        Ok(self.directories.get(index).ok_or(EINVAL)?)
    }

    fn directories_index(&self, thread: &Thread) -> Result<usize, Refusal> {
        match self.object("directories", thread.directories)? {
            Object::Directories(index) => Ok(index),
            _ => Err(wrong("directories", thread.directories)),
        }
    }

    /// The signal actions of a thread.
    pub(crate) fn actions(&self, thread: &Thread) -> Result<&SignalActions, Refusal> {
        let index = self.actions_index(thread)?;
        Ok(self.actions.get(index).ok_or(EINVAL)?)
    }

    fn actions_index(&self, thread: &Thread) -> Result<usize, Refusal> {
        match self.object("signal_actions", thread.signal_actions)? {
            Object::Actions(index) => Ok(index),
            _ => Err(wrong("signal_actions", thread.signal_actions)),
        }
    }

    /// The place of a thread's address space among the spaces.
    pub(crate) fn space(&self, thread: &Thread) -> Result<usize, Refusal> {
        match self.object("address_space", thread.address_space)? {
            Object::Space(index) => Ok(index),
            _ => Err(wrong("address_space", thread.address_space)),
        }
    }

    /// The local descriptor table of a thread's address space.
    pub(crate) fn segments(
        &self,
        thread: &Thread,
    ) -> Result<Option<&segments::TablePlan>, Refusal> {
        let index = self.space(thread)?;
        let mut all = self.segments.iter();
        Ok(all
            .find(|(space, _)| *space == index)
            .map(|(_, table)| table))
    }

    /// The place of a thread's innermost seccomp filter, or of the one below a filter.
    pub(crate) fn filter(
        &self,
        name: &'static str,
        id: ObjectId,
    ) -> Result<Option<usize>, Refusal> {
        if id == ObjectId::NONE {
            return Ok(None);
        }
        match self.object(name, id)? {
            Object::Filter(index) => Ok(Some(index)),
            _ => Err(wrong(name, id)),
        }
    }

    /// The places of its keyrings, in the order of `Which::ALL`.
    fn keyrings(&self, identity: &Identity) -> Result<[Option<usize>; KEYRINGS], Refusal> {
        let keyring = |name, id| match id {
            ObjectId::NONE => Ok(None),
            id => match self.object(name, id)? {
                Object::Keyring(index) => Ok(Some(index)),
                _ => Err(wrong(name, id)),
            },
        };
        Ok([
            keyring("session_keyring", identity.session_keyring)?,
            keyring("process_keyring", identity.process_keyring)?,
            keyring("thread_keyring", identity.thread_keyring)?,
        ])
    }

    /// The place of credentials among the identities.
    pub(crate) fn identity(&self, name: &'static str, id: ObjectId) -> Result<usize, Refusal> {
        match self.object(name, id)? {
            Object::Identity(index) => Ok(index),
            _ => Err(wrong(name, id)),
        }
    }

    /// Objects declared.
    pub(crate) fn objects(&self) -> u32 {
        self.objects.len() as u32
    }
}

/// A reference that leads nowhere, or to something else.
fn wrong(name: &'static str, id: ObjectId) -> Refusal {
    Refusal::new(Reason::ImageReference, EINVAL)
        .name(name)
        .value(id.get().into())
}
