// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Unix sockets, made again.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use kernel::str::CStr;
use kernel::task::Task;

use super::super::attributes;
use super::{gone_by, shown_of, SocketPlan, Who};
use crate::abstractions::creds::Prepared;
use crate::abstractions::errno;
use crate::abstractions::file::{oflag, OpenFile};
use crate::abstractions::sockets::{self, MessageState, Pid, Socket};
use crate::abstractions::space::Space;
use crate::abstractions::storage::StorageState;
use crate::abstractions::task;
use crate::format::reason::Reason;
use crate::format::sockets::{
    SocketMessage, MESSAGE_CONSUMED, MESSAGE_HAS_SENDER, MESSAGE_URGENT, SOCKET_DEAD, SOCKET_FOUND,
    SOCKET_WAITING,
};
use crate::format::{decode, Kind, ObjectId, Problem, TaskId};
use crate::log::Refusal;
use crate::plan::Plan;
use crate::rooms::kinds::{S_IFMT, S_IFSOCK};
use crate::stream::{Arrived, Source};

/// A socket that was made.
struct Made {
    socket: Socket,
    /// Its open file; of one that is to be dead, what keeps it alive for now.
    file: Option<OpenFile>,
    messages: u32,
    /// The last of them is but the place of an urgent byte that was taken.
    ends_consumed: bool,
}

/// The sockets of a restart, until they are filled. What was made for their names is taken away again,
/// unless they are kept.
pub(crate) struct Restored {
    made: KVVec<Option<Made>>,
    processes: KVVec<Pid>,
    /// Places of those.
    known: RBTree<(bool, u32, u32), usize>,
    /// New inodes.
    inodes: KVVec<OpenFile>,
    /// The container's own pid namespace is so many above that of its first task.
    above: u32,
}

impl Drop for Restored {
    fn drop(&mut self) {
        for inode in self.inodes.iter() {
            let _ = inode.set_inode_flags(0);
            let _ = inode.unlink();
        }
    }
}

