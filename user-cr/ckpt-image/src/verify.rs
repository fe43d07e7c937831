// SPDX-License-Identifier: GPL-2.0

//! Checks a whole image without running anything: what the envelopes cannot say. Every reference
//! leads to an object of the right kind that came before, every count is true, every task has what
//! it needs, areas and pages are where they may be.

mod ipc;
mod memory;
mod objects;
mod pipes;
mod queues;
mod sockets;
mod storages;
mod tasks;

use std::io::Read;

use ckpt_format::aio::{AioContext, AioPage};
use ckpt_format::confinement::{Confinement, SeccompFilter};
use ckpt_format::cpu_x86_64::LocalDescriptors;
use ckpt_format::credentials::{Credentials, Identity, Keyring};
use ckpt_format::events::{Epoll, EpollItem, EventCounter, Signalfd, Timerfd};
use ckpt_format::fanotify::{DirectoryWatch, Fanotify, FanotifyEvent, FanotifyMark};
use ckpt_format::files::{
    Descriptor, DescriptorTable, Directories, FileOwner, FileReading, OpenFile,
};
use ckpt_format::handed::Handed;
use ckpt_format::header::{End, Header, MachineX86_64, Vdso};
use ckpt_format::ipc::{IpcObject, IpcUndo};
use ckpt_format::locks::FileLock;
use ckpt_format::memory::{AddressSpace, Area, InheritedPages, Pages, ZeroPages};
use ckpt_format::pidfds::PidfdTarget;
use ckpt_format::pipes::{Pipe, PipeData};
use ckpt_format::queues::{Queue, QueueMessage, QueueNotice};
use ckpt_format::signals::SignalActions;
use ckpt_format::sockets::{Socket, SocketFilter, SocketLink, SocketMessage, SocketServer};
use ckpt_format::storage::{
    ContentPages, ContentZeros, Storage, StorageAttribute, ATTRIBUTE_OF_NAME,
};
use ckpt_format::task::{Member, Pid, PidSpace, Process, Thread};
use ckpt_format::terminals::{
    ControllingTerminal, Terminal, TerminalBuffer, TerminalPlace, TerminalSide,
};
use ckpt_format::watches::{Watch, WatchEvent, Watcher};
use ckpt_format::{Kind, Problem};

use crate::{ImageError, ImageReader, RecordView};
use ipc::Ipc;
use memory::Memory;
use objects::Objects;
use pipes::Pipes;
use queues::Queues;
use sockets::Sockets;
use storages::Storages;
use tasks::Tasks;

/// What an open file may be of.
const OF_OPEN_FILES: [Kind; 12] = [
    Kind::Storage,
    Kind::Pipe,
    Kind::PidfdTarget,
    Kind::EventCounter,
    Kind::Watcher,
    Kind::Fanotify,
    Kind::Signalfd,
    Kind::Timerfd,
    Kind::Epoll,
    Kind::Socket,
    Kind::Terminal,
    Kind::Queue,
];

/// What was found in an image that is whole.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    /// Records, with the last.
    pub records: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Tasks.
    pub tasks: u64,
    /// Objects that bodies declared.
    pub objects: u64,
    /// Pages with contents.
    pub pages: u64,
}

/// Reads an image to its end and checks all of it.
pub fn verify(source: impl Read) -> Result<Summary, ImageError> {
    let mut reader = ImageReader::new(source);
    let mut verifier = Verifier::default();
    while let Some(record) = reader.next()? {
        verifier.record(&record)?;
    }
    reader.expect_end_of_stream()?;
    Ok(verifier.summary())
}

/// The checks, for a caller that reads the records itself.
#[derive(Debug, Default)]
pub struct Verifier {
    records: u64,
    bytes: u64,
    header: Option<Header>,
    objects: Objects,
    tasks: Tasks,
    memory: Memory,
    storages: Storages,
    pipes: Pipes,
    sockets: Sockets,
    ipc: Ipc,
    queues: Queues,
}

impl Verifier {
    /// Checks the next record.
    pub fn record(&mut self, record: &RecordView<'_>) -> Result<(), ImageError> {
        let checked = self.check(record);
        checked.map_err(|problem| record.error(problem))?;
        self.records += 1;
        self.bytes = record.offset + (size_of_val(&record.header) + record.payload().len()) as u64;
        Ok(())
    }

    /// What was read so far.
    pub fn summary(&self) -> Summary {
        Summary {
            records: self.records,
            bytes: self.bytes,
            tasks: self.tasks.count(),
            objects: self.objects.count(),
            pages: self.pages(),
        }
    }

