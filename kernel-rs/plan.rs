// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! What an image asks for, taken in and checked before anything is built.
//!
//! Everything but page contents is read first. A plan only holds what can be done: references
//! lead to objects that are there, every member has what a task needs, nothing comes twice.

use kernel::prelude::*;

use crate::format::cpu_x86_64::{ExtendedStateX86, RegistersX86_64};
use crate::format::credentials::Credentials;
use crate::format::files::{Descriptor, DescriptorTable, Directories, OpenFile};
use crate::format::header::{Header, MachineX86_64, Vdso, MAX_TASKS};
use crate::format::memory::{AddressSpace, Area};
use crate::format::reason::Reason;
use crate::format::signals::{PendingSignal, SignalActions};
use crate::format::syscalls::InterruptedSyscall;
use crate::format::task::{Member, Pid, Process, Scheduling, Thread};
use crate::format::{decode, Kind, ObjectId, Problem, Record, TaskId};
use crate::log::Refusal;
use crate::rooms::credentials;
use crate::rooms::files::{DirectoriesPlan, FilePlan, TablePlan};
use crate::rooms::memory::SpacePlan;
use crate::rooms::{cpu, machine};
use crate::stream::{Arrived, Source};

/// An object, and its place among those of its kind.
#[derive(Clone, Copy)]
enum Object {
    Pid(usize),
    File(usize),
    Table(usize),
    Directories(usize),
    Actions(usize),
    Space(usize),
}

/// What a task is to become.
#[derive(Default)]
pub(crate) struct TaskPlan {
    pub(crate) process: Option<KVBox<Process>>,
    pub(crate) thread: Option<KVBox<Thread>>,
    pub(crate) credentials: Option<KVBox<Credentials>>,
    pub(crate) groups: KVVec<u32>,
    pub(crate) scheduling: Option<KVBox<Scheduling>>,
    pub(crate) affinity: KVVec<u8>,
    pub(crate) registers: Option<KVBox<RegistersX86_64>>,
    pub(crate) extended: Option<KVVec<u8>>,
    pub(crate) interrupted: Option<KVBox<InterruptedSyscall>>,
    pub(crate) pending: KVVec<PendingSignal>,
}

/// A whole container.
pub(crate) struct Plan {
    tasks_promised: u32,
    pids_promised: u32,
    objects: KVVec<Object>,
    numbers: KVVec<i32>,
    pub(crate) members: KVVec<Member>,
    pub(crate) files: KVVec<FilePlan>,
    tables: KVVec<TablePlan>,
    directories: KVVec<DirectoriesPlan>,
    actions: KVVec<KVBox<SignalActions>>,
    pub(crate) spaces: KVVec<SpacePlan>,
    pub(crate) tasks: KVVec<TaskPlan>,
    machine_seen: bool,
}

