// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! What a checkpoint has gathered: every record but page contents, in kernel memory, and every
//! reason not to go on.
//!
//! Shared objects are known by their address. Whatever has been named that way is held until the
//! capture is dropped, so that the address cannot come to mean something else.

use core::mem::size_of;

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use kernel::sync::aref::ARef;
use kernel::task::Task;

use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::creds::Held;
use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::keys::Keyring;
use crate::abstractions::namespaces::Namespaces;
use crate::abstractions::seccomp::Filter;
use crate::abstractions::space::Space;
use crate::format::reason::Reason;
use crate::format::{Kind, ObjectId, Record, TaskId};
use crate::log::{Log, Refusal};
use crate::rooms::contents::Content;
use crate::rooms::handed::Outsiders;
use crate::rooms::sockets::Sockets;
use crate::rooms::{epolls, pipes, queues, terminals};
use crate::sort;

/// Most kernel memory that a capture takes; a container of a hundred thousand areas and
/// descriptors needs a tenth of it.
const LIMIT: usize = 512 * 1024 * 1024;

/// Stages of a stream, as `Kind::stage` numbers them.
const STAGES: usize = 13;

/// A record that waits for its header: kind, bytes of the fixed part, bytes of the payload.
type Entry = (Kind, u32, usize);

/// What may come while a container stands still.
#[derive(Clone, Copy)]
pub(crate) enum Waiting {
    Member,
    Signal,
    Message,
    Typed,
}

/// Stands for bytes (FNV-1a): what is appended to them, or changed, shows.
#[derive(Clone, Copy)]
struct Digest(u64);

impl Digest {
    const NOTHING: Self = Self(0xcbf2_9ce4_8422_2325);

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The records of one stage.
#[derive(Default)]
struct Stage {
    entries: KVVec<Entry>,
    bytes: KVVec<u8>,
}

/// A task that is frozen, off its CPU, and that the caller may look into.
pub(crate) struct FrozenTask {
    pub(crate) task: ARef<Task>,
    pub(crate) id: TaskId,
    /// The leader of its process; itself for a leader.
    pub(crate) leader: TaskId,
    /// The thread that made or adopted its process.
    pub(crate) parent: TaskId,
    /// It has ended, and was not waited for.
    pub(crate) ended: bool,
    /// And so have all threads of its process.
    pub(crate) process_ended: bool,
    pub(crate) namespaces: Namespaces,
    /// The kind of a namespace that it is in and that nothing can make again.
    pub(crate) foreign: Option<&'static str>,
    /// Whom it waits for, in the middle of vfork(2).
    pub(crate) vfork_child: Option<TaskId>,
}

impl FrozenTask {
    /// Does it lead its process?
    pub(crate) fn is_leader(&self) -> bool {
        self.leader == self.id
    }