    fn pages(&self) -> u64 {
        self.memory.pages + self.storages.pages
    }

    fn check(&mut self, record: &RecordView<'_>) -> Result<(), Problem> {
        let Some(kind) = record.kind else {
            return Ok(());
        };
        if kind.stage() > Kind::Member.stage() {
            self.tasks.forest_is_complete()?;
        }
        match kind {
            Kind::Header => self.begin(part(record)?),
            Kind::MachineX86_64 => part::<MachineX86_64>(record).map(drop),
            Kind::Vdso => part::<Vdso>(record).map(drop),
            Kind::IpcSpace => self.ipc.space(&part(record)?),
            Kind::PidSpace => {
                let space: PidSpace = part(record)?;
                self.objects.declare(kind, space.id)?;
                self.tasks.space(&space)
            }
            Kind::Pid => {
                let pid: Pid = part(record)?;
                self.objects.declare(kind, pid.id)?;
                self.tasks.pid(&pid, record.tail)
            }
            Kind::Member => {
                let member: Member = part(record)?;
                self.tasks.member(member)
            }
            Kind::OpenFile => {
                let file: OpenFile = part(record)?;
                self.objects.find("opener", file.opener, Kind::Identity)?;
                self.objects
                    .find_any("storage", file.storage, &OF_OPEN_FILES)?;
                self.pipes.end(&file)?;
                self.objects.declare(kind, file.id)?;
                path("path", record.tail)
            }
            Kind::Storage => {
                let storage: Storage = part(record)?;
                self.objects.declare(kind, storage.id)?;
                self.storages.declare(&storage);
                path("name", record.tail)
            }
            Kind::Pipe => {
                let pipe: Pipe = part(record)?;
                self.objects
                    .find_or_none("storage", pipe.storage, Kind::Storage)?;
                self.objects.declare(kind, pipe.id)?;
                self.pipes.declare(&pipe)?;
                path("name", record.tail)
            }
            Kind::PidfdTarget => {
                let target: PidfdTarget = part(record)?;
                self.objects.find_or_none("pid", target.pid, Kind::Pid)?;
                self.objects.declare(kind, target.id)
            }
            Kind::EventCounter => {
                let counter: EventCounter = part(record)?;
                self.objects.declare(kind, counter.id)
            }
            Kind::Signalfd => {
                let signals: Signalfd = part(record)?;
                self.objects.declare(kind, signals.id)
            }
            Kind::Timerfd => {
                let timer: Timerfd = part(record)?;
                self.objects.declare(kind, timer.id)
            }
            Kind::Epoll => {
                let epoll: Epoll = part(record)?;
                self.objects.declare(kind, epoll.id)
            }
            Kind::Socket => {
                let socket: Socket = part(record)?;
                self.objects
                    .find_or_none("peer_pid", socket.peer_pid, Kind::Pid)?;
                self.objects
                    .find_or_none("peer", socket.peer, Kind::Identity)?;
                self.objects.declare(kind, socket.id)?;
                self.sockets.declare(&socket, record.tail)
            }
            Kind::SocketLink => {
                let link: SocketLink = part(record)?;
                self.objects.find("socket", link.socket, Kind::Socket)?;
                for (name, id) in [("peer", link.peer), ("listener", link.listener)] {
                    self.objects.find_or_none(name, id, Kind::Socket)?;
                }
                self.sockets.link(&link)
            }
            Kind::SocketFilter => {
                let filter: SocketFilter = part(record)?;
                self.objects.find("socket", filter.socket, Kind::Socket)
            }
            Kind::SocketServer => {
                let server: SocketServer = part(record)?;
                self.objects.find("socket", server.socket, Kind::Socket)
            }
            Kind::SocketMessage => {
                let message: SocketMessage = part(record)?;
                for (name, id) in [("to", message.to), ("from", message.from)] {
                    self.objects.find(name, id, Kind::Socket)?;
                }
                self.objects.find_or_none("pid", message.pid, Kind::Pid)?;
                for file in sockets::files(&message, record.tail)? {
                    self.objects.find("file", file, Kind::OpenFile)?;
                }
                self.sockets.message(&message)
            }
            Kind::TerminalPlace => {
                part::<TerminalPlace>(record)?;
                path("path", record.tail)
            }
            Kind::Terminal => {
                let terminal: Terminal = part(record)?;
                for (name, id) in [("session", terminal.session), ("group", terminal.group)] {
                    self.objects.find_or_none(name, id, Kind::Pid)?;
                }
                self.objects.declare(kind, terminal.id)?;
                path("path", record.tail)
            }
            Kind::TerminalSide => {
                let terminal = part::<TerminalSide>(record)?.terminal;
                self.objects.find("terminal", terminal, Kind::Terminal)
            }
            Kind::TerminalBuffer => {
                let terminal = part::<TerminalBuffer>(record)?.terminal;
                self.objects.find("terminal", terminal, Kind::Terminal)
            }
            Kind::ControllingTerminal => {
                let control: ControllingTerminal = part(record)?;
                let (terminal, group) = (control.terminal, control.old_group);
                self.objects
                    .find_or_none("terminal", terminal, Kind::Terminal)?;
                self.objects.find_or_none("old_group", group, Kind::Pid)?;
                self.tasks.belongs(kind, control.task)
            }
            Kind::Handed => {
                let handed: Handed = part(record)?;
                self.objects.declare(kind, handed.id)?;
                match record.tail.is_empty() || record.tail.contains(&0) {
                    false => Ok(()),
                    true => Err(Problem::Value("name", record.tail.len() as u64)),
                }
            }
            Kind::DescriptorTable => {
                let table: DescriptorTable = part(record)?;
                self.objects.declare_table(&table)
            }
            Kind::Directories => {
                let directories: Directories = part(record)?;
                for (name, id) in [("root", directories.root), ("cwd", directories.cwd)] {
                    self.objects.find_or_none(name, id, Kind::OpenFile)?;
                }
                self.objects.declare(kind, directories.id)?;
                let (root, cwd) = record
                    .tail
                    .split_at_checked(directories.root_length.get() as usize)
                    .ok_or(Problem::Truncated)?;
                path("root_length", root)?;
                path("cwd_length", cwd)
            }
            Kind::SignalActions => {
                let actions: SignalActions = part(record)?;
                self.objects.declare(kind, actions.id)
            }
            Kind::SeccompFilter => {
                let filter: SeccompFilter = part(record)?;
                self.objects.find_or_none("below", filter.below, kind)?;
                self.objects.declare(kind, filter.id)
            }
            Kind::Keyring => {
                let keyring: Keyring = part(record)?;
                if record.tail.starts_with(b".") || record.tail.contains(&0) {
                    return Err(Problem::Value("name_length", record.tail.len() as u64));
                }
                self.objects.declare(kind, keyring.id)
            }
            Kind::Identity => {
                let identity: Identity = part(record)?;
                for (name, id) in [
                    ("session_keyring", identity.session_keyring),
                    ("process_keyring", identity.process_keyring),
                    ("thread_keyring", identity.thread_keyring),
                ] {
                    self.objects.find_or_none(name, id, Kind::Keyring)?;
                }
                self.objects.declare(kind, identity.id)
            }
            Kind::AddressSpace => {
                let space: AddressSpace = part(record)?;
                self.objects.declare(kind, space.id)?;
                self.objects
                    .find_or_none("exe", space.exe, Kind::OpenFile)?;
                self.memory.declare(&space);
                Ok(())
            }
            Kind::Area => {
                let area: Area = part(record)?;
                self.objects.find("space", area.space, Kind::AddressSpace)?;
                self.objects
                    .find_or_none("file", area.file, Kind::OpenFile)?;
                self.memory.area(&area)
            }
            Kind::StorageAttribute => {
                let attribute: StorageAttribute = part(record)?;
                let storage = attribute.storage;
                let is_of_name = attribute.flags.get() & ATTRIBUTE_OF_NAME != 0;
                match self.objects.find("storage", storage, Kind::Socket) {
                    Ok(()) => self.sockets.attribute(storage, is_of_name, record.tail)?,
                    Err(wrong) if is_of_name => return Err(wrong),
                    Err(_) => self.objects.find("storage", storage, Kind::Storage)?,
                }
                let length = attribute.name_length.get();
                match record.tail.get(..length as usize) {
                    Some(name) if !name.contains(&0) => Ok(()),
                    _ => Err(Problem::Value("name_length", length.into())),
                }
            }
            Kind::IpcObject => {
                let object: IpcObject = part(record)?;
                let storage = object.storage;
                self.objects
                    .find_or_none("storage", storage, Kind::Storage)?;
                self.ipc.object(&object, record.tail)
            }
            Kind::Queue => {
                let queue: Queue = part(record)?;
                self.objects.declare(kind, queue.id)?;
                self.queues.declare(&queue, record.tail)
            }
            Kind::QueueMessage => {
                let message: QueueMessage = part(record)?;
                self.objects.find("queue", message.queue, Kind::Queue)?;
                self.queues.message(&message, record.tail.len() as u64)
            }
            Kind::QueueNotice => {
                let notice: QueueNotice = part(record)?;
                self.objects.find("queue", notice.queue, Kind::Queue)?;
                self.queues.notice(&notice)
            }
            Kind::GuardPages => self.memory.guards(&part(record)?),
            Kind::AreaPolicy => self.memory.policy(&part(record)?),
            Kind::Descriptor => {
                let descriptor: Descriptor = part(record)?;
                self.objects.descriptor(&descriptor)
            }
            Kind::LocalDescriptors => {
                let table: LocalDescriptors = part(record)?;
                self.objects
                    .find("space", table.space, Kind::AddressSpace)?;
                self.memory.local_descriptors(&table, record.tail)
            }
            Kind::FileOwner => {
                let owner: FileOwner = part(record)?;
                self.objects.own(&owner)
            }
            Kind::FileReading => {
                let reading: FileReading = part(record)?;
                self.objects.read(&reading)
            }
            Kind::FileLock => {
                let lock: FileLock = part(record)?;
                self.objects.find("file", lock.file, Kind::OpenFile)?;
                let table = Kind::DescriptorTable;
                self.objects.find_or_none("owner", lock.owner, table)?;
                self.objects.find_or_none("pid", lock.pid, Kind::Pid)
            }
            Kind::AioContext => {
                let context: AioContext = part(record)?;
                self.objects
                    .find("space", context.space, Kind::AddressSpace)
            }
            Kind::AioPage => {
                let page: AioPage = part(record)?;
                self.objects.find("space", page.space, Kind::AddressSpace)
            }
            Kind::Watcher => {
                let watcher: Watcher = part(record)?;
                self.objects.declare(kind, watcher.id)
            }
            Kind::Watch => {
                let watch: Watch = part(record)?;
                self.objects.find("watcher", watch.watcher, Kind::Watcher)?;
                self.objects
                    .find_or_none("file", watch.file, Kind::OpenFile)?;
                match watch.file.get() {
                    0 => path("path", record.tail),
                    _ if record.tail.is_empty() => Ok(()),
                    _ => Err(Problem::Value("path", record.tail.len() as u64)),
                }
            }
            Kind::WatchEvent => {
                let event: WatchEvent = part(record)?;
                self.objects.find("watcher", event.watcher, Kind::Watcher)
            }
            Kind::Fanotify => {
                let group: Fanotify = part(record)?;
                self.objects.declare(kind, group.id)
            }
            Kind::FanotifyMark => {
                let mark: FanotifyMark = part(record)?;
                self.objects.find("group", mark.group, Kind::Fanotify)?;
                self.objects.find("file", mark.file, Kind::OpenFile)
            }
            Kind::FanotifyEvent => {
                let event: FanotifyEvent = part(record)?;
                self.objects.find("group", event.group, Kind::Fanotify)?;
                self.objects
                    .find_or_none("file", event.file, Kind::OpenFile)?;
                self.objects.find_or_none("pid", event.pid, Kind::Pid)
            }
            Kind::DirectoryWatch => {
                let watch: DirectoryWatch = part(record)?;
                self.objects.find("file", watch.file, Kind::OpenFile)?;
                let table = Kind::DescriptorTable;
                self.objects.find("table", watch.table, table)
            }
            Kind::EpollItem => {
                let item: EpollItem = part(record)?;
                self.objects.find("epoll", item.epoll, Kind::OpenFile)?;
                let files = [Kind::OpenFile, Kind::Handed];
                self.objects.find_any("file", item.file, &files)?;
                self.objects
                    .find_or_none("actions", item.actions, Kind::SignalActions)
            }
            Kind::Process => self.tasks.process(&part::<Process>(record)?),
            Kind::Thread => {
                let thread: Thread = part(record)?;
                match self.tasks.has_ended(thread.task) {
                    true => objects::unused_by(&thread)?,
                    false => self.objects.used_by(&thread)?,
                }
                if thread.io_context.get() > thread.task.get() {
                    let first = thread.io_context.get();
                    return Err(Problem::Reference("io_context", first));
                }
                let (own, child) = (thread.task.get(), thread.vfork_child.get());
                if child != 0 && child <= own {
                    return Err(Problem::Reference("vfork_child", child));
                }
                if thread.undo_list.get().saturating_sub(1) > own {
                    return Err(Problem::Reference("undo_list", thread.undo_list.get()));
                }
                self.tasks.belongs(kind, thread.task)
            }
            Kind::Credentials => {
                let credentials: Credentials = part(record)?;
                let identity = credentials.identity;
                self.objects.find("identity", identity, Kind::Identity)?;
                self.tasks.belongs(kind, credentials.task)
            }
            Kind::Confinement => {
                let confinement: Confinement = part(record)?;
                let filter = confinement.filter;
                self.objects
                    .find_or_none("filter", filter, Kind::SeccompFilter)?;
                self.tasks.belongs(kind, confinement.task)
            }
            Kind::IpcUndo => {
                let undo: IpcUndo = part(record)?;
                self.ipc.undo(&undo)?;
                self.tasks.undo(&undo)
            }
            Kind::Scheduling
            | Kind::RegistersX86_64
            | Kind::ExtendedStateX86
            | Kind::InterruptedSyscall
            | Kind::PendingSignal
            | Kind::JobControl
            | Kind::IntervalTimer
            | Kind::PosixTimers
            | Kind::PosixTimer
            | Kind::Usage
            | Kind::Settings
            | Kind::TaskPolicy => self.tasks.other(kind, record),
            Kind::ContentPages => {
                let pages: ContentPages = part(record)?;
                self.objects.find("storage", pages.storage, Kind::Storage)?;
                self.storages.pages(&pages, record.tail.len() as u64)
            }
            Kind::ContentZeros => {
                let zeros: ContentZeros = part(record)?;
                self.objects.find("storage", zeros.storage, Kind::Storage)?;
                self.storages.zeros(&zeros)
            }
            Kind::PipeData => {
                let data: PipeData = part(record)?;
                self.objects.find("pipe", data.pipe, Kind::Pipe)?;
                self.pipes.data(&data, record.tail.len() as u64)
            }
            Kind::Pages => {
                let pages: Pages = part(record)?;
                self.objects
                    .find("space", pages.space, Kind::AddressSpace)?;
                self.memory.pages(&pages, record.tail.len() as u64)
            }
            Kind::ZeroPages => {
                let pages: ZeroPages = part(record)?;
                self.objects
                    .find("space", pages.space, Kind::AddressSpace)?;
                self.memory.zero_pages(&pages)
            }
            Kind::InheritedPages => {
                let pages: InheritedPages = part(record)?;
                for (name, id) in [("space", pages.space), ("from", pages.from)] {
                    self.objects.find(name, id, Kind::AddressSpace)?;
                }
                self.memory.inherited_pages(&pages)
            }
            Kind::End => {
                let end: End = part(record)?;
                self.end(&end)
            }
        }
    }

