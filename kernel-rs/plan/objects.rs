// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Objects and their links: taken in, and found by their numbers.

use kernel::prelude::*;

use crate::format::aio::{AioContext, AioPage};
use crate::format::confinement::SeccompFilter;
use crate::format::cpu_x86_64::LocalDescriptors;
use crate::format::credentials::{Identity, Keyring};
use crate::format::events::{Epoll, EpollItem, EventCounter, Signalfd, Timerfd};
use crate::format::fanotify::{DirectoryWatch, Fanotify, FanotifyEvent, FanotifyMark};
use crate::format::files::{
    Descriptor, DescriptorTable, Directories, FileOwner, FileReading, OpenFile, FILE_OWNER_GROUP,
};
use crate::format::handed::Handed;
use crate::format::header::{MachineX86_64, Vdso};
use crate::format::ipc::{IpcObject, IpcSpace};
use crate::format::locks::FileLock;
use crate::format::memory::{AddressSpace, Area, AreaPolicy, GuardPages};
use crate::format::pidfds::PidfdTarget;
use crate::format::pipes::Pipe;
use crate::format::queues::{Queue, QueueMessage, QueueNotice};
use crate::format::reason::Reason;
use crate::format::signals::SignalActions;
use crate::format::sockets::{Socket, SocketFilter, SocketLink, SocketServer};
use crate::format::storage::{Storage, StorageAttribute};
use crate::format::task::{Member, Pid, PidSpace, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use crate::format::terminals::{
    ControllingTerminal, Terminal, TerminalBuffer, TerminalPlace, TerminalSide,
};
use crate::format::watches::{Watch, WatchEvent, Watcher};
use crate::format::{decode, Kind, ObjectId, Problem, TaskId};
use crate::log::Refusal;
use crate::rooms::aio::ContextPlan;
use crate::rooms::areas::Backing;
use crate::rooms::confinement::FilterPlan;
use crate::rooms::credentials::IdentityPlan;
use crate::rooms::descriptors::{Behind, TablePlan};
use crate::rooms::directories::DirectoriesPlan;
use crate::rooms::directory_watches::DirectoryPlan;
use crate::rooms::epolls::{ItemPlan, Target};
use crate::rooms::fanotify::GroupPlan;
use crate::rooms::files::FilePlan;
use crate::rooms::generated::ReadingPlan;
use crate::rooms::handed::HandedPlan;
use crate::rooms::keyrings::KeyringPlan;
use crate::rooms::locks::LockPlan;
use crate::rooms::memory::SpacePlan;
use crate::rooms::pidfds::TargetPlan;
use crate::rooms::pipes::PipePlan;
use crate::rooms::sockets::SocketPlan;
use crate::rooms::specials::SpecialPlan;
use crate::rooms::storage::StoragePlan;
use crate::rooms::terminals::{Control, TerminalPlan};
use crate::rooms::watches::WatcherPlan;
use crate::rooms::{machine, segments, sockets, specials, terminals};
use crate::stream::Arrived;

use super::{once, wrong, Object, Plan, TaskPlan};

impl Plan {
    pub(super) fn object(&self, name: &'static str, id: ObjectId) -> Result<Object, Refusal> {
        let index = id.get().checked_sub(1).ok_or_else(|| wrong(name, id))?;
        let found = self.objects.get(index as usize);
        found.copied().ok_or_else(|| wrong(name, id))
    }

    /// An open file that is saved. Memory of System V has none but those behind areas: nobody could open
    /// it, and change its size.
    pub(crate) fn file(&self, name: &'static str, id: ObjectId) -> Result<usize, Refusal> {
        match self.any_file(name, id)? {
            index if self.is(index, StoragePlan::is_segment) => Err(wrong(name, id)),
            index => Ok(index),
        }
    }

    fn any_file(&self, name: &'static str, id: ObjectId) -> Result<usize, Refusal> {
        match self.object(name, id)? {
            Object::File(index) => Ok(index),
            _ => Err(wrong(name, id)),
        }
    }

    /// Is the storage of an open file, if it has one, like that?
    fn is(&self, file: usize, like_that: impl Fn(&StoragePlan) -> bool) -> bool {
        let storage = self.files.get(file).and_then(|file| file.storage);
        let storage = storage.and_then(|storage| self.storages.get(storage));
        storage.is_some_and(like_that)
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
        match self.is(index, StoragePlan::is_directory) {
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

    /// What an open file is, if it is a special one; most are one open file (`is_shared`).
    fn special(&mut self, file: &OpenFile) -> Result<Option<usize>, Refusal> {
        if file.storage != ObjectId::NONE {
            if let Object::Special(index) = self.object("storage", file.storage)? {
                let special = self.specials.get(index).ok_or(EINVAL)?;
                special.check(file)?;
                if let SpecialPlan::Socket(socket) = special {
                    let socket = self.sockets.get(*socket).ok_or(EINVAL)?;
                    socket.check(file.mode.get())?;
                }
                if let SpecialPlan::Terminal(terminal) = special {
                    let terminal = self.terminals.get_mut(*terminal).ok_or(EINVAL)?;
                    terminal.add_file(file)?;
                }
                let special = self.specials.get(index).ok_or(EINVAL)?;
                let is_first = self.opened.get_mut(index).ok_or(EINVAL)?;
                let was_opened = core::mem::replace(is_first, true);
                return match was_opened && !special.is_shared() {
                    false => Ok(Some(index)),
                    true => Err(wrong("storage", file.storage)),
                };
            }
        }
        match file.marks.get() & specials::MARKS {
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

    fn watcher(&mut self, id: ObjectId) -> Result<&mut WatcherPlan, Refusal> {
        let Object::Special(index) = self.object("watcher", id)? else {
            return Err(wrong("watcher", id));
        };
        match self.specials.get_mut(index) {
            Some(SpecialPlan::Watcher(watcher)) => Ok(watcher),
            _ => Err(wrong("watcher", id)),
        }
    }

    fn fanotify(&mut self, id: ObjectId) -> Result<&mut GroupPlan, Refusal> {
        let Object::Special(index) = self.object("group", id)? else {
            return Err(wrong("group", id));
        };
        match self.specials.get_mut(index) {
            Some(SpecialPlan::Fanotify(group)) => Ok(group),
            _ => Err(wrong("group", id)),
        }
    }

    #[inline(never)]
    fn take_fanotify(&mut self, kind: Kind, arrived: &Arrived) -> Result<(), Refusal> {
        let (frame, payload) = (&arrived.frame, &arrived.payload);
        match kind {
            Kind::Fanotify => {
                let (group, _) = decode::<Fanotify>(frame, payload)?;
                let plan = SpecialPlan::Fanotify(GroupPlan::new(group));
                self.add_special(group.id, plan)
            }
            Kind::FanotifyMark => {
                let (mark, handle) = decode::<FanotifyMark>(frame, payload)?;
                let file = self.file("file", mark.file)?;
                self.fanotify(mark.group)?.mark(mark, file, handle)
            }
            _ => {
                let (event, bytes) = decode::<FanotifyEvent>(frame, payload)?;
                let file = self.optional_file("file", event.file)?;
                let by = self.holder(event.pid)?;
                if by.is_none() && event.pid != ObjectId::NONE {
                    return Err(wrong("pid", event.pid));
                }
                self.fanotify(event.group)?.event(event, file, by, bytes)
            }
        }
    }

    #[inline(never)]
    fn take_directory_watch(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (record, _) = decode::<DirectoryWatch>(&arrived.frame, &arrived.payload)?;
        let file = self.file("file", record.file)?;
        let Object::Table(table) = self.object("table", record.table)? else {
            return Err(wrong("table", record.table));
        };
        let plan = DirectoryPlan {
            record,
            file,
            table,
        };
        Ok(self.directory_watches.push(plan, GFP_KERNEL_ACCOUNT)?)
    }

    /// The place of a socket among the sockets.
    pub(crate) fn socket(&self, name: &'static str, id: ObjectId) -> Result<usize, Refusal> {
        if let Object::Special(index) = self.object(name, id)? {
            if let Some(SpecialPlan::Socket(socket)) = self.specials.get(index) {
                return Ok(*socket);
            }
        }
        Err(wrong(name, id))
    }

    fn socket_plan(&mut self, id: ObjectId) -> Result<&mut SocketPlan, Refusal> {
        let index = self.socket("socket", id)?;
        Ok(self.sockets.get_mut(index).ok_or(EINVAL)?)
    }

    #[inline(never)]
    fn take_socket(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (socket, tail) = decode::<Socket>(&arrived.frame, &arrived.payload)?;
        let holder = self.holder(socket.peer_pid)?;
        if socket.peer_pid != ObjectId::NONE && holder.is_none() {
            return Err(wrong("peer_pid", socket.peer_pid));
        }
        let identity = match socket.peer {
            ObjectId::NONE => None,
            peer => Some(self.identity("peer", peer)?),
        };
        self.add_special(socket.id, SpecialPlan::Socket(self.sockets.len()))?;
        let plan = SocketPlan::new(socket, tail, holder, identity)?;
        self.sockets.push(plan, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_socket_link(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (link, _) = decode::<SocketLink>(&arrived.frame, &arrived.payload)?;
        let other = |name, id| match id {
            ObjectId::NONE => Ok(None),
            id => self.socket(name, id).map(Some),
        };
        let peer = other("peer", link.peer)?;
        let listener = other("listener", link.listener)?;
        let index = self.socket("socket", link.socket)?;
        let socket = self.sockets.get_mut(index).ok_or(EINVAL)?;
        socket.link(&link, peer, listener)
    }

    /// Do sockets hang together as they can, and has each that has one its open file?
    pub(super) fn check_sockets(&self) -> Result<(), Refusal> {
        for (special, is_opened) in self.specials.iter().zip(self.opened.iter()) {
            if let SpecialPlan::Socket(index) = special {
                let socket = self.sockets.get(*index).ok_or(EINVAL)?;
                if socket.has_file() != *is_opened {
                    return Err(wrong("storage", socket.id()));
                }
            }
        }
        sockets::check(&self.sockets)
    }

    /// The place of a message queue among those.
    fn queue(&self, id: ObjectId) -> Result<usize, Refusal> {
        if let Object::Special(index) = self.object("queue", id)? {
            if let Some(SpecialPlan::Queue(queue)) = self.specials.get(index) {
                return Ok(*queue);
            }
        }
        Err(wrong("queue", id))
    }

    /// Are message queues whole, and has each that needs one an open file?
    pub(super) fn check_queues(&self) -> Result<(), Refusal> {
        let mut opened = KVVec::new();
        for (special, is_opened) in self.specials.iter().zip(self.opened.iter()) {
            if let SpecialPlan::Queue(_) = special {
                opened.push(*is_opened, GFP_KERNEL)?;
            }
        }
        // Their places are in the order of the specials.
        let is_opened = |queue: usize| opened.get(queue).is_some_and(|is| *is);
        self.ipc.check_queues(is_opened)
    }

    fn terminal(&mut self, id: ObjectId) -> Result<&mut TerminalPlan, Refusal> {
        let index = self.terminal_index(id)?;
        Ok(self.terminals.get_mut(index).ok_or(EINVAL)?)
    }

    fn terminal_index(&self, id: ObjectId) -> Result<usize, Refusal> {
        if let Object::Special(index) = self.object("terminal", id)? {
            if let Some(SpecialPlan::Terminal(index)) = self.specials.get(index) {
                return Ok(*index);
            }
        }
        Err(wrong("terminal", id))
    }

    /// What controls a process.
    pub(super) fn control(&self, record: &ControllingTerminal) -> Result<Control, Refusal> {
        if record.terminal != ObjectId::NONE {
            return Ok(Control::Terminal(self.terminal_index(record.terminal)?));
        }
        let task = self.members.get(record.task.get() as usize);
        let leads = |task: &&Member| task.flags.get() & MEMBER_SESSION_LEADER != 0;
        let leader = task.filter(leads);
        let mut members = self.members.iter();
        let found = members.position(|member| member.group == record.old_group);
        let (Some(found), Some(_)) = (found, leader) else {
            return Err(wrong("old_group", record.old_group));
        };
        Ok(Control::Left(TaskId::new(found as u32)))
    }

    /// Status flags of the open file of a master, if there is one.
    pub(crate) fn flags_of_master(&self, terminal: usize) -> Option<u32> {
        let is_of = |file: &&FilePlan| {
            let special = file.special.and_then(|index| self.specials.get(index));
            matches!(special, Some(SpecialPlan::Terminal(index)) if *index == terminal)
                && terminals::is_master(&file.record)
        };
        let master = self.files.iter().find(is_of)?;
        Some(master.record.flags.get())
    }

    /// The member that has a pid.
    pub(crate) fn holder(&self, pid: ObjectId) -> Result<Option<TaskId>, Refusal> {
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
        let index = match id {
            ObjectId::NONE => None,
            id => Some(self.any_file(name, id)?),
        };
        if let Some(file) = index.and_then(|index| self.files.get_mut(index)) {
            if file.pipe.or(file.special).is_some() || file.is_generated() {
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
            Kind::TerminalPlace => {
                let _ = decode::<TerminalPlace>(frame, payload)?;
            }
            Kind::Terminal => {
                let (terminal, device) = decode::<Terminal>(frame, payload)?;
                let plan = TerminalPlan::new(terminal, device, &self.members)?;
                self.add_special(terminal.id, SpecialPlan::Terminal(self.terminals.len()))?;
                self.terminals.push(plan, GFP_KERNEL_ACCOUNT)?;
            }
            Kind::TerminalSide => {
                let (side, tail) = decode::<TerminalSide>(frame, payload)?;
                self.terminal(side.terminal)?.add_side(&side, tail)?;
            }
            Kind::TerminalBuffer => {
                let (buffer, bytes) = decode::<TerminalBuffer>(frame, payload)?;
                self.terminal(buffer.terminal)?.add_buffer(&buffer, bytes)?;
            }
            Kind::EventCounter => {
                let (counter, _) = decode::<EventCounter>(frame, payload)?;
                self.add_special(counter.id, SpecialPlan::Eventfd(counter))?;
            }
            Kind::Signalfd => {
                let (signals, _) = decode::<Signalfd>(frame, payload)?;
                self.add_special(signals.id, SpecialPlan::Signalfd(signals))?;
            }
            Kind::Timerfd => {
                let (timer, _) = decode::<Timerfd>(frame, payload)?;
                self.add_special(timer.id, SpecialPlan::Timerfd(timer))?;
            }
            Kind::Epoll => {
                let (epoll, _) = decode::<Epoll>(frame, payload)?;
                self.add_special(epoll.id, SpecialPlan::Epoll(epoll))?;
            }
            Kind::Socket => self.take_socket(arrived)?,
            Kind::SocketLink => self.take_socket_link(arrived)?,
            Kind::SocketFilter => {
                let (filter, program) = decode::<SocketFilter>(frame, payload)?;
                self.socket_plan(filter.socket)?.add_filter(program)?;
            }
            Kind::SocketServer => {
                let (server, name) = decode::<SocketServer>(frame, payload)?;
                self.socket_plan(server.socket)?.add_server(name)?;
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
                let plan = KeyringPlan::new(&keyring, name, self.same_boot)?;
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
                if let Ok(socket) = self.socket_plan(id) {
                    return socket.add_attribute(&attribute, tail);
                }
                let index = match attribute.flags.get() {
                    0 => self.storage(id)?,
                    _ => None,
                };
                let index = index.ok_or_else(|| wrong("storage", id))?;
                let storage = self.storages.get_mut(index).ok_or(EINVAL)?;
                storage.add_attribute(&attribute, tail)?;
            }
            Kind::IpcSpace => {
                let (space, _) = decode::<IpcSpace>(frame, payload)?;
                self.ipc.set_space(space)?;
            }
            Kind::IpcObject => {
                let (object, tail) = decode::<IpcObject>(frame, payload)?;
                let index = self.storage(object.storage)?;
                let storage = index.and_then(|index| Some((index, self.storages.get(index)?)));
                self.ipc.add(object, tail, storage)?;
            }
            Kind::Queue => {
                let (queue, name) = decode::<Queue>(frame, payload)?;
                let place = self.ipc.add_queue(queue, name)?;
                self.add_special(queue.id, SpecialPlan::Queue(place))?;
            }
            Kind::QueueMessage => {
                let (message, bytes) = decode::<QueueMessage>(frame, payload)?;
                let place = self.queue(message.queue)?;
                self.ipc.add_message(place, &message, bytes)?;
            }
            Kind::QueueNotice => {
                let (notice, _) = decode::<QueueNotice>(frame, payload)?;
                let place = self.queue(notice.queue)?;
                self.ipc.add_notice(place, notice)?;
            }
            Kind::Descriptor => self.take_descriptor(arrived)?,
            Kind::LocalDescriptors => self.take_local_descriptors(arrived)?,
            Kind::FileOwner => self.take_owner(arrived)?,
            Kind::FileReading => self.take_reading(arrived)?,
            Kind::FileLock => self.take_lock(arrived)?,
            Kind::AioContext => {
                let (context, _) = decode::<AioContext>(frame, payload)?;
                let space = self.space_of(context.space)?;
                space.add_context(ContextPlan::new(context))?;
            }
            Kind::AioPage => {
                let (page, bytes) = decode::<AioPage>(frame, payload)?;
                let space = self.space_of(page.space)?;
                space.last_context()?.page(&page, bytes)?;
            }
            Kind::Watcher => {
                let (watcher, _) = decode::<Watcher>(frame, payload)?;
                self.add_special(watcher.id, SpecialPlan::Watcher(WatcherPlan::new(watcher)))?;
            }
            Kind::Watch => {
                let (watch, path) = decode::<Watch>(frame, payload)?;
                let file = self.optional_file("file", watch.file)?;
                self.watcher(watch.watcher)?.watch(watch, file, path)?;
            }
            Kind::WatchEvent => {
                let (event, name) = decode::<WatchEvent>(frame, payload)?;
                self.watcher(event.watcher)?.event(event, name)?;
            }
            Kind::Fanotify | Kind::FanotifyMark | Kind::FanotifyEvent => {
                self.take_fanotify(kind, arrived)?
            }
            Kind::DirectoryWatch => self.take_directory_watch(arrived)?,
            Kind::EpollItem => self.take_epoll_item(arrived)?,
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
        let backing = self.mapped_file("file", area.file)?.map(|file| Backing {
            file,
            is_made: self.is(file, StoragePlan::is_memfd),
        });
        self.space_of(area.space)?.add(area, name, backing)
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
            Object::File(_) => Behind::File(self.file("file", descriptor.file)?),
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
    fn take_lock(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (lock, _) = decode::<FileLock>(&arrived.frame, &arrived.payload)?;
        let file = self.file("file", lock.file)?;
        let owner = match lock.owner {
            ObjectId::NONE => None,
            id => match self.object("owner", id)? {
                Object::Table(index) => Some(index),
                _ => return Err(wrong("owner", id)),
            },
        };
        let taker = self.holder(lock.pid)?;
        let plan = LockPlan::new(lock, file, owner, taker);
        if plan.is_lease() {
            self.files.get_mut(file).ok_or(EINVAL)?.is_leased = true;
        }
        self.locks.push(plan, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_epoll_item(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (record, _) = decode::<EpollItem>(&arrived.frame, &arrived.payload)?;
        let special = |index: usize| {
            let special = self.files.get(index).and_then(|file| file.special);
            special.and_then(|special| self.specials.get(special))
        };
        let epoll = self.file("epoll", record.epoll)?;
        if !matches!(special(epoll), Some(SpecialPlan::Epoll(_))) {
            return Err(wrong("epoll", record.epoll));
        }
        let target = match self.object("file", record.file)? {
            Object::File(index) => Target::File(index),
            Object::Handed(index) => Target::Handed(index),
            _ => return Err(wrong("file", record.file)),
        };
        let takes_signals = match target {
            Target::File(index) => matches!(special(index), Some(SpecialPlan::Signalfd(_))),
            Target::Handed(_) => false,
        };
        let actions = match record.actions {
            ObjectId::NONE => None,
            actions => match self.object("actions", actions)? {
                Object::Actions(index) if takes_signals => Some(index),
                _ => return Err(wrong("actions", actions)),
            },
        };
        let plan = ItemPlan {
            record,
            epoll,
            target,
            actions,
        };
        self.items.push(plan, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    #[inline(never)]
    fn take_reading(&mut self, arrived: &Arrived) -> Result<(), Refusal> {
        let (reading, unread) = decode::<FileReading>(&arrived.frame, &arrived.payload)?;
        let index = self.file("file", reading.file)?;
        let file = self.files.get_mut(index).ok_or(EINVAL)?;
        if !file.is_generated() || file.reading.is_some() {
            return Err(wrong("file", reading.file));
        }
        file.reading = Some(ReadingPlan::new(reading, unread)?);
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