    /// A refusal because of this task.
    pub(crate) fn refusal(&self, reason: Reason) -> Refusal {
        Refusal::new(reason, errno::not_supported()).task(&self.task)
    }
}

/// A descriptor of a table: the open file, and where it was met.
pub(crate) struct Placed {
    pub(crate) file: OpenFile,
    pub(crate) id: ObjectId,
    pub(crate) number: u32,
    pub(crate) task: TaskId,
    /// It is in a message that was sent there, not in the table.
    pub(crate) is_queued: bool,
    /// It is not saved.
    pub(crate) is_handed: bool,
}

/// What has been gathered so far.
pub(crate) struct Capture<'a> {
    pub(crate) cgroup: &'a Cgroup,
    log: &'a mut Log,
    stages: [Stage; STAGES],
    size: usize,
    numbers: RBTree<usize, u32>,
    objects: u32,
    files: KVVec<OpenFile>,
    filters: KVVec<Filter>,
    keyrings: KVVec<Keyring>,
    credentials: KVVec<Held>,
    refused_files: RBTree<u32, ()>,
    /// Inodes of open files that were met, which hold them.
    inodes_met: RBTree<usize, ()>,
    /// Members, by the address of their struct pid, or of what they were the first to have.
    members: RBTree<usize, u32>,
    /// Numbers of what areas descend from, by what the kernel knows it by.
    lineages: RBTree<u64, u32>,
    lineage_count: u32,
    pids: u32,
    /// The container's own pid namespace, by its id.
    pub(crate) pid_space: Option<u64>,
    /// Which open file stands where, for each descriptor of each table.
    pub(crate) descriptors: KVVec<Placed>,
    /// Open files that are not saved.
    pub(crate) outsiders: Outsiders,
    /// What is in storages, for the stream to carry.
    pub(crate) contents: KVVec<Content>,
    /// What is in pipes, likewise.
    pub(crate) pipes: KVVec<pipes::Contents>,
    /// Epolls that were met so far.
    pub(crate) epolls: KVVec<epolls::Unseen>,
    /// Sockets, and what waits in them.
    pub(crate) sockets: Sockets,
    /// POSIX message queues.
    pub(crate) queues: KVVec<queues::Met>,
    /// Pseudo terminals.
    pub(crate) terminals: KVVec<terminals::Pair>,
    /// Those of them whose master is outside.
    pub(crate) relays: KVVec<terminals::Relay>,
    /// The devpts that all of them are in; only to be compared.
    pub(crate) terminal_place: Option<usize>,
    /// Address spaces, with their object, whose pages the stream has to carry.
    pub(crate) spaces: KVVec<(ObjectId, Space)>,
    /// Of each kind of what waits to be received.
    waiting: [Digest; 4],
}

impl<'a> Capture<'a> {
    pub(crate) fn new(cgroup: &'a Cgroup, log: &'a mut Log) -> Self {
        Self {
            cgroup,
            log,
            stages: core::array::from_fn(|_| Stage::default()),
            size: 0,
            numbers: RBTree::new(),
            objects: 0,
            files: KVVec::new(),
            filters: KVVec::new(),
            keyrings: KVVec::new(),
            credentials: KVVec::new(),
            refused_files: RBTree::new(),
            inodes_met: RBTree::new(),
            members: RBTree::new(),
            lineages: RBTree::new(),
            lineage_count: 0,
            pids: 0,
            pid_space: None,
            descriptors: KVVec::new(),
            outsiders: Outsiders::default(),
            contents: KVVec::new(),
            pipes: KVVec::new(),
            epolls: KVVec::new(),
            sockets: Sockets::default(),
            queues: KVVec::new(),
            terminals: KVVec::new(),
            relays: KVVec::new(),
            terminal_place: None,
            spaces: KVVec::new(),
            waiting: [Digest::NOTHING; 4],
        }
    }