/// Puts a record where there must be none yet.
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
    pub(crate) fn read(source: &mut Source) -> Result<(Self, Arrived), Refusal> {
        let first = source.next()?;
        let (header, _) = decode::<Header>(&first.frame, &first.payload)?;
        machine::check_header(&header)?;
        source.salt(header.image_id);
        let mut plan = Self {
            tasks_promised: header.tasks.get(),
            pids_promised: header.pids.get(),
            objects: KVVec::new(),
            numbers: KVVec::new(),
            members: KVVec::new(),
            files: KVVec::new(),
            tables: KVVec::new(),
            directories: KVVec::new(),
            actions: KVVec::new(),
            spaces: KVVec::new(),
            tasks: KVVec::new(),
            machine_seen: false,
        };
        if plan.tasks_promised == 0 || plan.tasks_promised > MAX_TASKS {
            let problem = Problem::Value("tasks", plan.tasks_promised.into());
            return Err(first.frame.error(problem).into());
        }
        loop {
            let arrived = source.next()?;
            match arrived.frame.kind() {
                None => continue,
                Some(Kind::Pages | Kind::ZeroPages | Kind::End) => {
                    plan.check(&arrived)?;
                    return Ok((plan, arrived));
                }
                Some(kind) => plan.take(kind, &arrived)?,
            }
        }
    }

    /// The number of a member at the container's own level.
    pub(crate) fn number(&self, member: &Member) -> Result<i32, Refusal> {
        match self.object("pid", member.pid)? {
            Object::Pid(index) => Ok(*self.numbers.get(index).ok_or(EINVAL)?),
            _ => Err(wrong("pid", member.pid)),
        }
    }

    /// The descriptor table of a thread.
    pub(crate) fn table(&self, thread: &Thread) -> Result<&TablePlan, Refusal> {
        match self.object("descriptors", thread.descriptors)? {
            Object::Table(index) => Ok(self.tables.get(index).ok_or(EINVAL)?),
            _ => Err(wrong("descriptors", thread.descriptors)),
        }
    }

    /// The directories of a thread.
    pub(crate) fn directories(&self, thread: &Thread) -> Result<&DirectoriesPlan, Refusal> {
        match self.object("directories", thread.directories)? {
            Object::Directories(index) => Ok(self.directories.get(index).ok_or(EINVAL)?),
            _ => Err(wrong("directories", thread.directories)),
        }
    }

    /// The signal actions of a thread.
    pub(crate) fn actions(&self, thread: &Thread) -> Result<&SignalActions, Refusal> {
        match self.object("signal_actions", thread.signal_actions)? {
            Object::Actions(index) => Ok(self.actions.get(index).ok_or(EINVAL)?),
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

    fn dispatch(&mut self, kind: Kind, arrived: &Arrived) -> Result<(), Refusal> {
        let (frame, payload) = (&arrived.frame, &arrived.payload);
        match kind {
            Kind::MachineX86_64 => {
                machine::check_machine(&decode::<MachineX86_64>(frame, payload)?.0)?;
                self.machine_seen = true;
            }
            Kind::Vdso => {
                let (vdso, bytes) = decode::<Vdso>(frame, payload)?;
                machine::check_vdso(&vdso, bytes)?;
            }
            Kind::Pid => self.take_pid(arrived)?,
            Kind::Member => self.take_member(arrived)?,
            Kind::OpenFile => {
                let (file, path) = decode::<OpenFile>(frame, payload)?;
                self.declare(file.id, Object::File(self.files.len()))?;
                self.files
                    .push(FilePlan::new(file, path)?, GFP_KERNEL_ACCOUNT)?;
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
                self.declare(directories.id, Object::Directories(self.directories.len()))?;
                let plan = DirectoriesPlan::new(&directories, paths)?;
                self.directories.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::SignalActions => {
                let (actions, _) = decode::<SignalActions>(frame, payload)?;
                self.declare(actions.id, Object::Actions(self.actions.len()))?;
                let actions = KVBox::new(actions, GFP_KERNEL_ACCOUNT)?;
                self.actions.push(actions, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::AddressSpace => {
                let (space, auxv) = decode::<AddressSpace>(frame, payload)?;
                let exe = self.optional_file("exe", space.exe)?;
                self.declare(space.id, Object::Space(self.spaces.len()))?;
                let plan = SpacePlan::new(space, auxv, exe)?;
                self.spaces.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::Area => self.take_area(arrived)?,
            Kind::Descriptor => self.take_descriptor(arrived)?,
            _ => self.take_task_record(kind, arrived)?,
        }
        Ok(())
    }

    fn take_pid(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (pid, tail) = decode::<Pid>(&arrived.frame, &arrived.payload)?;
        let numbers = <[u8; 4]>::try_from(tail).map(i32::from_le_bytes);
        let Ok(number @ 1..) = numbers else {
            return Err(arrived
                .frame
                .error(Problem::Value("levels", pid.levels.get().into()))
                .into());
        };
        self.declare(pid.id, Object::Pid(self.numbers.len()))?;
        self.numbers.push(number, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    fn take_member(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (member, _) = decode::<Member>(&arrived.frame, &arrived.payload)?;
        let own = TaskId::new(self.members.len() as u32);
        if member.leader != own || member.parent != TaskId::OUTSIDE {
            let problem = Problem::Reference("leader", member.leader.get());
            return Err(arrived.frame.error(problem).into());
        }
        self.number(&member)?;
        for (name, id) in [("group", member.group), ("session", member.session)] {
            if id != ObjectId::NONE && id != member.pid {
                return Err(wrong(name, id));
            }
        }
        self.members.push(member, GFP_KERNEL_ACCOUNT)?;
        self.tasks.push(TaskPlan::default(), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    fn take_area(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (area, name) = decode::<Area>(&arrived.frame, &arrived.payload)?;
        let file = self.optional_file("file", area.file)?;
        let Object::Space(index) = self.object("space", area.space)? else {
            return Err(wrong("space", area.space));
        };
        let space = self.spaces.get_mut(index).ok_or(EINVAL)?;
        space.add(area, name, file)
    }

    fn take_descriptor(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (descriptor, _) = decode::<Descriptor>(&arrived.frame, &arrived.payload)?;
        let file = self.file("file", descriptor.file)?;
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
        let entry = (number, file, descriptor.flags.get() != 0);
        table.entries.push(entry, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

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
                let (record, tail) = decode::<Credentials>(frame, payload)?;
                let task = self.task(record.task)?;
                task.groups = credentials::groups(tail)?;
                once(&mut task.credentials, record, arrived)
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
                cpu::check(&record)?;
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
            // Declared in the format, but nothing writes it yet.
            _ => Err(frame.error(Problem::Order(kind.number())).into()),
        }
    }

    /// Is everything there that tasks need?
    fn check(&self, arrived: &Arrived) -> Result<(), Refusal> {
        let missing = |kind: Kind| {
            Err(Refusal::from(
                arrived
                    .frame
                    .error(Problem::Order(arrived.frame.kind().map_or(0, Kind::number))),
            )
            .name(kind.name()))
        };
        if !self.machine_seen {
            return missing(Kind::MachineX86_64);
        }
        if self.members.len() != self.tasks_promised as usize {
            return missing(Kind::Member);
        }
        if self.numbers.len() != self.pids_promised as usize {
            return missing(Kind::Pid);
        }
        for task in self.tasks.iter() {
            let Some(thread) = &task.thread else {
                return missing(Kind::Thread);
            };
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
            if task.process.is_none() {
                return missing(Kind::Process);
            }
            if task.credentials.is_none() {
                return missing(Kind::Credentials);
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
        Ok(())
    }
}

/// A reference that leads nowhere, or to something else.
fn wrong(name: &'static str, id: ObjectId) -> Refusal {
    Refusal::new(Reason::ImageReference, EINVAL)
        .name(name)
        .value(id.get().into())
}
