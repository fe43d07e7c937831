// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Objects and their links: taken in, and found by their numbers.

use kernel::prelude::*;

use crate::format::confinement::SeccompFilter;
use crate::format::cpu_x86_64::LocalDescriptors;
use crate::format::credentials::{Identity, Keyring};
use crate::format::events::EventCounter;
use crate::format::files::{
    Descriptor, DescriptorTable, Directories, FileOwner, OpenFile, FILE_OWNER_GROUP,
    OPEN_FILE_AUTOKILL, OPEN_FILE_OF_THREAD,
};
use crate::format::handed::Handed;
use crate::format::header::{MachineX86_64, Vdso};
use crate::format::memory::{AddressSpace, Area, AreaPolicy, GuardPages};
use crate::format::pidfds::PidfdTarget;
use crate::format::pipes::Pipe;
use crate::format::reason::Reason;
use crate::format::signals::SignalActions;
use crate::format::storage::{Storage, StorageAttribute};
use crate::format::task::{Member, Pid, PidSpace, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use crate::format::{decode, Kind, ObjectId, Problem, TaskId};
use crate::log::Refusal;
use crate::rooms::confinement::FilterPlan;
use crate::rooms::credentials::IdentityPlan;
use crate::rooms::descriptors::{Behind, TablePlan};
use crate::rooms::directories::DirectoriesPlan;
use crate::rooms::files::FilePlan;
use crate::rooms::handed::HandedPlan;
use crate::rooms::keyrings::KeyringPlan;
use crate::rooms::memory::SpacePlan;
use crate::rooms::pidfds::TargetPlan;
use crate::rooms::pipes::PipePlan;
use crate::rooms::specials::SpecialPlan;
use crate::rooms::storage::StoragePlan;
use crate::rooms::{machine, segments};
use crate::stream::Arrived;

use super::{once, wrong, Object, Plan, TaskPlan};

impl Plan {
    pub(super) fn object(&self, name: &'static str, id: ObjectId) -> Result<Object, Refusal> {
        let index = id.get().checked_sub(1).ok_or_else(|| wrong(name, id))?;
        let found = self.objects.get(index as usize);
        found.copied().ok_or_else(|| wrong(name, id))
    }

    fn file(&self, name: &'static str, id: ObjectId) -> Result<usize, Refusal> {
        match self.object(name, id)? {
            Object::File(index) => Ok(index),
            _ => Err(wrong(name, id)),
        }
    }

    fn optional_file(&self, name: &'static str, id: ObjectId) -> Result<Option<usize>, Refusal> {
        if id == ObjectId::NONE {
            return Ok(None);
        }
        self.file(name, id).map(Some)
    }

    /// An open file of a directory that the restart itself makes.
    fn removed_directory(
        &self,
        name: &'static str,
        id: ObjectId,
    ) -> Result<Option<usize>, Refusal> {
        let Some(index) = self.optional_file(name, id)? else {
            return Ok(None);
        };
        let storage = self.files.get(index).and_then(|file| file.storage);
        let storage = storage.and_then(|index| self.storages.get(index));
        match storage.is_some_and(StoragePlan::is_directory) {
            true => Ok(Some(index)),
            false => Err(wrong(name, id)),
        }
    }

    /// What an open file is of: its storage, and its pipe.
    fn inode(&self, id: ObjectId) -> Result<(Option<usize>, Option<usize>), Refusal> {
        if id == ObjectId::NONE {
            return Ok((None, None));
        }
        match self.object("storage", id)? {
            Object::Storage(index) => Ok((Some(index), None)),
            Object::Pipe(index) => {
                let pipe = self.pipes.get(index).ok_or(EINVAL)?;
                Ok((pipe.storage, Some(index)))
            }
            _ => Err(wrong("storage", id)),
        }
    }

    /// What an open file is, if it is a special one; each but pidfds is one open file.
    fn special(&mut self, file: &OpenFile) -> Result<Option<usize>, Refusal> {
        if file.storage != ObjectId::NONE {
            if let Object::Special(index) = self.object("storage", file.storage)? {
                let special = self.specials.get(index).ok_or(EINVAL)?;
                special.check(file)?;
                let is_first = self.opened.get_mut(index).ok_or(EINVAL)?;
                let was_opened = core::mem::replace(is_first, true);
                return match was_opened && !special.is_shared() {
                    false => Ok(Some(index)),
                    true => Err(wrong("storage", file.storage)),
                };
            }
        }
        match file.marks.get() & (OPEN_FILE_OF_THREAD | OPEN_FILE_AUTOKILL) {
            0 => Ok(None),
            _ => Err(wrong("storage", file.storage)),
        }
    }

    fn add_special(&mut self, id: ObjectId, plan: SpecialPlan) -> Result<(), Refusal> {
        self.declare(id, Object::Special(self.specials.len()))?;
        self.specials.push(plan, GFP_KERNEL_ACCOUNT)?;
        self.opened.push(false, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// The member that has a pid.
    fn holder(&self, pid: ObjectId) -> Result<Option<TaskId>, Refusal> {
        match pid {
            ObjectId::NONE => Ok(None),
            pid => match self.object("pid", pid)? {
                Object::Pid(index) => Ok(*self.holders.get(index).ok_or(EINVAL)?),
                _ => Err(wrong("pid", pid)),
            },
        }
    }

    fn storage(&self, id: ObjectId) -> Result<Option<usize>, Refusal> {
        if id == ObjectId::NONE {
            return Ok(None);
        }
        match self.object("storage", id)? {
            Object::Storage(index) => Ok(Some(index)),
            _ => Err(wrong("storage", id)),
        }
    }

    /// A file that an address space has mapped, or runs.
    fn mapped_file(&mut self, name: &'static str, id: ObjectId) -> Result<Option<usize>, Refusal> {
        let index = self.optional_file(name, id)?;
        if let Some(file) = index.and_then(|index| self.files.get_mut(index)) {
            if file.pipe.or(file.special).is_some() {
                return Err(wrong(name, id));
            }
            file.is_mapped = true;
        }
        Ok(index)
    }

    fn declare(&mut self, id: ObjectId, object: Object) -> Result<(), Refusal> {
        let next = self.objects().checked_add(1).ok_or(EOVERFLOW)?;
        if id.get() != next {
            return Err(wrong("id", id));
        }
        self.objects.push(object, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    pub(super) fn task(&mut self, task: TaskId) -> Result<&mut TaskPlan, Refusal> {
        let found = self.tasks.get_mut(task.get() as usize);
        found.ok_or_else(|| {
            Refusal::new(Reason::ImageReference, EINVAL)
                .name("task")
                .value(task.get().into())
        })
    }

    /// Takes a record in.
    pub(super) fn take(&mut self, kind: Kind, arrived: &Arrived) -> Result<(), Refusal> {
        let result = self.dispatch(kind, arrived);
        result.map_err(|refusal| refusal.record(arrived.frame.offset(), kind.number()))
    }

    /// Records are large, and the stack is small: those of different kinds must not lie on it at
    /// the same time. So the largest have functions of their own, which are not inlined.
    fn dispatch(&mut self, kind: Kind, arrived: &Arrived) -> Result<(), Refusal> {
        let (frame, payload) = (&arrived.frame, &arrived.payload);
        match kind {
            Kind::MachineX86_64 => self.take_machine(arrived)?,
            Kind::Vdso => {
                let (vdso, bytes) = decode::<Vdso>(frame, payload)?;
                machine::check_vdso(&vdso, bytes)?;
            }
            Kind::PidSpace => {
                let (space, _) = decode::<PidSpace>(frame, payload)?;
                let parent = self.pid_space("parent", space.parent)?;
                let place = self.pids.add_space(space, parent)?;
                self.declare(space.id, Object::PidSpace(place))?;
            }
            Kind::Pid => self.take_pid(arrived)?,
            Kind::Member => self.take_member(arrived)?,
            Kind::OpenFile => {
                let (file, path) = decode::<OpenFile>(frame, payload)?;
                let special = self.special(&file)?;
                let (storage, pipe) = match special {
                    Some(_) => (None, None),
                    None => self.inode(file.storage)?,
                };
                let opener = self.identity("opener", file.opener)?;
                self.declare(file.id, Object::File(self.files.len()))?;
                let mut plan = FilePlan::new(file, path, (storage, pipe), opener)?;
                plan.special = special;
                self.files.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::Storage => {
                let (storage, name) = decode::<Storage>(frame, payload)?;
                self.declare(storage.id, Object::Storage(self.storages.len()))?;
                self.storages
                    .push(StoragePlan::new(storage, name)?, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::Pipe => {
                let (pipe, name) = decode::<Pipe>(frame, payload)?;
                let storage = self.storage(pipe.storage)?;
                self.declare(pipe.id, Object::Pipe(self.pipes.len()))?;
                self.pipes
                    .push(PipePlan::new(pipe, name, storage)?, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::PidfdTarget => {
                let (target, _) = decode::<PidfdTarget>(frame, payload)?;
                let plan = TargetPlan::new(target, self.holder(target.pid)?, &self.members)?;
                self.add_special(target.id, SpecialPlan::Pidfd(plan))?;
            }
            Kind::EventCounter => {
                let (counter, _) = decode::<EventCounter>(frame, payload)?;
                self.add_special(counter.id, SpecialPlan::Eventfd(counter))?;
            }
            Kind::Handed => {
                let (handed, name) = decode::<Handed>(frame, payload)?;
                self.declare(handed.id, Object::Handed(self.handed.len()))?;
                let plan = HandedPlan::new(handed, name)?;
                self.handed.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::DescriptorTable => {
                let (table, _) = decode::<DescriptorTable>(frame, payload)?;
                self.declare(table.id, Object::Table(self.tables.len()))?;
                let plan = TablePlan {
                    count: table.count.get(),
                    entries: KVVec::new(),
                };
                self.tables.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::Directories => {
                let (directories, paths) = decode::<Directories>(frame, payload)?;
                let root = self.removed_directory("root", directories.root)?;
                let cwd = self.removed_directory("cwd", directories.cwd)?;
                self.declare(directories.id, Object::Directories(self.directories.len()))?;
                let plan = DirectoriesPlan::new(&directories, paths, root, cwd)?;
                self.directories.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::SignalActions => self.take_actions(arrived)?,
            Kind::SeccompFilter => {
                let (filter, program) = decode::<SeccompFilter>(frame, payload)?;
                let below = self.filter("below", filter.below)?;
                self.declare(filter.id, Object::Filter(self.filters.len()))?;
                let plan = FilterPlan::new(&filter, below, program)?;
                self.filters.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::Keyring => {
                let (keyring, name) = decode::<Keyring>(frame, payload)?;
                self.declare(keyring.id, Object::Keyring(self.keyrings.len()))?;
                let plan = KeyringPlan::new(&keyring, name)?;
                self.keyrings.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::Identity => {
                let (identity, groups) = decode::<Identity>(frame, payload)?;
                let keyrings = self.keyrings(&identity)?;
                self.declare(identity.id, Object::Identity(self.identities.len()))?;
                let plan = IdentityPlan::new(&identity, groups, keyrings)?;
                self.identities.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::AddressSpace => self.take_space(arrived)?,
            Kind::Area => self.take_area(arrived)?,
            Kind::GuardPages => {
                let (guards, _) = decode::<GuardPages>(frame, payload)?;
                self.space_of(guards.space)?
                    .last_area()?
                    .add_guards(&guards)?;
            }
            Kind::AreaPolicy => {
                let (policy, nodes) = decode::<AreaPolicy>(frame, payload)?;
                let space = self.space_of(policy.space)?;
                space.last_area()?.set_policy(&policy, nodes)?;
            }
            Kind::StorageAttribute => {
                let (attribute, tail) = decode::<StorageAttribute>(frame, payload)?;
                let id = attribute.storage;
                let index = self.storage(id)?.ok_or_else(|| wrong("storage", id))?;
                let storage = self.storages.get_mut(index).ok_or(EINVAL)?;
                storage.add_attribute(&attribute, tail)?;
            }
            Kind::Descriptor => self.take_descriptor(arrived)?,
            Kind::LocalDescriptors => self.take_local_descriptors(arrived)?,
            Kind::FileOwner => self.take_owner(arrived)?,
            _ => self.take_task_record(kind, arrived)?,
        }
        Ok(())
    }

    #[inline(never)]
    fn take_machine(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (machine, _) = decode::<MachineX86_64>(&arrived.frame, &arrived.payload)?;
        machine::check_machine(&machine)?;
        once(&mut self.machine, machine, arrived)
    }

    #[inline(never)]
    fn take_actions(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (actions, _) = decode::<SignalActions>(&arrived.frame, &arrived.payload)?;
        self.declare(actions.id, Object::Actions(self.actions.len()))?;
        let actions = KVBox::new(actions, GFP_KERNEL_ACCOUNT)?;
        self.actions.push(actions, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_space(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (space, auxv) = decode::<AddressSpace>(&arrived.frame, &arrived.payload)?;
        let exe = self.mapped_file("exe", space.exe)?;
        self.declare(space.id, Object::Space(self.spaces.len()))?;
        let plan = SpacePlan::new(space, auxv, exe)?;
        self.spaces.push(plan, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_pid(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (pid, tail) = decode::<Pid>(&arrived.frame, &arrived.payload)?;
        let space = self.pid_space("space", pid.space)?.unwrap_or(0);
        self.declare(pid.id, Object::Pid(self.pids.len()))?;
        self.pids.add(space, tail)?;
        self.holders.push(None, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_member(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (member, _) = decode::<Member>(&arrived.frame, &arrived.payload)?;
        let own = TaskId::new(self.members.len() as u32);
        let misplaced = |name, task: TaskId| -> Refusal {
            arrived
                .frame
                .error(Problem::Reference(name, task.get()))
                .into()
        };
        if member.leader == own {
            // What has ended has no children; a later member is nobody's parent yet.
            let parent = self.members.get(member.parent.get() as usize);
            let is_fine = match parent {
                Some(parent) => !parent.has_ended(),
                None => member.parent == TaskId::OUTSIDE,
            };
            if !is_fine {
                return Err(misplaced("parent", member.parent));
            }
        } else {
            let previous = self
                .members
                .last()
                .filter(|last| last.leader == member.leader);
            let is_fine = previous.is_some_and(|previous| {
                previous.parent == member.parent
                    && previous.group == member.group
                    && previous.session == member.session
                    && previous.exit_signal == member.exit_signal
            });
            if !is_fine {
                return Err(misplaced("leader", member.leader));
            }
        }
        if !(0..=64).contains(&member.exit_signal.get()) {
            let signal = member.exit_signal.get() as u64;
            return Err(arrived
                .frame
                .error(Problem::Value("exit_signal", signal))
                .into());
        }
        let Object::Pid(index) = self.object("pid", member.pid)? else {
            return Err(wrong("pid", member.pid));
        };
        let holder = self.holders.get_mut(index).ok_or(EINVAL)?;
        if holder.is_some() {
            return Err(wrong("pid", member.pid));
        }
        *holder = Some(own);
        let leads = [
            ("group", member.group, MEMBER_GROUP_LEADER),
            ("session", member.session, MEMBER_SESSION_LEADER),
        ];
        for (name, id, flag) in leads {
            if id != ObjectId::NONE && !matches!(self.object(name, id)?, Object::Pid(_))
                || (id == member.pid) != (member.flags.get() & flag != 0)
            {
                return Err(wrong(name, id));
            }
        }
        self.members.push(member, GFP_KERNEL_ACCOUNT)?;
        self.tasks.push(TaskPlan::default(), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_area(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (area, name) = decode::<Area>(&arrived.frame, &arrived.payload)?;
        let file = self.mapped_file("file", area.file)?;
        self.space_of(area.space)?.add(area, name, file)
    }

    fn space_of(&mut self, id: ObjectId) -> Result<&mut SpacePlan, Refusal> {
        let Object::Space(index) = self.object("space", id)? else {
            return Err(wrong("space", id));
        };
        Ok(self.spaces.get_mut(index).ok_or(EINVAL)?)
    }

    #[inline(never)]
    fn take_descriptor(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (descriptor, _) = decode::<Descriptor>(&arrived.frame, &arrived.payload)?;
        let behind = match self.object("file", descriptor.file)? {
            Object::File(index) => Behind::File(index),
            Object::Handed(index) => Behind::Handed(index),
            _ => return Err(wrong("file", descriptor.file)),
        };
        let Object::Table(index) = self.object("table", descriptor.table)? else {
            return Err(wrong("table", descriptor.table));
        };
        let table = self.tables.get_mut(index).ok_or(EINVAL)?;
        let number = descriptor.number.get();
        if table
            .entries
            .last()
            .is_some_and(|(last, ..)| *last >= number)
        {
            let problem = Problem::Value("number", number.into());
            return Err(arrived.frame.error(problem).into());
        }
        let entry = (number, behind, descriptor.flags.get() != 0);
        table.entries.push(entry, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_local_descriptors(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (table, tail) = decode::<LocalDescriptors>(&arrived.frame, &arrived.payload)?;
        let Object::Space(index) = self.object("space", table.space)? else {
            return Err(wrong("space", table.space));
        };
        if self.segments.iter().any(|(space, _)| *space == index) {
            return Err(arrived
                .frame
                .error(Problem::Order(Kind::LocalDescriptors.number()))
                .into());
        }
        let plan = segments::TablePlan::new(&table, tail)?;
        self.segments.push((index, plan), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_owner(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (owner, _) = decode::<FileOwner>(&arrived.frame, &arrived.payload)?;
        let index = self.file("file", owner.file)?;
        let holder = match owner.pid {
            ObjectId::NONE => None,
            // Anybody who is in a group leads to it; its leader may be gone.
            pid if owner.what.get() == FILE_OWNER_GROUP => {
                let mut members = self.members.iter();
                let found = members.position(|member| member.group == pid);
                found.map(|index| TaskId::new(index as u32))
            }
            pid => match self.object("pid", pid)? {
                Object::Pid(index) => *self.holders.get(index).ok_or(EINVAL)?,
                _ => return Err(wrong("pid", pid)),
            },
        };
        if owner.pid != ObjectId::NONE && holder.is_none() {
            return Err(wrong("pid", owner.pid));
        }
        let file = self.files.get_mut(index).ok_or(EINVAL)?;
        if file.owner.is_some() {
            let problem = Problem::Reference("file", owner.file.get());
            return Err(arrived.frame.error(problem).into());
        }
        file.owner = Some((owner, holder));
        Ok(())
    }
}