    /// Remembers a reason not to go on, and goes on looking for others.
    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        self.log.report(&refusal);
    }

    /// Says something that is no reason to stop.
    pub(crate) fn remark(&mut self, remark: &Refusal) {
        self.log.remark(remark);
    }

    /// Fails if there was a reason not to go on.
    pub(crate) fn verdict(&self) -> Result {
        self.log.verdict()
    }

    /// Adds a record.
    pub(crate) fn record<R: Record>(&mut self, fixed: &R, tail: &[u8]) -> Result {
        let length = size_of::<R>().checked_add(tail.len()).ok_or(EOVERFLOW)?;
        self.size = self.size.checked_add(length).ok_or(EOVERFLOW)?;
        if self.size > LIMIT {
            self.refuse(Refusal::new(Reason::CaptureTooLarge, EFBIG).value(LIMIT as u64));
            return Err(EFBIG);
        }
        let stage = self
            .stages
            .get_mut(usize::from(R::KIND.stage()))
            .ok_or(EINVAL)?;
        let entry = (R::KIND, size_of::<R>() as u32, length);
        stage.entries.push(entry, GFP_KERNEL_ACCOUNT)?;
        stage
            .bytes
            .extend_from_slice(fixed.as_bytes(), GFP_KERNEL_ACCOUNT)?;
        stage.bytes.extend_from_slice(tail, GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Adds a record of what has come, and waits to be received or waited for.
    pub(crate) fn record_waiting<R: Record>(
        &mut self,
        what: Waiting,
        fixed: &R,
        tail: &[u8],
    ) -> Result {
        for part in [fixed.as_bytes(), tail] {
            self.waits(what, part);
        }
        self.record(fixed, tail)
    }

    /// A number for an object that is in the image once and used once.
    pub(crate) fn new_object(&mut self) -> Result<ObjectId> {
        self.objects = self.objects.checked_add(1).ok_or(EOVERFLOW)?;
        Ok(ObjectId::new(self.objects))
    }

    /// The number of the object at this address, if it has one.
    pub(crate) fn known(&self, address: usize) -> Option<ObjectId> {
        self.numbers.get(&address).copied().map(ObjectId::new)
    }

    /// The object at this address: its number, and whether it is new. The caller holds it.
    pub(crate) fn object(&mut self, address: usize) -> Result<(ObjectId, bool)> {
        if let Some(id) = self.known(address) {
            return Ok((id, false));
        }
        let id = self.new_object()?;
        self.numbers
            .try_create_and_insert(address, id.get(), GFP_KERNEL_ACCOUNT)?;
        Ok((id, true))
    }

    /// A process id: its object, and whether it is new.
    pub(crate) fn pid(&mut self, address: usize) -> Result<(ObjectId, bool)> {
        let (id, is_new) = self.object(address)?;
        self.pids = self.pids.saturating_add(u32::from(is_new));
        Ok((id, is_new))
    }

    /// The number of a lineage; zero is none.
    pub(crate) fn lineage(&mut self, root: u64) -> Result<u32> {
        if root == 0 {
            return Ok(0);
        }
        if let Some(number) = self.lineages.get(&root) {
            return Ok(*number);
        }
        self.lineage_count = self.lineage_count.checked_add(1).ok_or(EOVERFLOW)?;
        self.lineages
            .try_create_and_insert(root, self.lineage_count, GFP_KERNEL_ACCOUNT)?;
        Ok(self.lineage_count)
    }

    /// Process ids so far.
    pub(crate) fn pids(&self) -> u32 {
        self.pids
    }

    /// The first member that was found with what is at this address; `task`, if there is none yet.
    pub(crate) fn first_with(&mut self, address: usize, task: TaskId) -> Result<TaskId> {
        if let Some(first) = self.members.get(&address) {
            return Ok(TaskId::new(*first));
        }
        self.set_member(address, task)?;
        Ok(task)
    }

    /// Remembers which member has this pid.
    pub(crate) fn set_member(&mut self, pid: usize, member: TaskId) -> Result {
        self.members
            .try_create_and_insert(pid, member.get(), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// The member that has this pid.
    pub(crate) fn member(&self, pid: usize) -> Option<TaskId> {
        self.members.get(&pid).copied().map(TaskId::new)
    }

    /// The number of this pid, if it is a member's. It may still be that of a group or a session, too.
    pub(crate) fn pid_of_member(&self, pid: usize) -> ObjectId {
        let known = self.member(pid).and(self.known(pid));
        known.unwrap_or(ObjectId::NONE)
    }

    /// Remembers a reason against an open file: it holds for every place where the file is met.
    pub(crate) fn refuse_file(&mut self, file: ObjectId, refusal: Refusal) -> Result {
        self.refuse(refusal);
        self.refused_files
            .try_create_and_insert(file.get(), (), GFP_KERNEL_ACCOUNT)?;
        Ok(())
    }

    /// Was there a reason against this open file?
    pub(crate) fn is_refused(&self, file: ObjectId) -> bool {
        self.refused_files.get(&file.get()).is_some()
    }

    /// The number of an open file, and whether it is new; the file is held from now on.
    pub(crate) fn file(&mut self, file: &OpenFile) -> Result<(ObjectId, bool)> {
        let (id, is_new) = self.object(file.identity())?;
        if is_new {
            self.files.push(file.clone(), GFP_KERNEL_ACCOUNT)?;
        }
        Ok((id, is_new))
    }

    /// Holds a seccomp filter that has a number.
    pub(crate) fn hold_filter(&mut self, filter: Filter) -> Result {
        Ok(self.filters.push(filter, GFP_KERNEL_ACCOUNT)?)
    }

    /// Holds a keyring that has a number.
    pub(crate) fn hold_keyring(&mut self, keyring: Keyring) -> Result {
        Ok(self.keyrings.push(keyring, GFP_KERNEL_ACCOUNT)?)
    }

    /// Holds credentials that have a number.
    pub(crate) fn hold_credentials(&mut self, credentials: Held) -> Result {
        Ok(self.credentials.push(credentials, GFP_KERNEL_ACCOUNT)?)
    }

    /// Every open file that the container has, uses or runs.
    pub(crate) fn files(&self) -> &[OpenFile] {
        &self.files
    }

    /// Of these, those that are of something described: `of` gives the address that it goes by.
    pub(crate) fn files_of(
        &self,
        of: impl Fn(&OpenFile) -> Option<usize>,
    ) -> Result<KVVec<(OpenFile, ObjectId)>> {
        let mut found = KVVec::new();
        for file in self.files() {
            if let Some(id) = of(file).and_then(|address| self.known(address)) {
                found.push((file.clone(), id), GFP_KERNEL)?;
            }
        }
        Ok(found)
    }

    /// Is this the first time that an open file of this inode is met?
    pub(crate) fn is_first_of_inode(&mut self, inode: usize) -> Result<bool> {
        let is_first = self.inodes_met.get(&inode).is_none();
        if is_first {
            self.inodes_met
                .try_create_and_insert(inode, (), GFP_KERNEL_ACCOUNT)?;
        }
        Ok(is_first)
    }

    /// Inodes of all of them, ascending, each with the place of the open file.
    pub(crate) fn inodes(&self) -> Result<KVVec<(usize, usize)>> {
        let mut inodes = KVVec::with_capacity(self.files.len(), GFP_KERNEL)?;
        for (index, file) in self.files().iter().enumerate() {
            inodes.push((file.inode(), index), GFP_KERNEL)?;
        }
        sort::values(&mut inodes);
        Ok(inodes)
    }

    /// The first open file of an inode, among these, that nothing is against.
    pub(crate) fn file_of(
        &self,
        inodes: &[(usize, usize)],
        inode: usize,
    ) -> Option<(ObjectId, &OpenFile)> {
        let first = inodes.partition_point(|(other, _)| *other < inode);
        let of_it = inodes.iter().skip(first);
        let mut of_it = of_it.take_while(|(other, _)| *other == inode);
        of_it.find_map(|(_, index)| {
            let file = self.files.get(*index)?;
            let id = self.known(file.identity())?;
            (!self.is_refused(id)).then_some((id, file))
        })
    }

    /// A descriptor at which this is open.
    pub(crate) fn descriptor_of(&self, file: &OpenFile) -> Option<u32> {
        let mut places = self.descriptors.iter();
        let place = places.find(|place| place.file.identity() == file.identity());
        place.map(|place| place.number)
    }

    /// Takes note of what has come, and waits to be received or waited for.
    pub(crate) fn waits(&mut self, what: Waiting, bytes: &[u8]) {
        if let Some(digest) = self.waiting.get_mut(what as usize) {
            digest.add(bytes);
        }
    }

    /// Stands for all of that: members, signals, messages, what was typed.
    pub(crate) fn waiting(&self) -> [u64; 4] {
        self.waiting.map(|digest| digest.0)
    }

    /// Objects so far.
    pub(crate) fn objects(&self) -> u32 {
        self.objects
    }

    /// Bytes of kernel memory so far.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// Gives every record, stage by stage, to `write`.
    pub(crate) fn for_each(
        &self,
        mut write: impl FnMut(Kind, u32, &[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        for stage in &self.stages {
            let mut rest: &[u8] = &stage.bytes;
            for (kind, fixed, length) in stage.entries.iter() {
                let (payload, after) = rest.split_at_checked(*length).ok_or(EINVAL)?;
                write(*kind, *fixed, payload)?;
                rest = after;
            }
        }
        Ok(())
    }
}
