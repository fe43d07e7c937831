// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! What an image asks for, taken in and checked before anything is built.
//!
//! Everything but page contents is read first. A plan only holds what can be done: references
//! lead to objects that are there, every member has what a task needs, nothing comes twice.

use kernel::prelude::*;

use crate::abstractions::keys::KEYRINGS;
use crate::format::confinement::{Confinement, SeccompFilter, Settings};
use crate::format::cpu_x86_64::{ExtendedStateX86, LocalDescriptors, RegistersX86_64};
use crate::format::credentials::{Credentials, Identity, Keyring};
use crate::format::files::{
    Descriptor, DescriptorTable, Directories, FileOwner, OpenFile, FILE_OWNER_GROUP,
    OPEN_FILE_AUTOKILL, OPEN_FILE_OF_THREAD,
};
use crate::format::handed::Handed;
use crate::format::header::{Header, MachineX86_64, Vdso, MAX_TASKS};
use crate::format::memory::{AddressSpace, Area, AreaPolicy, GuardPages, TaskPolicy};
use crate::format::pidfds::PidfdTarget;
use crate::format::pipes::Pipe;
use crate::format::reason::Reason;
use crate::format::signals::{JobControl, PendingSignal, SignalActions};
use crate::format::storage::{Storage, StorageAttribute};
use crate::format::syscalls::InterruptedSyscall;
use crate::format::task::{
    Member, Pid, PidSpace, Process, Scheduling, Thread, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER,
};
use crate::format::timers::{IntervalTimer, PosixTimer, PosixTimers};
use crate::format::usage::Usage;
use crate::format::{decode, Kind, ObjectId, Problem, Record, TaskId};
use crate::log::Refusal;
use crate::rooms::confinement::FilterPlan;
use crate::rooms::credentials::IdentityPlan;
use crate::rooms::descriptors::{Behind, TablePlan};
use crate::rooms::directories::DirectoriesPlan;
use crate::rooms::files::{FilePlan, Growth};
use crate::rooms::handed::HandedPlan;
use crate::rooms::keyrings::KeyringPlan;
use crate::rooms::memory::SpacePlan;
use crate::rooms::pidfds::TargetPlan;
use crate::rooms::pids::{PidsPlan, PlanOfTasks};
use crate::rooms::pipes::PipePlan;
use crate::rooms::policy::PolicyPlan;
use crate::rooms::storage::StoragePlan;
use crate::rooms::timers::TimersPlan;
use crate::rooms::{machine, segments, semaphores, usage, vfork};
use crate::stream::{Arrived, Source};

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
    PidfdTarget(usize),
    Handed(usize),
    Filter(usize),
    Keyring(usize),
    Identity(usize),
}

/// What a task is to become.
#[derive(Default)]
pub(crate) struct TaskPlan {
    pub(crate) process: Option<KVBox<Process>>,
    pub(crate) thread: Option<KVBox<Thread>>,
    pub(crate) credentials: Option<KVBox<Credentials>>,
    pub(crate) confinement: Option<KVBox<Confinement>>,
    pub(crate) settings: Option<KVBox<Settings>>,
    pub(crate) scheduling: Option<KVBox<Scheduling>>,
    pub(crate) affinity: KVVec<u8>,
    pub(crate) registers: Option<KVBox<RegistersX86_64>>,
    pub(crate) extended: Option<KVVec<u8>>,
    pub(crate) policy: Option<PolicyPlan>,
    pub(crate) interrupted: Option<KVBox<InterruptedSyscall>>,
    pub(crate) pending: KVVec<PendingSignal>,
    pub(crate) timers: TimersPlan,
    pub(crate) usage: [Option<KVBox<Usage>>; usage::KINDS],
    pub(crate) job: Option<KVBox<JobControl>>,
}