    fn begin(&mut self, header: Header) -> Result<(), Problem> {
        self.tasks.begin(header);
        self.memory.begin(&header);
        self.storages.begin(&header);
        self.pipes.begin(&header);
        self.header = Some(header);
        Ok(())
    }

    /// Everything that was promised is there, and `End` says the same.
    fn end(&self, end: &End) -> Result<(), Problem> {
        self.objects.tables_are_full()?;
        self.memory.spaces_are_full()?;
        self.pipes.are_full()?;
        self.queues.are_full()?;
        self.sockets.are_whole()?;
        self.tasks.are_complete()?;
        let counts = [
            ("records", end.records.get(), self.records),
            ("bytes", end.bytes.get(), self.bytes),
            ("objects", end.objects.get().into(), self.objects.count()),
            ("pages", end.pages.get(), self.pages()),
            (
                "zero_pages",
                end.zero_pages.get(),
                self.memory
                    .zero_pages
                    .saturating_add(self.storages.zero_pages),
            ),
            (
                "inherited_pages",
                end.inherited_pages.get(),
                self.memory.inherited_pages,
            ),
        ];
        match counts.iter().find(|(_, said, found)| said != found) {
            None => Ok(()),
            Some((name, said, _)) => Err(Problem::Value(name, *said)),
        }
    }
}

/// The fixed part, with only the problem of the error: the place is added once, above.
fn part<T: ckpt_format::Record>(record: &RecordView<'_>) -> Result<T, Problem> {
    record.decode().map_err(|error| error.problem)
}

/// An absolute path without a zero byte.
fn path(name: &'static str, bytes: &[u8]) -> Result<(), Problem> {
    if bytes.first() == Some(&b'/') && !bytes.contains(&0) {
        Ok(())
    } else {
        Err(Problem::Value(name, bytes.len() as u64))
    }
}