impl Restored {
    /// Makes all of them, by the first task of the container, and joins them; nothing waits in them yet
    /// but connections.
    pub(crate) fn make<'a>(
        plans: &[SocketPlan],
        identities: &[Prepared],
        task_of: impl Fn(TaskId) -> Option<&'a Task>,
        above: u32,
    ) -> Result<Self, Refusal> {
        let mut all = Self {
            made: KVVec::new(),
            processes: KVVec::new(),
            known: RBTree::new(),
            inodes: KVVec::new(),
            above,
        };
        for plan in plans {
            let made = match plan.has(SOCKET_WAITING) {
                true => None,
                false => {
                    let kind = plan.record.kind.get();
                    let file = sockets::make(kind).map_err(plan.not_made())?;
                    if plan.has_file() {
                        plan.own.give(&file, &plan.shown())?;
                        file.set_storage(&*plan.attributes()?)
                            .map_err(plan.not_made())?;
                    }
                    Some(Made {
                        socket: Socket::of(&file).ok_or(EINVAL)?,
                        file: Some(file),
                        messages: 0,
                        ends_consumed: false,
                    })
                }
            };
            all.made.push(made, GFP_KERNEL_ACCOUNT)?;
        }
        // Whoever is found by a name first: the others lead to the same inodes.
        for is_found in [true, false] {
            for (index, plan) in plans.iter().enumerate() {
                if plan.has(SOCKET_FOUND) == is_found && !plan.has(SOCKET_WAITING) {
                    all.name(index, plan)?;
                }
            }
        }
        for (index, plan) in plans.iter().enumerate() {
            if plan.has_file() {
                all.settle(index, plan)?;
            }
        }
        for (index, plan) in plans.iter().enumerate() {
            if let Some(listener) = plan.listener {
                let made = Made {
                    socket: all
                        .socket(listener)?
                        .make_waiting()
                        .map_err(plan.not_made())?,
                    file: None,
                    messages: 0,
                    ends_consumed: false,
                };
                *all.made.get_mut(index).ok_or(EINVAL)? = Some(made);
                all.settle(index, plan)?;
            }
        }
        for (index, plan) in plans.iter().enumerate() {
            if let Some(peer) = plan.peer {
                let peer = all.socket(peer)?;
                all.socket(index)?.join(peer).map_err(plan.not_made())?;
            }
            if let Some((identity, who)) = plan.who {
                let credentials = identities.get(identity).ok_or(EINVAL)?;
                let process = all.process(who, &task::current(), &task_of)?;
                let pid = all.processes.get(process).ok_or(EINVAL)?;
                all.socket(index)?.set_peer(pid, credentials);
            }
        }
        Ok(all)
    }

    fn socket(&self, index: usize) -> Result<&Socket> {
        let made = self.made.get(index).and_then(Option::as_ref);
        Ok(&made.ok_or(EINVAL)?.socket)
    }

    /// Gives one its state and options.
    fn settle(&self, index: usize, plan: &SocketPlan) -> Result<(), Refusal> {
        let state = plan.state()?;
        let socket = self.socket(index)?;
        if !plan.server.is_empty() {
            let path = plan.server.get(2..).unwrap_or(&[]);
            socket.connect(&plan.server).map_err(|error| {
                Refusal::new(Reason::SocketNotReconnected, error).text(&shown_of(path))
            })?;
        }
        if !plan.filter.is_empty() {
            socket.set_filter(&plan.filter).map_err(plan.not_made())?;
        }
        socket.set(&state).map_err(|error| match error == EPERM {
            true => {
                let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
                refusal.name("the options of its sockets")
            }
            false => plan.refusal(Reason::SocketNotMade, error),
        })
    }

    /// Gives one its name.
    fn name(&mut self, index: usize, plan: &SocketPlan) -> Result<(), Refusal> {
        if plan.name.is_empty() {
            return Ok(());
        }
        let is_found = plan.has(SOCKET_FOUND);
        let inode = match plan.path.is_empty() {
            true => None,
            false if is_found => Some(self.inode(plan)?),
            false => {
                let path = CStr::from_bytes_with_nul(&plan.path).map_err(|_| EINVAL)?;
                let inode = OpenFile::open(path, oflag::O_PATH | oflag::O_NOFOLLOW).ok();
                let is_socket = |file: &OpenFile| {
                    let state = file.state(None);
                    state.is_ok_and(|state| state.mode & S_IFMT == S_IFSOCK)
                };
                inode.filter(is_socket)
            }
        };
        let named = self
            .socket(index)?
            .set_name(&plan.name, inode.as_ref(), is_found);
        named.map_err(|error| match error == errno::address_in_use() {
            true => plan.refusal(Reason::SocketNameInUse, error),
            false => plan.refusal(Reason::SocketNotMade, error),
        })
    }

    /// The inode of a name: as it was, or a new one.
    fn inode(&mut self, plan: &SocketPlan) -> Result<OpenFile, Refusal> {
        let path = CStr::from_bytes_with_nul(&plan.path).map_err(|_| EINVAL)?;
        let record = &plan.record;
        let found = sockets::inode(path, record.inode_mode.get());
        let (inode, is_new) = found.map_err(|error| match error {
            error if error == EPERM || error == EACCES => {
                let refusal = Refusal::new(Reason::RestoreNotPermitted, error);
                refusal.name("the names of its sockets")
            }
            error if error == errno::stale() => plan.refusal(Reason::FileChanged, error),
            error => plan.refusal(Reason::FileMissing, error),
        })?;
        let mut state = KVBox::new(StorageState::default(), GFP_KERNEL)?;
        state.mode = record.inode_mode.get();
        state.uid = record.inode_uid.get();
        state.gid = record.inode_gid.get();
        if is_new {
            self.inodes.push(inode.clone(), GFP_KERNEL_ACCOUNT)?;
            let set = || inode.set_storage(&state).map_err(plan.not_made());
            plan.of_name.begin(&inode, &plan.path)?;
            set()?;
            plan.of_name.end(&inode, &plan.path)?;
            // A list of rights may have taken bits of the mode away.
            set()?;
            // They go if the directory has given some and it had none, too.
            attributes::set_flags(&inode, record.inode_flags.get(), &plan.path)?;
        } else {
            let now = inode.storage()?;
            if (now.mode, now.uid, now.gid) != (state.mode, state.uid, state.gid) {
                return Err(plan.refusal(Reason::FileChanged, errno::stale()));
            }
        }
        Ok(inode)
    }

    /// A process that something was sent by, or is connected to. `first`: a task of the container.
    fn process<'a>(
        &mut self,
        who: Who,
        first: &Task,
        task_of: impl Fn(TaskId) -> Option<&'a Task>,
    ) -> Result<usize, Refusal> {
        if let Some(known) = self.known.get(&who.key()) {
            return Ok(*known);
        }
        let made = match who {
            Who::Member(member) => Pid::of(task_of(member).ok_or(ESRCH)?),
            // Of a number that is now a stranger's, others may think that he has sent it.
            Who::Gone(1.., _) if !Pid::may_number(first, self.above) => {
                let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
                return Err(refusal.name("processes that its sockets tell of"));
            }
            Who::Gone(number, status) => Pid::gone(first, self.above, number, status),
        };
        let pid = made.map_err(|error| {
            let refusal = Refusal::new(Reason::StateNotRestored, error);
            refusal.name("whom a socket is connected to")
        })?;
        let place = self.processes.len();
        self.processes.push(pid, GFP_KERNEL_ACCOUNT)?;
        self.known
            .try_create_and_insert(who.key(), place, GFP_KERNEL_ACCOUNT)?;
        Ok(place)
    }

    /// The open file of one.
    pub(crate) fn open(&self, index: usize) -> Result<OpenFile> {
        let made = self.made.get(index).and_then(Option::as_ref);
        made.and_then(|made| made.file.clone()).ok_or(EINVAL)
    }

    /// Fills all of them; gives back the first record that is of another kind.
    pub(crate) fn fill<'a>(
        &mut self,
        plan: &Plan,
        opened: &[OpenFile],
        (first, payer): (&Task, &Space),
        task_of: impl Fn(TaskId) -> Option<&'a Task>,
        source: &mut Source,
        arrived: Arrived,
    ) -> Result<Arrived, Refusal> {
        let mut arrived = arrived;
        loop {
            match arrived.frame.kind() {
                Some(Kind::SocketMessage) => {
                    self.put(plan, opened, (first, payer), &task_of, &arrived)?;
                }
                None => (),
                Some(_) => break,
            }
            arrived = source.next()?;
        }
        for (plan, made) in plan.sockets.iter().zip(self.made.iter()) {
            let count = made.as_ref().map_or(0, |made| made.messages);
            if count != plan.record.messages.get() {
                let problem = Problem::Value("messages", count.into());
                return Err(arrived.frame.error(problem).into());
            }
        }
        Ok(arrived)
    }

    fn put<'a>(
        &mut self,
        plan: &Plan,
        opened: &[OpenFile],
        (first, payer): (&Task, &Space),
        task_of: impl Fn(TaskId) -> Option<&'a Task>,
        arrived: &Arrived,
    ) -> Result<(), Refusal> {
        let frame = &arrived.frame;
        let (record, tail) = decode::<SocketMessage>(frame, &arrived.payload)?;
        if task::is_interrupted() {
            return Err(Refusal::new(Reason::Interrupted, EINTR));
        }
        let to = plan.socket("to", record.to)?;
        let from = plan.socket("from", record.from)?;
        let sockets = &plan.sockets;
        let plan_to = sockets.get(to).ok_or(EINVAL)?;
        let misplaced = |name, id: ObjectId| frame.error(Problem::Reference(name, id.get()));
        if plan_to.has(SOCKET_DEAD) {
            return Err(misplaced("to", record.to).into());
        }
        let made = self
            .made
            .get_mut(to)
            .and_then(Option::as_mut)
            .ok_or(EINVAL)?;
        made.messages = made.messages.saturating_add(1);
        if made.messages > plan_to.record.messages.get() {
            return Err(misplaced("to", record.to).into());
        }
        let has = |flag| record.flags.get() & flag != 0;
        // Of two in a row the kernel never leaves the first, and does not look for the second.
        let is_consumed = has(MESSAGE_CONSUMED);
        if core::mem::replace(&mut made.ends_consumed, is_consumed) && is_consumed {
            let flags = record.flags.get().into();
            return Err(frame.error(Problem::Value("flags", flags)).into());
        }
        let size = (record.files.get() as usize).saturating_mul(4);
        let short = || frame.error(Problem::Value("files", record.files.get().into()));
        let (ids, bytes) = tail.split_at_checked(size).ok_or_else(short)?;
        let mut files = KVVec::new();
        for id in ids.chunks_exact(4) {
            let id = <[u8; 4]>::try_from(id).map_err(|_| EINVAL)?;
            let index = plan.file("file", ObjectId::new(u32::from_le_bytes(id)))?;
            let file = opened.get(index).ok_or(EINVAL)?;
            files.push(file.clone(), GFP_KERNEL)?;
        }
        let who = match (has(MESSAGE_HAS_SENDER), plan.holder(record.pid)?) {
            (false, None) => None,
            (true, Some(member)) => Some(Who::Member(member)),
            (true, None) if record.pid == ObjectId::NONE => {
                Some(gone_by(record.number.get(), record.status.get())?)
            }
            _ => return Err(misplaced("pid", record.pid).into()),
        };
        let process = match who {
            Some(who) => Some(self.process(who, first, task_of)?),
            None => None,
        };
        let state = MessageState {
            length: u32::try_from(bytes.len()).map_err(Error::from)?,
            charge: record.charge.get(),
            files: record.files.get(),
            owner: record.owner.get(),
            uid: record.uid.get(),
            gid: record.gid.get(),
            stamp: record.stamp.get(),
            oob: has(MESSAGE_URGENT),
            consumed: has(MESSAGE_CONSUMED),
            ..MessageState::default()
        };
        let pid = process.and_then(|place| self.processes.get(place));
        let (to, from) = (self.socket(to)?, self.socket(from)?);
        let put = to.put(from, payer, &state, pid, bytes, &files);
        put.map_err(|error| match error == EPERM {
            true => {
                let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
                refusal.name("who has sent what waits in its sockets")
            }
            false => plan_to.refusal(Reason::SocketNotMade, error),
        })
    }

    /// All is open and filled: what was closed is closed.
    pub(crate) fn finish(&mut self, plans: &[SocketPlan]) -> Result<(), Refusal> {
        for (plan, made) in plans.iter().zip(self.made.iter_mut()) {
            let Some(file) = made.as_mut().and_then(|made| made.file.take()) else {
                continue;
            };
            if plan.has_file() {
                let state = plan.attributes()?;
                file.set_times(&state).map_err(plan.not_made())?;
            }
            if plan.has(SOCKET_DEAD) {
                file.close();
            }
        }
        self.made = KVVec::new();
        self.processes = KVVec::new();
        self.known = RBTree::new();
        Ok(())
    }

    /// What was made for their names stays.
    pub(crate) fn keep(&mut self) {
        self.inodes = KVVec::new();
    }
}