impl TaskPlan {
    /// Has it anything that one that has ended cannot have?
    fn uses_anything(&self, thread: &Thread) -> bool {
        let objects = [
            thread.address_space,
            thread.descriptors,
            thread.directories,
            thread.signal_actions,
        ];
        objects.iter().any(|object| *object != ObjectId::NONE)
            || self.registers.is_some()
            || self.extended.is_some()
            || self.scheduling.is_some()
            || self.confinement.is_some()
            || self.interrupted.is_some()
            || self.policy.is_some()
            || thread.rseq.get() != 0
            || thread.clear_child_tid.get() != 0
            || thread.robust_list.get() != 0
            || thread.compat_robust_list.get() != 0
            || thread.vfork_child.get() != 0
            || thread.undo_list.get() != 0
    }
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
    pub(crate) pidfd_targets: KVVec<TargetPlan>,
    pub(crate) handed: KVVec<HandedPlan>,
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

/// The members that build what a thread uses.
pub(crate) struct Builders {
    pub(crate) space: u32,
    pub(crate) table: u32,
    pub(crate) directories: u32,
    pub(crate) actions: u32,
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
            pidfd_targets: KVVec::new(),
            handed: KVVec::new(),
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

    /// The member that builds each address space.
    pub(crate) fn space_builders(&self) -> &[Option<u32>] {
        &self.space_builders
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

    fn object(&self, name: &'static str, id: ObjectId) -> Result<Object, Refusal> {
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

    /// What an open file stands for, if it is a pidfd.
    fn pidfd(&self, file: &OpenFile) -> Result<Option<usize>, Refusal> {
        if file.storage != ObjectId::NONE {
            if let Object::PidfdTarget(index) = self.object("storage", file.storage)? {
                self.pidfd_targets.get(index).ok_or(EINVAL)?.check(file)?;
                return Ok(Some(index));
            }
        }
        match file.marks.get() & (OPEN_FILE_OF_THREAD | OPEN_FILE_AUTOKILL) {
            0 => Ok(None),
            _ => Err(wrong("storage", file.storage)),
        }
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
            if file.pipe.or(file.pidfd).is_some() {
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

    fn task(&mut self, task: TaskId) -> Result<&mut TaskPlan, Refusal> {
        let found = self.tasks.get_mut(task.get() as usize);
        found.ok_or_else(|| {
            Refusal::new(Reason::ImageReference, EINVAL)
                .name("task")
                .value(task.get().into())
        })
    }

    /// Takes a record in.
    fn take(&mut self, kind: Kind, arrived: &Arrived) -> Result<(), Refusal> {
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
                let pidfd = self.pidfd(&file)?;
                let (storage, pipe) = match pidfd {
                    Some(_) => (None, None),
                    None => self.inode(file.storage)?,
                };
                let opener = self.identity("opener", file.opener)?;
                self.declare(file.id, Object::File(self.files.len()))?;
                let mut plan = FilePlan::new(file, path, (storage, pipe), opener)?;
                plan.pidfd = pidfd;
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
                self.declare(target.id, Object::PidfdTarget(self.pidfd_targets.len()))?;
                self.pidfd_targets.push(plan, GFP_KERNEL_ACCOUNT)?;
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

    #[inline(never)]
    fn take_task_record(&mut self, kind: Kind, arrived: &Arrived) -> Result<(), Refusal> {
        let (frame, payload) = (&arrived.frame, &arrived.payload);
        match kind {
            Kind::Process => {
                let (record, _) = decode::<Process>(frame, payload)?;
                once(&mut self.task(record.task)?.process, record, arrived)
            }
            Kind::Thread => {
                let (record, _) = decode::<Thread>(frame, payload)?;
                once(&mut self.task(record.task)?.thread, record, arrived)
            }
            Kind::Credentials => {
                let (record, _) = decode::<Credentials>(frame, payload)?;
                self.identity("identity", record.identity)?;
                once(&mut self.task(record.task)?.credentials, record, arrived)
            }
            Kind::Confinement => {
                let (record, _) = decode::<Confinement>(frame, payload)?;
                self.filter("filter", record.filter)?;
                once(&mut self.task(record.task)?.confinement, record, arrived)
            }
            Kind::Settings => {
                let (record, _) = decode::<Settings>(frame, payload)?;
                once(&mut self.task(record.task)?.settings, record, arrived)
            }
            Kind::Scheduling => {
                let (record, mask) = decode::<Scheduling>(frame, payload)?;
                let task = self.task(record.task)?;
                task.affinity.clear();
                task.affinity.extend_from_slice(mask, GFP_KERNEL_ACCOUNT)?;
                once(&mut task.scheduling, record, arrived)
            }
            Kind::RegistersX86_64 => {
                let (record, _) = decode::<RegistersX86_64>(frame, payload)?;
                once(&mut self.task(record.task)?.registers, record, arrived)
            }
            Kind::ExtendedStateX86 => {
                let (record, tail) = decode::<ExtendedStateX86>(frame, payload)?;
                let task = self.task(record.task)?;
                if task.extended.is_some() {
                    return Err(frame.error(Problem::Order(kind.number())).into());
                }
                let mut state = KVVec::new();
                state.extend_from_slice(tail, GFP_KERNEL_ACCOUNT)?;
                task.extended = Some(state);
                Ok(())
            }
            Kind::TaskPolicy => {
                let (record, nodes) = decode::<TaskPolicy>(frame, payload)?;
                let task = self.task(record.task)?;
                if task.policy.is_some() {
                    return Err(frame.error(Problem::Order(kind.number())).into());
                }
                task.policy = Some(PolicyPlan::of_task(&record, nodes)?);
                Ok(())
            }
            Kind::InterruptedSyscall => {
                let (record, _) = decode::<InterruptedSyscall>(frame, payload)?;
                once(&mut self.task(record.task)?.interrupted, record, arrived)
            }
            Kind::PendingSignal => {
                let (record, _) = decode::<PendingSignal>(frame, payload)?;
                let pending = &mut self.task(record.task)?.pending;
                pending.push(record, GFP_KERNEL_ACCOUNT)?;
                Ok(())
            }
            Kind::IntervalTimer => {
                let (record, _) = decode::<IntervalTimer>(frame, payload)?;
                let places = &mut self.task(record.task)?.timers.interval;
                let place = places.get_mut(record.which.get() as usize).ok_or(EINVAL)?;
                once(place, record, arrived)
            }
            Kind::PosixTimers => {
                let (record, _) = decode::<PosixTimers>(frame, payload)?;
                once(&mut self.task(record.task)?.timers.common, record, arrived)
            }
            Kind::PosixTimer => {
                let (record, _) = decode::<PosixTimer>(frame, payload)?;
                let timers = &mut self.task(record.task)?.timers.posix;
                timers.push(record, GFP_KERNEL_ACCOUNT)?;
                Ok(())
            }
            Kind::Usage => {
                let (record, _) = decode::<Usage>(frame, payload)?;
                let places = &mut self.task(record.task)?.usage;
                let place = (record.whose.get() as usize).wrapping_sub(1);
                once(places.get_mut(place).ok_or(EINVAL)?, record, arrived)
            }
            Kind::JobControl => {
                let (record, _) = decode::<JobControl>(frame, payload)?;
                once(&mut self.task(record.task)?.job, record, arrived)
            }
            // Declared in the format, but nothing writes it yet.
            _ => Err(frame.error(Problem::Order(kind.number())).into()),
        }
    }

    /// Is everything there that tasks need?
    fn check(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
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
        vfork::check(&self.tasks, &self.members)?;
        semaphores::check(&self.tasks)?;
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

/// A reference that leads nowhere, or to something else.
fn wrong(name: &'static str, id: ObjectId) -> Refusal {
    Refusal::new(Reason::ImageReference, EINVAL)
        .name(name)
        .value(id.get().into())
}
