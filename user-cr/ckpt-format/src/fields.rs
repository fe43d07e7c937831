// SPDX-License-Identifier: GPL-2.0

//! The fields of every struct of the format, as a table.
//!
//! Do not edit: generated from kernel-rs/format by
//! `cargo xtask uapi`

use crate::{decode, FormatError, Frame, Kind};

/// How the bytes of a field are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Type {
    /// Bytes without a meaning of their own.
    Bytes,
    /// Text, zero padded.
    Text,
    /// An unsigned number of as many bytes as the field has.
    Unsigned,
    /// A signed number.
    Signed,
    /// An address.
    Address,
    /// Bits, or a number that is read in hexadecimal.
    Mask,
    /// Rights of a file, read in octal.
    Mode,
    /// The number of an object.
    Object,
    /// The place of a task.
    Task,
    /// Bits with names.
    Bits(&'static [(&'static str, u64)]),
    /// A number with a name.
    One(&'static [(&'static str, u64)]),
    /// Must be zero.
    Reserved,
    /// Fields of its own.
    Struct(&'static Layout),
    /// So many of the same.
    Array(usize, &'static Type),
    /// As many of the same as there are names.
    Named(&'static [&'static str], &'static Type),
}

/// One field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Where it begins in the struct.
    pub offset: usize,
    /// Its bytes.
    pub size: usize,
    /// What they are.
    pub kind: Type,
}

/// One struct.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Layout {
    /// Its name.
    pub name: &'static str,
    /// Its bytes.
    pub size: usize,
    /// Its fields, in order, without gaps.
    pub fields: &'static [Field],
}

const fn field(name: &'static str, offset: usize, size: usize, kind: Type) -> Field {
    Field {
        name,
        offset,
        size,
        kind,
    }
}

/// The fixed part of a kind.
pub const fn of(kind: Kind) -> &'static Layout {
    match kind {
        Kind::Header => &HEADER,
        Kind::MachineX86_64 => &MACHINE_X86_64,
        Kind::Vdso => &VDSO,
        Kind::Pid => &PID,
        Kind::Member => &MEMBER,
        Kind::OpenFile => &OPEN_FILE,
        Kind::DescriptorTable => &DESCRIPTOR_TABLE,
        Kind::Directories => &DIRECTORIES,
        Kind::SignalActions => &SIGNAL_ACTIONS,
        Kind::AddressSpace => &ADDRESS_SPACE,
        Kind::Storage => &STORAGE,
        Kind::Pipe => &PIPE,
        Kind::Handed => &HANDED,
        Kind::SeccompFilter => &SECCOMP_FILTER,
        Kind::Keyring => &KEYRING,
        Kind::Identity => &IDENTITY,
        Kind::PidfdTarget => &PIDFD_TARGET,
        Kind::PidSpace => &PID_SPACE,
        Kind::Area => &AREA,
        Kind::Descriptor => &DESCRIPTOR,
        Kind::FileOwner => &FILE_OWNER,
        Kind::GuardPages => &GUARD_PAGES,
        Kind::AreaPolicy => &AREA_POLICY,
        Kind::TaskPolicy => &TASK_POLICY,
        Kind::StorageAttribute => &STORAGE_ATTRIBUTE,
        Kind::Process => &PROCESS,
        Kind::Thread => &THREAD,
        Kind::Credentials => &CREDENTIALS,
        Kind::Scheduling => &SCHEDULING,
        Kind::RegistersX86_64 => &REGISTERS_X86_64,
        Kind::ExtendedStateX86 => &EXTENDED_STATE_X86,
        Kind::InterruptedSyscall => &INTERRUPTED_SYSCALL,
        Kind::PendingSignal => &PENDING_SIGNAL,
        Kind::IntervalTimer => &INTERVAL_TIMER,
        Kind::Pages => &PAGES,
        Kind::ZeroPages => &ZERO_PAGES,
        Kind::ContentPages => &CONTENT_PAGES,
        Kind::ContentZeros => &CONTENT_ZEROS,
        Kind::PipeData => &PIPE_DATA,
        Kind::InheritedPages => &INHERITED_PAGES,
        Kind::SocketMessage => &SOCKET_MESSAGE,
        Kind::SocketFilter => &SOCKET_FILTER,
        Kind::SocketServer => &SOCKET_SERVER,
        Kind::TerminalPlace => &TERMINAL_PLACE,
        Kind::DirectoryWatch => &DIRECTORY_WATCH,
        Kind::EpollItem => &EPOLL_ITEM,
        Kind::LocalDescriptors => &LOCAL_DESCRIPTORS,
        Kind::PosixTimers => &POSIX_TIMERS,
        Kind::PosixTimer => &POSIX_TIMER,
        Kind::Usage => &USAGE,
        Kind::JobControl => &JOB_CONTROL,
        Kind::ControllingTerminal => &CONTROLLING_TERMINAL,
        Kind::FileReading => &FILE_READING,
        Kind::Confinement => &CONFINEMENT,
        Kind::Settings => &SETTINGS,
        Kind::EventCounter => &EVENT_COUNTER,
        Kind::Signalfd => &SIGNALFD,
        Kind::Timerfd => &TIMERFD,
        Kind::Epoll => &EPOLL,
        Kind::Socket => &SOCKET,
        Kind::SocketLink => &SOCKET_LINK,
        Kind::Terminal => &TERMINAL,
        Kind::TerminalSide => &TERMINAL_SIDE,
        Kind::TerminalBuffer => &TERMINAL_BUFFER,
        Kind::IpcObject => &IPC_OBJECT,
        Kind::IpcUndo => &IPC_UNDO,
        Kind::IpcSpace => &IPC_SPACE,
        Kind::Queue => &QUEUE,
        Kind::QueueMessage => &QUEUE_MESSAGE,
        Kind::QueueNotice => &QUEUE_NOTICE,
        Kind::FileLock => &FILE_LOCK,
        Kind::Watcher => &WATCHER,
        Kind::Watch => &WATCH,
        Kind::WatchEvent => &WATCH_EVENT,
        Kind::AioContext => &AIO_CONTEXT,
        Kind::AioPage => &AIO_PAGE,
        Kind::Fanotify => &FANOTIFY,
        Kind::FanotifyMark => &FANOTIFY_MARK,
        Kind::FanotifyEvent => &FANOTIFY_EVENT,
        Kind::End => &END,
    }
}

/// Decodes a payload as whatever its envelope says and forgets it: is it well-formed?
pub fn check(frame: &Frame, payload: &[u8]) -> Result<(), FormatError> {
    let Some(kind) = frame.kind() else {
        return Ok(());
    };
    match kind {
        Kind::Header => decode::<crate::header::Header>(frame, payload).map(drop),
        Kind::MachineX86_64 => decode::<crate::header::MachineX86_64>(frame, payload).map(drop),
        Kind::Vdso => decode::<crate::header::Vdso>(frame, payload).map(drop),
        Kind::Pid => decode::<crate::task::Pid>(frame, payload).map(drop),
        Kind::Member => decode::<crate::task::Member>(frame, payload).map(drop),
        Kind::OpenFile => decode::<crate::files::OpenFile>(frame, payload).map(drop),
        Kind::DescriptorTable => decode::<crate::files::DescriptorTable>(frame, payload).map(drop),
        Kind::Directories => decode::<crate::files::Directories>(frame, payload).map(drop),
        Kind::SignalActions => decode::<crate::signals::SignalActions>(frame, payload).map(drop),
        Kind::AddressSpace => decode::<crate::memory::AddressSpace>(frame, payload).map(drop),
        Kind::Storage => decode::<crate::storage::Storage>(frame, payload).map(drop),
        Kind::Pipe => decode::<crate::pipes::Pipe>(frame, payload).map(drop),
        Kind::Handed => decode::<crate::handed::Handed>(frame, payload).map(drop),
        Kind::SeccompFilter => {
            decode::<crate::confinement::SeccompFilter>(frame, payload).map(drop)
        }
        Kind::Keyring => decode::<crate::credentials::Keyring>(frame, payload).map(drop),
        Kind::Identity => decode::<crate::credentials::Identity>(frame, payload).map(drop),
        Kind::PidfdTarget => decode::<crate::pidfds::PidfdTarget>(frame, payload).map(drop),
        Kind::PidSpace => decode::<crate::task::PidSpace>(frame, payload).map(drop),
        Kind::Area => decode::<crate::memory::Area>(frame, payload).map(drop),
        Kind::Descriptor => decode::<crate::files::Descriptor>(frame, payload).map(drop),
        Kind::FileOwner => decode::<crate::files::FileOwner>(frame, payload).map(drop),
        Kind::GuardPages => decode::<crate::memory::GuardPages>(frame, payload).map(drop),
        Kind::AreaPolicy => decode::<crate::memory::AreaPolicy>(frame, payload).map(drop),
        Kind::TaskPolicy => decode::<crate::memory::TaskPolicy>(frame, payload).map(drop),
        Kind::StorageAttribute => {
            decode::<crate::storage::StorageAttribute>(frame, payload).map(drop)
        }
        Kind::Process => decode::<crate::task::Process>(frame, payload).map(drop),
        Kind::Thread => decode::<crate::task::Thread>(frame, payload).map(drop),
        Kind::Credentials => decode::<crate::credentials::Credentials>(frame, payload).map(drop),
        Kind::Scheduling => decode::<crate::task::Scheduling>(frame, payload).map(drop),
        Kind::RegistersX86_64 => {
            decode::<crate::cpu_x86_64::RegistersX86_64>(frame, payload).map(drop)
        }
        Kind::ExtendedStateX86 => {
            decode::<crate::cpu_x86_64::ExtendedStateX86>(frame, payload).map(drop)
        }
        Kind::InterruptedSyscall => {
            decode::<crate::syscalls::InterruptedSyscall>(frame, payload).map(drop)
        }
        Kind::PendingSignal => decode::<crate::signals::PendingSignal>(frame, payload).map(drop),
        Kind::IntervalTimer => decode::<crate::timers::IntervalTimer>(frame, payload).map(drop),
        Kind::Pages => decode::<crate::memory::Pages>(frame, payload).map(drop),
        Kind::ZeroPages => decode::<crate::memory::ZeroPages>(frame, payload).map(drop),
        Kind::ContentPages => decode::<crate::storage::ContentPages>(frame, payload).map(drop),
        Kind::ContentZeros => decode::<crate::storage::ContentZeros>(frame, payload).map(drop),
        Kind::PipeData => decode::<crate::pipes::PipeData>(frame, payload).map(drop),
        Kind::InheritedPages => decode::<crate::memory::InheritedPages>(frame, payload).map(drop),
        Kind::SocketMessage => decode::<crate::sockets::SocketMessage>(frame, payload).map(drop),
        Kind::SocketFilter => decode::<crate::sockets::SocketFilter>(frame, payload).map(drop),
        Kind::SocketServer => decode::<crate::sockets::SocketServer>(frame, payload).map(drop),
        Kind::TerminalPlace => decode::<crate::terminals::TerminalPlace>(frame, payload).map(drop),
        Kind::DirectoryWatch => decode::<crate::fanotify::DirectoryWatch>(frame, payload).map(drop),
        Kind::EpollItem => decode::<crate::events::EpollItem>(frame, payload).map(drop),
        Kind::LocalDescriptors => {
            decode::<crate::cpu_x86_64::LocalDescriptors>(frame, payload).map(drop)
        }
        Kind::PosixTimers => decode::<crate::timers::PosixTimers>(frame, payload).map(drop),
        Kind::PosixTimer => decode::<crate::timers::PosixTimer>(frame, payload).map(drop),
        Kind::Usage => decode::<crate::usage::Usage>(frame, payload).map(drop),
        Kind::JobControl => decode::<crate::signals::JobControl>(frame, payload).map(drop),
        Kind::ControllingTerminal => {
            decode::<crate::terminals::ControllingTerminal>(frame, payload).map(drop)
        }
        Kind::FileReading => decode::<crate::files::FileReading>(frame, payload).map(drop),
        Kind::Confinement => decode::<crate::confinement::Confinement>(frame, payload).map(drop),
        Kind::Settings => decode::<crate::confinement::Settings>(frame, payload).map(drop),
        Kind::EventCounter => decode::<crate::events::EventCounter>(frame, payload).map(drop),
        Kind::Signalfd => decode::<crate::events::Signalfd>(frame, payload).map(drop),
        Kind::Timerfd => decode::<crate::events::Timerfd>(frame, payload).map(drop),
        Kind::Epoll => decode::<crate::events::Epoll>(frame, payload).map(drop),
        Kind::Socket => decode::<crate::sockets::Socket>(frame, payload).map(drop),
        Kind::SocketLink => decode::<crate::sockets::SocketLink>(frame, payload).map(drop),
        Kind::Terminal => decode::<crate::terminals::Terminal>(frame, payload).map(drop),
        Kind::TerminalSide => decode::<crate::terminals::TerminalSide>(frame, payload).map(drop),
        Kind::TerminalBuffer => {
            decode::<crate::terminals::TerminalBuffer>(frame, payload).map(drop)
        }
        Kind::IpcObject => decode::<crate::ipc::IpcObject>(frame, payload).map(drop),
        Kind::IpcUndo => decode::<crate::ipc::IpcUndo>(frame, payload).map(drop),
        Kind::IpcSpace => decode::<crate::ipc::IpcSpace>(frame, payload).map(drop),
        Kind::Queue => decode::<crate::queues::Queue>(frame, payload).map(drop),
        Kind::QueueMessage => decode::<crate::queues::QueueMessage>(frame, payload).map(drop),
        Kind::QueueNotice => decode::<crate::queues::QueueNotice>(frame, payload).map(drop),
        Kind::FileLock => decode::<crate::locks::FileLock>(frame, payload).map(drop),
        Kind::Watcher => decode::<crate::watches::Watcher>(frame, payload).map(drop),
        Kind::Watch => decode::<crate::watches::Watch>(frame, payload).map(drop),
        Kind::WatchEvent => decode::<crate::watches::WatchEvent>(frame, payload).map(drop),
        Kind::AioContext => decode::<crate::aio::AioContext>(frame, payload).map(drop),
        Kind::AioPage => decode::<crate::aio::AioPage>(frame, payload).map(drop),
        Kind::Fanotify => decode::<crate::fanotify::Fanotify>(frame, payload).map(drop),
        Kind::FanotifyMark => decode::<crate::fanotify::FanotifyMark>(frame, payload).map(drop),
        Kind::FanotifyEvent => decode::<crate::fanotify::FanotifyEvent>(frame, payload).map(drop),
        Kind::End => decode::<crate::header::End>(frame, payload).map(drop),
    }
}

/// The fields of `AioContext`.
pub static AIO_CONTEXT: Layout = Layout {
    name: "AioContext",
    size: 40,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("place", 4, 4, Type::Unsigned),
        field("address", 8, 8, Type::Address),
        field("size", 16, 8, Type::Unsigned),
        field("requests", 24, 4, Type::Unsigned),
        field("room", 28, 4, Type::Unsigned),
        field("tail", 32, 4, Type::Unsigned),
        field("completed", 36, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::aio::AioContext>() == 40);
    assert!(core::mem::offset_of!(crate::aio::AioContext, space) == 0);
    assert!(core::mem::offset_of!(crate::aio::AioContext, place) == 4);
    assert!(core::mem::offset_of!(crate::aio::AioContext, address) == 8);
    assert!(core::mem::offset_of!(crate::aio::AioContext, size) == 16);
    assert!(core::mem::offset_of!(crate::aio::AioContext, requests) == 24);
    assert!(core::mem::offset_of!(crate::aio::AioContext, room) == 28);
    assert!(core::mem::offset_of!(crate::aio::AioContext, tail) == 32);
    assert!(core::mem::offset_of!(crate::aio::AioContext, completed) == 36);
};

/// The fields of `AioPage`.
pub static AIO_PAGE: Layout = Layout {
    name: "AioPage",
    size: 8,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("index", 4, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::aio::AioPage>() == 8);
    assert!(core::mem::offset_of!(crate::aio::AioPage, space) == 0);
    assert!(core::mem::offset_of!(crate::aio::AioPage, index) == 4);
};

/// The fields of `CheckpointArgs`.
pub static CHECKPOINT_ARGS: Layout = Layout {
    name: "CheckpointArgs",
    size: 72,
    fields: &[
        field(
            "flags",
            0,
            8,
            Type::Bits(&[
                ("CHECK", 0x1),
                ("SYNC", 0x2),
                ("HOLD_END", 0x4),
                ("RECONNECT", 0x8),
                ("RELAY", 0x10),
            ]),
        ),
        field("cgroup_fd", 8, 4, Type::Signed),
        field("image_fd", 12, 4, Type::Signed),
        field("log_fd", 16, 4, Type::Signed),
        field("reserved", 20, 4, Type::Reserved),
        field("stats", 24, 8, Type::Unsigned),
        field("stats_size", 32, 8, Type::Unsigned),
        field("end", 40, 8, Type::Unsigned),
        field("end_size", 48, 8, Type::Unsigned),
        field("hand_in", 56, 8, Type::Unsigned),
        field("hand_in_size", 64, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::calls::CheckpointArgs>() == 72);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, flags) == 0);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, cgroup_fd) == 8);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, image_fd) == 12);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, log_fd) == 16);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, reserved) == 20);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, stats) == 24);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, stats_size) == 32);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, end) == 40);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, end_size) == 48);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, hand_in) == 56);
    assert!(core::mem::offset_of!(crate::calls::CheckpointArgs, hand_in_size) == 64);
};

/// The fields of `CheckpointStats`.
pub static CHECKPOINT_STATS: Layout = Layout {
    name: "CheckpointStats",
    size: 120,
    fields: &[
        field("pin_ns", 0, 8, Type::Unsigned),
        field("capture_ns", 8, 8, Type::Unsigned),
        field("stream_ns", 16, 8, Type::Unsigned),
        field("tasks", 24, 8, Type::Unsigned),
        field("records", 32, 8, Type::Unsigned),
        field("bytes", 40, 8, Type::Unsigned),
        field("pages", 48, 8, Type::Unsigned),
        field("zero_pages", 56, 8, Type::Unsigned),
        field("capture_bytes", 64, 8, Type::Unsigned),
        field("sync_ns", 72, 8, Type::Unsigned),
        field("inherited_pages", 80, 8, Type::Unsigned),
        field("members", 88, 8, Type::Unsigned),
        field("signals", 96, 8, Type::Unsigned),
        field("messages", 104, 8, Type::Unsigned),
        field("typed", 112, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::calls::CheckpointStats>() == 120);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, pin_ns) == 0);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, capture_ns) == 8);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, stream_ns) == 16);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, tasks) == 24);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, records) == 32);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, bytes) == 40);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, pages) == 48);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, zero_pages) == 56);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, capture_bytes) == 64);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, sync_ns) == 72);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, inherited_pages) == 80);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, members) == 88);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, signals) == 96);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, messages) == 104);
    assert!(core::mem::offset_of!(crate::calls::CheckpointStats, typed) == 112);
};

/// The fields of `RestartArgs`.
pub static RESTART_ARGS: Layout = Layout {
    name: "RestartArgs",
    size: 96,
    fields: &[
        field(
            "role",
            0,
            4,
            Type::One(&[("OPEN", 0x1), ("JOIN", 0x2), ("RUN", 0x4)]),
        ),
        field(
            "flags",
            4,
            4,
            Type::Bits(&[
                ("FROZEN", 0x1),
                ("NEW_PIDS", 0x2),
                ("VERIFY", 0x4),
                ("FILES_KEEP", 0x8),
                ("FILES_TRUNCATE", 0x10),
                ("HELD", 0x20),
            ]),
        ),
        field("session_fd", 8, 4, Type::Signed),
        field("cgroup_fd", 12, 4, Type::Signed),
        field("image_fd", 16, 4, Type::Signed),
        field("log_fd", 20, 4, Type::Signed),
        field("task", 24, 4, Type::Unsigned),
        field("reserved", 28, 4, Type::Reserved),
        field("prefix", 32, 8, Type::Unsigned),
        field("prefix_size", 40, 8, Type::Unsigned),
        field("stats", 48, 8, Type::Unsigned),
        field("stats_size", 56, 8, Type::Unsigned),
        field("given", 64, 8, Type::Unsigned),
        field("given_size", 72, 8, Type::Unsigned),
        field("terminals", 80, 8, Type::Unsigned),
        field("terminals_size", 88, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::calls::RestartArgs>() == 96);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, role) == 0);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, flags) == 4);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, session_fd) == 8);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, cgroup_fd) == 12);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, image_fd) == 16);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, log_fd) == 20);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, task) == 24);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, reserved) == 28);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, prefix) == 32);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, prefix_size) == 40);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, stats) == 48);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, stats_size) == 56);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, given) == 64);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, given_size) == 72);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, terminals) == 80);
    assert!(core::mem::offset_of!(crate::calls::RestartArgs, terminals_size) == 88);
};

/// The fields of `TakenTerminal`.
pub static TAKEN_TERMINAL: Layout = Layout {
    name: "TakenTerminal",
    size: 8,
    fields: &[
        field("number", 0, 4, Type::Unsigned),
        field("fd", 4, 4, Type::Signed),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::calls::TakenTerminal>() == 8);
    assert!(core::mem::offset_of!(crate::calls::TakenTerminal, number) == 0);
    assert!(core::mem::offset_of!(crate::calls::TakenTerminal, fd) == 4);
};

/// The fields of `GivenFile`.
pub static GIVEN_FILE: Layout = Layout {
    name: "GivenFile",
    size: 16,
    fields: &[
        field("number", 0, 4, Type::Unsigned),
        field("fd", 4, 4, Type::Signed),
        field("flags", 8, 4, Type::Bits(&[("WANTED", 0x1)])),
        field("reserved", 12, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::calls::GivenFile>() == 16);
    assert!(core::mem::offset_of!(crate::calls::GivenFile, number) == 0);
    assert!(core::mem::offset_of!(crate::calls::GivenFile, fd) == 4);
    assert!(core::mem::offset_of!(crate::calls::GivenFile, flags) == 8);
    assert!(core::mem::offset_of!(crate::calls::GivenFile, reserved) == 12);
};

/// The fields of `RestartStats`.
pub static RESTART_STATS: Layout = Layout {
    name: "RestartStats",
    size: 80,
    fields: &[
        field("join_ns", 0, 8, Type::Unsigned),
        field("build_ns", 8, 8, Type::Unsigned),
        field("commit_ns", 16, 8, Type::Unsigned),
        field("tasks", 24, 8, Type::Unsigned),
        field("records", 32, 8, Type::Unsigned),
        field("bytes", 40, 8, Type::Unsigned),
        field("pages", 48, 8, Type::Unsigned),
        field("zero_pages", 56, 8, Type::Unsigned),
        field("fill_ns", 64, 8, Type::Unsigned),
        field("inherited_pages", 72, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::calls::RestartStats>() == 80);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, join_ns) == 0);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, build_ns) == 8);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, commit_ns) == 16);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, tasks) == 24);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, records) == 32);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, bytes) == 40);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, pages) == 48);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, zero_pages) == 56);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, fill_ns) == 64);
    assert!(core::mem::offset_of!(crate::calls::RestartStats, inherited_pages) == 72);
};

/// The fields of `LogRecord`.
pub static LOG_RECORD: Layout = Layout {
    name: "LogRecord",
    size: 256,
    fields: &[
        field("size", 0, 4, Type::Unsigned),
        field("reason", 4, 4, Type::Unsigned),
        field("errno", 8, 4, Type::Signed),
        field("task", 12, 4, Type::Signed),
        field("fd", 16, 4, Type::Signed),
        field("kind", 20, 4, Type::Unsigned),
        field("address", 24, 8, Type::Address),
        field("offset", 32, 8, Type::Unsigned),
        field("value", 40, 8, Type::Unsigned),
        field("comm", 48, 16, Type::Text),
        field("name", 64, 192, Type::Text),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::calls::LogRecord>() == 256);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, size) == 0);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, reason) == 4);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, errno) == 8);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, task) == 12);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, fd) == 16);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, kind) == 20);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, address) == 24);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, offset) == 32);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, value) == 40);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, comm) == 48);
    assert!(core::mem::offset_of!(crate::calls::LogRecord, name) == 64);
};

/// The fields of `SeccompFilter`.
pub static SECCOMP_FILTER: Layout = Layout {
    name: "SeccompFilter",
    size: 16,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("below", 4, 4, Type::Object),
        field(
            "flags",
            8,
            4,
            Type::Bits(&[("LOG", 0x1), ("WAIT_KILLABLE", 0x2)]),
        ),
        field("instructions", 12, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::confinement::SeccompFilter>() == 16);
    assert!(core::mem::offset_of!(crate::confinement::SeccompFilter, id) == 0);
    assert!(core::mem::offset_of!(crate::confinement::SeccompFilter, below) == 4);
    assert!(core::mem::offset_of!(crate::confinement::SeccompFilter, flags) == 8);
    assert!(core::mem::offset_of!(crate::confinement::SeccompFilter, instructions) == 12);
};

/// The fields of `Confinement`.
pub static CONFINEMENT: Layout = Layout {
    name: "Confinement",
    size: 40,
    fields: &[
        field("task", 0, 4, Type::Task),
        field(
            "seccomp",
            4,
            4,
            Type::One(&[("OFF", 0x0), ("STRICT", 0x1), ("FILTERS", 0x2)]),
        ),
        field("filter", 8, 4, Type::Object),
        field(
            "dispatch",
            12,
            4,
            Type::One(&[("OFF", 0x0), ("OUTSIDE", 0x1), ("INSIDE", 0x2)]),
        ),
        field("dispatch_offset", 16, 8, Type::Address),
        field("dispatch_length", 24, 8, Type::Mask),
        field("dispatch_selector", 32, 8, Type::Address),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::confinement::Confinement>() == 40);
    assert!(core::mem::offset_of!(crate::confinement::Confinement, task) == 0);
    assert!(core::mem::offset_of!(crate::confinement::Confinement, seccomp) == 4);
    assert!(core::mem::offset_of!(crate::confinement::Confinement, filter) == 8);
    assert!(core::mem::offset_of!(crate::confinement::Confinement, dispatch) == 12);
    assert!(core::mem::offset_of!(crate::confinement::Confinement, dispatch_offset) == 16);
    assert!(core::mem::offset_of!(crate::confinement::Confinement, dispatch_length) == 24);
    assert!(core::mem::offset_of!(crate::confinement::Confinement, dispatch_selector) == 32);
};

/// The fields of `Settings`.
pub static SETTINGS: Layout = Layout {
    name: "Settings",
    size: 32,
    fields: &[
        field("task", 0, 4, Type::Task),
        field(
            "flags",
            4,
            4,
            Type::Bits(&[
                ("IO_FLUSHER", 0x1),
                ("FUTEX_HASH", 0x2),
                ("FUTEX_HASH_CHOSEN", 0x4),
                ("RANDOMIZED", 0x8),
                ("USED_PRIVILEGE", 0x10),
                ("TOO_MANY_PROCESSES", 0x20),
            ]),
        ),
        field(
            "memory_errors",
            8,
            4,
            Type::One(&[("LATE", 0x0), ("EARLY", 0x1), ("DEFAULT", 0x2)]),
        ),
        field("store_bypass", 12, 4, Type::Mask),
        field("indirect_branches", 16, 4, Type::Mask),
        field("l1d_flush", 20, 4, Type::Mask),
        field("futex_slots", 24, 4, Type::Unsigned),
        field("reserved", 28, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::confinement::Settings>() == 32);
    assert!(core::mem::offset_of!(crate::confinement::Settings, task) == 0);
    assert!(core::mem::offset_of!(crate::confinement::Settings, flags) == 4);
    assert!(core::mem::offset_of!(crate::confinement::Settings, memory_errors) == 8);
    assert!(core::mem::offset_of!(crate::confinement::Settings, store_bypass) == 12);
    assert!(core::mem::offset_of!(crate::confinement::Settings, indirect_branches) == 16);
    assert!(core::mem::offset_of!(crate::confinement::Settings, l1d_flush) == 20);
    assert!(core::mem::offset_of!(crate::confinement::Settings, futex_slots) == 24);
    assert!(core::mem::offset_of!(crate::confinement::Settings, reserved) == 28);
};

/// The fields of `TlsSegment`.
pub static TLS_SEGMENT: Layout = Layout {
    name: "TlsSegment",
    size: 16,
    fields: &[
        field("entry", 0, 4, Type::Unsigned),
        field("base", 4, 4, Type::Mask),
        field("limit", 8, 4, Type::Mask),
        field("flags", 12, 4, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::cpu_x86_64::TlsSegment>() == 16);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::TlsSegment, entry) == 0);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::TlsSegment, base) == 4);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::TlsSegment, limit) == 8);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::TlsSegment, flags) == 12);
};

/// The fields of `RegistersX86_64`.
pub static REGISTERS_X86_64: Layout = Layout {
    name: "RegistersX86_64",
    size: 312,
    fields: &[
        field("task", 0, 4, Type::Task),
        field(
            "flags",
            4,
            4,
            Type::Bits(&[
                ("NO_TSC", 0x1),
                ("NO_CPUID", 0x2),
                ("COMPAT_CALL", 0x4),
                ("COMPAT_POKED", 0x8),
            ]),
        ),
        field(
            "registers",
            8,
            216,
            Type::Named(
                &[
                    "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax",
                    "rcx", "rdx", "rsi", "rdi", "orig_rax", "rip", "cs", "eflags", "rsp", "ss",
                    "fs_base", "gs_base", "ds", "es", "fs", "gs",
                ],
                &Type::Mask,
            ),
        ),
        field("tls", 224, 48, Type::Array(3, &Type::Struct(&TLS_SEGMENT))),
        field("trap", 272, 8, Type::Unsigned),
        field("error_code", 280, 8, Type::Mask),
        field("fault_address", 288, 8, Type::Address),
        field("debug_status", 296, 8, Type::Mask),
        field("locked_features", 304, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::cpu_x86_64::RegistersX86_64>() == 312);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, task) == 0);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, flags) == 4);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, registers) == 8);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, tls) == 224);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, trap) == 272);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, error_code) == 280);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, fault_address) == 288);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, debug_status) == 296);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::RegistersX86_64, locked_features) == 304);
};

/// The fields of `ExtendedStateX86`.
pub static EXTENDED_STATE_X86: Layout = Layout {
    name: "ExtendedStateX86",
    size: 8,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("reserved", 4, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::cpu_x86_64::ExtendedStateX86>() == 8);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::ExtendedStateX86, task) == 0);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::ExtendedStateX86, reserved) == 4);
};

/// The fields of `LocalDescriptors`.
pub static LOCAL_DESCRIPTORS: Layout = Layout {
    name: "LocalDescriptors",
    size: 16,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("entries", 4, 4, Type::Unsigned),
        field("used", 8, 4, Type::Unsigned),
        field("reserved", 12, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::cpu_x86_64::LocalDescriptors>() == 16);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::LocalDescriptors, space) == 0);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::LocalDescriptors, entries) == 4);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::LocalDescriptors, used) == 8);
    assert!(core::mem::offset_of!(crate::cpu_x86_64::LocalDescriptors, reserved) == 12);
};

/// The fields of `Identity`.
pub static IDENTITY: Layout = Layout {
    name: "Identity",
    size: 104,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("uid", 4, 4, Type::Unsigned),
        field("euid", 8, 4, Type::Unsigned),
        field("suid", 12, 4, Type::Unsigned),
        field("fsuid", 16, 4, Type::Unsigned),
        field("gid", 20, 4, Type::Unsigned),
        field("egid", 24, 4, Type::Unsigned),
        field("sgid", 28, 4, Type::Unsigned),
        field("fsgid", 32, 4, Type::Unsigned),
        field("securebits", 36, 4, Type::Mask),
        field("groups", 40, 4, Type::Unsigned),
        field(
            "requested_keys",
            44,
            4,
            Type::One(&[
                ("BY_DEFAULT", 0x0),
                ("TO_THREAD", 0x1),
                ("TO_PROCESS", 0x2),
                ("TO_SESSION", 0x3),
                ("TO_USER", 0x4),
                ("TO_USER_SESSION", 0x5),
                ("TO_REQUESTOR", 0x7),
            ]),
        ),
        field("session_keyring", 48, 4, Type::Object),
        field("process_keyring", 52, 4, Type::Object),
        field("thread_keyring", 56, 4, Type::Object),
        field("reserved", 60, 4, Type::Reserved),
        field("inheritable", 64, 8, Type::Mask),
        field("permitted", 72, 8, Type::Mask),
        field("effective", 80, 8, Type::Mask),
        field("bounding", 88, 8, Type::Mask),
        field("ambient", 96, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::credentials::Identity>() == 104);
    assert!(core::mem::offset_of!(crate::credentials::Identity, id) == 0);
    assert!(core::mem::offset_of!(crate::credentials::Identity, uid) == 4);
    assert!(core::mem::offset_of!(crate::credentials::Identity, euid) == 8);
    assert!(core::mem::offset_of!(crate::credentials::Identity, suid) == 12);
    assert!(core::mem::offset_of!(crate::credentials::Identity, fsuid) == 16);
    assert!(core::mem::offset_of!(crate::credentials::Identity, gid) == 20);
    assert!(core::mem::offset_of!(crate::credentials::Identity, egid) == 24);
    assert!(core::mem::offset_of!(crate::credentials::Identity, sgid) == 28);
    assert!(core::mem::offset_of!(crate::credentials::Identity, fsgid) == 32);
    assert!(core::mem::offset_of!(crate::credentials::Identity, securebits) == 36);
    assert!(core::mem::offset_of!(crate::credentials::Identity, groups) == 40);
    assert!(core::mem::offset_of!(crate::credentials::Identity, requested_keys) == 44);
    assert!(core::mem::offset_of!(crate::credentials::Identity, session_keyring) == 48);
    assert!(core::mem::offset_of!(crate::credentials::Identity, process_keyring) == 52);
    assert!(core::mem::offset_of!(crate::credentials::Identity, thread_keyring) == 56);
    assert!(core::mem::offset_of!(crate::credentials::Identity, reserved) == 60);
    assert!(core::mem::offset_of!(crate::credentials::Identity, inheritable) == 64);
    assert!(core::mem::offset_of!(crate::credentials::Identity, permitted) == 72);
    assert!(core::mem::offset_of!(crate::credentials::Identity, effective) == 80);
    assert!(core::mem::offset_of!(crate::credentials::Identity, bounding) == 88);
    assert!(core::mem::offset_of!(crate::credentials::Identity, ambient) == 96);
};

/// The fields of `Credentials`.
pub static CREDENTIALS: Layout = Layout {
    name: "Credentials",
    size: 16,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("identity", 4, 4, Type::Object),
        field("login_uid", 8, 4, Type::Unsigned),
        field("audit_session", 12, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::credentials::Credentials>() == 16);
    assert!(core::mem::offset_of!(crate::credentials::Credentials, task) == 0);
    assert!(core::mem::offset_of!(crate::credentials::Credentials, identity) == 4);
    assert!(core::mem::offset_of!(crate::credentials::Credentials, login_uid) == 8);
    assert!(core::mem::offset_of!(crate::credentials::Credentials, audit_session) == 12);
};

/// The fields of `Keyring`.
pub static KEYRING: Layout = Layout {
    name: "Keyring",
    size: 48,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("serial", 4, 4, Type::Signed),
        field("uid", 8, 4, Type::Unsigned),
        field("gid", 12, 4, Type::Unsigned),
        field("permissions", 16, 4, Type::Mask),
        field(
            "flags",
            20,
            4,
            Type::Bits(&[
                ("IS_USER_SESSION", 0x1),
                ("LINKS_USER", 0x2),
                ("LINKS_USER_SESSION", 0x4),
                ("REVOKED", 0x8),
            ]),
        ),
        field("user", 24, 4, Type::Unsigned),
        field("name_length", 28, 4, Type::Unsigned),
        field("expires_s", 32, 8, Type::Unsigned),
        field("keys_of_user", 40, 4, Type::Unsigned),
        field("reserved", 44, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::credentials::Keyring>() == 48);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, id) == 0);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, serial) == 4);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, uid) == 8);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, gid) == 12);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, permissions) == 16);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, flags) == 20);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, user) == 24);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, name_length) == 28);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, expires_s) == 32);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, keys_of_user) == 40);
    assert!(core::mem::offset_of!(crate::credentials::Keyring, reserved) == 44);
};

/// The fields of `EventCounter`.
pub static EVENT_COUNTER: Layout = Layout {
    name: "EventCounter",
    size: 16,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("flags", 4, 4, Type::Bits(&[("SEMAPHORE", 0x1)])),
        field("count", 8, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::events::EventCounter>() == 16);
    assert!(core::mem::offset_of!(crate::events::EventCounter, id) == 0);
    assert!(core::mem::offset_of!(crate::events::EventCounter, flags) == 4);
    assert!(core::mem::offset_of!(crate::events::EventCounter, count) == 8);
};

/// The fields of `Signalfd`.
pub static SIGNALFD: Layout = Layout {
    name: "Signalfd",
    size: 16,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("reserved", 4, 4, Type::Reserved),
        field("signals", 8, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::events::Signalfd>() == 16);
    assert!(core::mem::offset_of!(crate::events::Signalfd, id) == 0);
    assert!(core::mem::offset_of!(crate::events::Signalfd, reserved) == 4);
    assert!(core::mem::offset_of!(crate::events::Signalfd, signals) == 8);
};

/// The fields of `Timerfd`.
pub static TIMERFD: Layout = Layout {
    name: "Timerfd",
    size: 40,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("clock", 4, 4, Type::Unsigned),
        field(
            "flags",
            8,
            4,
            Type::Bits(&[
                ("ARMED", 0x1),
                ("EXPIRED", 0x2),
                ("RELATIVE", 0x4),
                ("CANCELABLE", 0x8),
                ("CANCELED", 0x10),
            ]),
        ),
        field("settime_flags", 12, 4, Type::Mask),
        field("expires_ns", 16, 8, Type::Signed),
        field("interval_ns", 24, 8, Type::Unsigned),
        field("ticks", 32, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::events::Timerfd>() == 40);
    assert!(core::mem::offset_of!(crate::events::Timerfd, id) == 0);
    assert!(core::mem::offset_of!(crate::events::Timerfd, clock) == 4);
    assert!(core::mem::offset_of!(crate::events::Timerfd, flags) == 8);
    assert!(core::mem::offset_of!(crate::events::Timerfd, settime_flags) == 12);
    assert!(core::mem::offset_of!(crate::events::Timerfd, expires_ns) == 16);
    assert!(core::mem::offset_of!(crate::events::Timerfd, interval_ns) == 24);
    assert!(core::mem::offset_of!(crate::events::Timerfd, ticks) == 32);
};

/// The fields of `Epoll`.
pub static EPOLL: Layout = Layout {
    name: "Epoll",
    size: 16,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("busy_poll_usecs", 4, 4, Type::Unsigned),
        field("busy_poll_budget", 8, 4, Type::Unsigned),
        field("prefer_busy_poll", 12, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::events::Epoll>() == 16);
    assert!(core::mem::offset_of!(crate::events::Epoll, id) == 0);
    assert!(core::mem::offset_of!(crate::events::Epoll, busy_poll_usecs) == 4);
    assert!(core::mem::offset_of!(crate::events::Epoll, busy_poll_budget) == 8);
    assert!(core::mem::offset_of!(crate::events::Epoll, prefer_busy_poll) == 12);
};

/// The fields of `EpollItem`.
pub static EPOLL_ITEM: Layout = Layout {
    name: "EpollItem",
    size: 32,
    fields: &[
        field("epoll", 0, 4, Type::Object),
        field("file", 4, 4, Type::Object),
        field("number", 8, 4, Type::Unsigned),
        field("ready", 12, 4, Type::Unsigned),
        field("events", 16, 4, Type::Mask),
        field("actions", 20, 4, Type::Object),
        field("data", 24, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::events::EpollItem>() == 32);
    assert!(core::mem::offset_of!(crate::events::EpollItem, epoll) == 0);
    assert!(core::mem::offset_of!(crate::events::EpollItem, file) == 4);
    assert!(core::mem::offset_of!(crate::events::EpollItem, number) == 8);
    assert!(core::mem::offset_of!(crate::events::EpollItem, ready) == 12);
    assert!(core::mem::offset_of!(crate::events::EpollItem, events) == 16);
    assert!(core::mem::offset_of!(crate::events::EpollItem, actions) == 20);
    assert!(core::mem::offset_of!(crate::events::EpollItem, data) == 24);
};

/// The fields of `Fanotify`.
pub static FANOTIFY: Layout = Layout {
    name: "Fanotify",
    size: 16,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("flags", 4, 4, Type::Mask),
        field("event_flags", 8, 4, Type::Mask),
        field("room", 12, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::fanotify::Fanotify>() == 16);
    assert!(core::mem::offset_of!(crate::fanotify::Fanotify, id) == 0);
    assert!(core::mem::offset_of!(crate::fanotify::Fanotify, flags) == 4);
    assert!(core::mem::offset_of!(crate::fanotify::Fanotify, event_flags) == 8);
    assert!(core::mem::offset_of!(crate::fanotify::Fanotify, room) == 12);
};

/// The fields of `FanotifyMark`.
pub static FANOTIFY_MARK: Layout = Layout {
    name: "FanotifyMark",
    size: 48,
    fields: &[
        field("group", 0, 4, Type::Object),
        field("file", 4, 4, Type::Object),
        field(
            "what",
            8,
            4,
            Type::One(&[("INODE", 0x1), ("MOUNT", 0x2), ("FILESYSTEM", 0x3)]),
        ),
        field("flags", 12, 4, Type::Mask),
        field("mask", 16, 4, Type::Mask),
        field("ignored", 20, 4, Type::Mask),
        field("fsid", 24, 8, Type::Unsigned),
        field("inode", 32, 8, Type::Unsigned),
        field("handle_type", 40, 4, Type::Unsigned),
        field("weak", 44, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::fanotify::FanotifyMark>() == 48);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, group) == 0);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, file) == 4);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, what) == 8);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, flags) == 12);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, mask) == 16);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, ignored) == 20);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, fsid) == 24);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, inode) == 32);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, handle_type) == 40);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyMark, weak) == 44);
};

/// The fields of `FanotifyEvent`.
pub static FANOTIFY_EVENT: Layout = Layout {
    name: "FanotifyEvent",
    size: 48,
    fields: &[
        field("group", 0, 4, Type::Object),
        field("file", 4, 4, Type::Object),
        field("pid", 8, 4, Type::Object),
        field("number", 12, 4, Type::Unsigned),
        field(
            "kind",
            16,
            4,
            Type::One(&[
                ("PATH", 0x1),
                ("HANDLE", 0x2),
                ("NAME", 0x3),
                ("ERROR", 0x4),
                ("OVERFLOW", 0x5),
            ]),
        ),
        field("mask", 20, 4, Type::Mask),
        field("error", 24, 4, Type::Signed),
        field("error_count", 28, 4, Type::Unsigned),
        field("fsid", 32, 8, Type::Unsigned),
        field("handle_types", 40, 3, Type::Bytes),
        field("handle_lengths", 43, 3, Type::Bytes),
        field("name_lengths", 46, 2, Type::Bytes),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::fanotify::FanotifyEvent>() == 48);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, group) == 0);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, file) == 4);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, pid) == 8);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, number) == 12);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, kind) == 16);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, mask) == 20);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, error) == 24);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, error_count) == 28);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, fsid) == 32);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, handle_types) == 40);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, handle_lengths) == 43);
    assert!(core::mem::offset_of!(crate::fanotify::FanotifyEvent, name_lengths) == 46);
};

/// The fields of `DirectoryWatch`.
pub static DIRECTORY_WATCH: Layout = Layout {
    name: "DirectoryWatch",
    size: 16,
    fields: &[
        field("file", 0, 4, Type::Object),
        field("table", 4, 4, Type::Object),
        field("number", 8, 4, Type::Unsigned),
        field("events", 12, 4, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::fanotify::DirectoryWatch>() == 16);
    assert!(core::mem::offset_of!(crate::fanotify::DirectoryWatch, file) == 0);
    assert!(core::mem::offset_of!(crate::fanotify::DirectoryWatch, table) == 4);
    assert!(core::mem::offset_of!(crate::fanotify::DirectoryWatch, number) == 8);
    assert!(core::mem::offset_of!(crate::fanotify::DirectoryWatch, events) == 12);
};

/// The fields of `OpenFile`.
pub static OPEN_FILE: Layout = Layout {
    name: "OpenFile",
    size: 80,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("mode", 4, 4, Type::Mode),
        field("flags", 8, 4, Type::Mask),
        field("device", 12, 4, Type::Mask),
        field("position", 16, 8, Type::Unsigned),
        field("size", 24, 8, Type::Unsigned),
        field("mtime_s", 32, 8, Type::Unsigned),
        field("mtime_ns", 40, 4, Type::Unsigned),
        field("opener", 44, 4, Type::Object),
        field("storage", 48, 4, Type::Object),
        field("origin", 52, 4, Type::Bits(&[("FIRST", 0x1)])),
        field("inode", 56, 8, Type::Unsigned),
        field(
            "marks",
            64,
            4,
            Type::Bits(&[
                ("CREATED", 0x1),
                ("RANDOM", 0x2),
                ("SEQUENTIAL", 0x4),
                ("NO_REUSE", 0x8),
                ("AWAITS_WRITER", 0x10),
                ("OF_THREAD", 0x100),
                ("AUTOKILL", 0x200),
                ("GENERATED", 0x400),
                ("NEWS", 0x800),
                ("BY_NAME", 0x1000),
                ("ALL_READ", 0x2000),
                ("NAME_GONE", 0x4000),
            ]),
        ),
        field("write_hint", 68, 4, Type::Unsigned),
        field("async_number", 72, 4, Type::Unsigned),
        field("reserved", 76, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::files::OpenFile>() == 80);
    assert!(core::mem::offset_of!(crate::files::OpenFile, id) == 0);
    assert!(core::mem::offset_of!(crate::files::OpenFile, mode) == 4);
    assert!(core::mem::offset_of!(crate::files::OpenFile, flags) == 8);
    assert!(core::mem::offset_of!(crate::files::OpenFile, device) == 12);
    assert!(core::mem::offset_of!(crate::files::OpenFile, position) == 16);
    assert!(core::mem::offset_of!(crate::files::OpenFile, size) == 24);
    assert!(core::mem::offset_of!(crate::files::OpenFile, mtime_s) == 32);
    assert!(core::mem::offset_of!(crate::files::OpenFile, mtime_ns) == 40);
    assert!(core::mem::offset_of!(crate::files::OpenFile, opener) == 44);
    assert!(core::mem::offset_of!(crate::files::OpenFile, storage) == 48);
    assert!(core::mem::offset_of!(crate::files::OpenFile, origin) == 52);
    assert!(core::mem::offset_of!(crate::files::OpenFile, inode) == 56);
    assert!(core::mem::offset_of!(crate::files::OpenFile, marks) == 64);
    assert!(core::mem::offset_of!(crate::files::OpenFile, write_hint) == 68);
    assert!(core::mem::offset_of!(crate::files::OpenFile, async_number) == 72);
    assert!(core::mem::offset_of!(crate::files::OpenFile, reserved) == 76);
};

/// The fields of `FileOwner`.
pub static FILE_OWNER: Layout = Layout {
    name: "FileOwner",
    size: 24,
    fields: &[
        field("file", 0, 4, Type::Object),
        field("pid", 4, 4, Type::Object),
        field(
            "what",
            8,
            4,
            Type::One(&[("THREAD", 0x1), ("PROCESS", 0x2), ("GROUP", 0x3)]),
        ),
        field("signal", 12, 4, Type::Unsigned),
        field("uid", 16, 4, Type::Unsigned),
        field("euid", 20, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::files::FileOwner>() == 24);
    assert!(core::mem::offset_of!(crate::files::FileOwner, file) == 0);
    assert!(core::mem::offset_of!(crate::files::FileOwner, pid) == 4);
    assert!(core::mem::offset_of!(crate::files::FileOwner, what) == 8);
    assert!(core::mem::offset_of!(crate::files::FileOwner, signal) == 12);
    assert!(core::mem::offset_of!(crate::files::FileOwner, uid) == 16);
    assert!(core::mem::offset_of!(crate::files::FileOwner, euid) == 20);
};

/// The fields of `FileReading`.
pub static FILE_READING: Layout = Layout {
    name: "FileReading",
    size: 24,
    fields: &[
        field("file", 0, 4, Type::Object),
        field("reserved", 4, 4, Type::Reserved),
        field("index", 8, 8, Type::Unsigned),
        field("position", 16, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::files::FileReading>() == 24);
    assert!(core::mem::offset_of!(crate::files::FileReading, file) == 0);
    assert!(core::mem::offset_of!(crate::files::FileReading, reserved) == 4);
    assert!(core::mem::offset_of!(crate::files::FileReading, index) == 8);
    assert!(core::mem::offset_of!(crate::files::FileReading, position) == 16);
};

/// The fields of `DescriptorTable`.
pub static DESCRIPTOR_TABLE: Layout = Layout {
    name: "DescriptorTable",
    size: 8,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("count", 4, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::files::DescriptorTable>() == 8);
    assert!(core::mem::offset_of!(crate::files::DescriptorTable, id) == 0);
    assert!(core::mem::offset_of!(crate::files::DescriptorTable, count) == 4);
};

/// The fields of `Descriptor`.
pub static DESCRIPTOR: Layout = Layout {
    name: "Descriptor",
    size: 16,
    fields: &[
        field("table", 0, 4, Type::Object),
        field("number", 4, 4, Type::Unsigned),
        field("file", 8, 4, Type::Object),
        field("flags", 12, 4, Type::Bits(&[("CLOSE_ON_EXEC", 0x1)])),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::files::Descriptor>() == 16);
    assert!(core::mem::offset_of!(crate::files::Descriptor, table) == 0);
    assert!(core::mem::offset_of!(crate::files::Descriptor, number) == 4);
    assert!(core::mem::offset_of!(crate::files::Descriptor, file) == 8);
    assert!(core::mem::offset_of!(crate::files::Descriptor, flags) == 12);
};

/// The fields of `Directories`.
pub static DIRECTORIES: Layout = Layout {
    name: "Directories",
    size: 24,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("umask", 4, 4, Type::Mode),
        field("root_length", 8, 4, Type::Unsigned),
        field("cwd_length", 12, 4, Type::Unsigned),
        field("root", 16, 4, Type::Object),
        field("cwd", 20, 4, Type::Object),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::files::Directories>() == 24);
    assert!(core::mem::offset_of!(crate::files::Directories, id) == 0);
    assert!(core::mem::offset_of!(crate::files::Directories, umask) == 4);
    assert!(core::mem::offset_of!(crate::files::Directories, root_length) == 8);
    assert!(core::mem::offset_of!(crate::files::Directories, cwd_length) == 12);
    assert!(core::mem::offset_of!(crate::files::Directories, root) == 16);
    assert!(core::mem::offset_of!(crate::files::Directories, cwd) == 20);
};

/// The fields of `Handed`.
pub static HANDED: Layout = Layout {
    name: "Handed",
    size: 24,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("mode", 4, 4, Type::Mode),
        field("flags", 8, 4, Type::Mask),
        field("device", 12, 4, Type::Mask),
        field("number", 16, 4, Type::Unsigned),
        field(
            "needs",
            20,
            4,
            Type::Bits(&[("READS", 0x1), ("WRITES", 0x2)]),
        ),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::handed::Handed>() == 24);
    assert!(core::mem::offset_of!(crate::handed::Handed, id) == 0);
    assert!(core::mem::offset_of!(crate::handed::Handed, mode) == 4);
    assert!(core::mem::offset_of!(crate::handed::Handed, flags) == 8);
    assert!(core::mem::offset_of!(crate::handed::Handed, device) == 12);
    assert!(core::mem::offset_of!(crate::handed::Handed, number) == 16);
    assert!(core::mem::offset_of!(crate::handed::Handed, needs) == 20);
};

/// The fields of `Header`.
pub static HEADER: Layout = Layout {
    name: "Header",
    size: 280,
    fields: &[
        field("magic", 0, 8, Type::Bytes),
        field("version", 8, 4, Type::Unsigned),
        field("architecture", 12, 4, Type::Unsigned),
        field("image_id", 16, 16, Type::Bytes),
        field("page_size", 32, 4, Type::Unsigned),
        field("tasks", 36, 4, Type::Unsigned),
        field("pids", 40, 4, Type::Unsigned),
        field("reserved", 44, 4, Type::Reserved),
        field("realtime_ns", 48, 8, Type::Unsigned),
        field("monotonic_ns", 56, 8, Type::Unsigned),
        field("boottime_ns", 64, 8, Type::Unsigned),
        field("kernel_release", 72, 64, Type::Text),
        field("kernel_version", 136, 64, Type::Text),
        field("node", 200, 64, Type::Text),
        field("boot_id", 264, 16, Type::Bytes),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::header::Header>() == 280);
    assert!(core::mem::offset_of!(crate::header::Header, magic) == 0);
    assert!(core::mem::offset_of!(crate::header::Header, version) == 8);
    assert!(core::mem::offset_of!(crate::header::Header, architecture) == 12);
    assert!(core::mem::offset_of!(crate::header::Header, image_id) == 16);
    assert!(core::mem::offset_of!(crate::header::Header, page_size) == 32);
    assert!(core::mem::offset_of!(crate::header::Header, tasks) == 36);
    assert!(core::mem::offset_of!(crate::header::Header, pids) == 40);
    assert!(core::mem::offset_of!(crate::header::Header, reserved) == 44);
    assert!(core::mem::offset_of!(crate::header::Header, realtime_ns) == 48);
    assert!(core::mem::offset_of!(crate::header::Header, monotonic_ns) == 56);
    assert!(core::mem::offset_of!(crate::header::Header, boottime_ns) == 64);
    assert!(core::mem::offset_of!(crate::header::Header, kernel_release) == 72);
    assert!(core::mem::offset_of!(crate::header::Header, kernel_version) == 136);
    assert!(core::mem::offset_of!(crate::header::Header, node) == 200);
    assert!(core::mem::offset_of!(crate::header::Header, boot_id) == 264);
};

/// The fields of `XstateComponent`.
pub static XSTATE_COMPONENT: Layout = Layout {
    name: "XstateComponent",
    size: 8,
    fields: &[
        field("offset", 0, 4, Type::Unsigned),
        field("size", 4, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::header::XstateComponent>() == 8);
    assert!(core::mem::offset_of!(crate::header::XstateComponent, offset) == 0);
    assert!(core::mem::offset_of!(crate::header::XstateComponent, size) == 4);
};

/// The fields of `MachineX86_64`.
pub static MACHINE_X86_64: Layout = Layout {
    name: "MachineX86_64",
    size: 352,
    fields: &[
        field("xfeatures", 0, 8, Type::Mask),
        field("xstate_size", 8, 4, Type::Unsigned),
        field("flags", 12, 4, Type::Bits(&[("FSGSBASE", 0x1)])),
        field("hwcap", 16, 8, Type::Mask),
        field("hwcap2", 24, 8, Type::Mask),
        field("reserved", 32, 8, Type::Reserved),
        field("cpuid", 40, 48, Type::Array(12, &Type::Mask)),
        field(
            "layout",
            88,
            256,
            Type::Array(32, &Type::Struct(&XSTATE_COMPONENT)),
        ),
        field("signal_frame_size", 344, 4, Type::Unsigned),
        field("reserved_end", 348, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::header::MachineX86_64>() == 352);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, xfeatures) == 0);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, xstate_size) == 8);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, flags) == 12);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, hwcap) == 16);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, hwcap2) == 24);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, reserved) == 32);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, cpuid) == 40);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, layout) == 88);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, signal_frame_size) == 344);
    assert!(core::mem::offset_of!(crate::header::MachineX86_64, reserved_end) == 348);
};

/// The fields of `Vdso`.
pub static VDSO: Layout = Layout {
    name: "Vdso",
    size: 8,
    fields: &[
        field("data_size", 0, 4, Type::Unsigned),
        field("bits", 4, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::header::Vdso>() == 8);
    assert!(core::mem::offset_of!(crate::header::Vdso, data_size) == 0);
    assert!(core::mem::offset_of!(crate::header::Vdso, bits) == 4);
};

/// The fields of `End`.
pub static END: Layout = Layout {
    name: "End",
    size: 48,
    fields: &[
        field("records", 0, 8, Type::Unsigned),
        field("bytes", 8, 8, Type::Unsigned),
        field("objects", 16, 4, Type::Unsigned),
        field("reserved", 20, 4, Type::Reserved),
        field("pages", 24, 8, Type::Unsigned),
        field("zero_pages", 32, 8, Type::Unsigned),
        field("inherited_pages", 40, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::header::End>() == 48);
    assert!(core::mem::offset_of!(crate::header::End, records) == 0);
    assert!(core::mem::offset_of!(crate::header::End, bytes) == 8);
    assert!(core::mem::offset_of!(crate::header::End, objects) == 16);
    assert!(core::mem::offset_of!(crate::header::End, reserved) == 20);
    assert!(core::mem::offset_of!(crate::header::End, pages) == 24);
    assert!(core::mem::offset_of!(crate::header::End, zero_pages) == 32);
    assert!(core::mem::offset_of!(crate::header::End, inherited_pages) == 40);
};

/// The fields of `IpcSpace`.
pub static IPC_SPACE: Layout = Layout {
    name: "IpcSpace",
    size: 160,
    fields: &[
        field("shm_max", 0, 8, Type::Unsigned),
        field("shm_all", 8, 8, Type::Unsigned),
        field("shm_mni", 16, 4, Type::Unsigned),
        field("shm_rmid_forced", 20, 4, Type::Unsigned),
        field("msg_max", 24, 4, Type::Unsigned),
        field("msg_mnb", 28, 4, Type::Unsigned),
        field("msg_mni", 32, 4, Type::Unsigned),
        field("sem_set", 36, 4, Type::Unsigned),
        field("sem_all", 40, 4, Type::Unsigned),
        field("sem_operations", 44, 4, Type::Unsigned),
        field("sem_sets", 48, 4, Type::Unsigned),
        field("queues_max", 52, 4, Type::Unsigned),
        field("queue_messages_max", 56, 4, Type::Unsigned),
        field("queue_size_max", 60, 4, Type::Unsigned),
        field("queue_messages", 64, 4, Type::Unsigned),
        field("queue_size", 68, 4, Type::Unsigned),
        field("sem_sequence", 72, 4, Type::Unsigned),
        field("sem_last", 76, 4, Type::Unsigned),
        field("sem_next", 80, 4, Type::Unsigned),
        field("msg_sequence", 84, 4, Type::Unsigned),
        field("msg_last", 88, 4, Type::Unsigned),
        field("msg_next", 92, 4, Type::Unsigned),
        field("shm_sequence", 96, 4, Type::Unsigned),
        field("shm_last", 100, 4, Type::Unsigned),
        field("shm_next", 104, 4, Type::Unsigned),
        field("reserved", 108, 4, Type::Reserved),
        field("queues_mode", 112, 4, Type::Mode),
        field("queues_uid", 116, 4, Type::Unsigned),
        field("queues_gid", 120, 4, Type::Unsigned),
        field("queues_accessed_ns", 124, 4, Type::Unsigned),
        field("queues_accessed_s", 128, 8, Type::Signed),
        field("queues_modified_s", 136, 8, Type::Signed),
        field("queues_changed_s", 144, 8, Type::Signed),
        field("queues_modified_ns", 152, 4, Type::Unsigned),
        field("queues_changed_ns", 156, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::ipc::IpcSpace>() == 160);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, shm_max) == 0);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, shm_all) == 8);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, shm_mni) == 16);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, shm_rmid_forced) == 20);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, msg_max) == 24);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, msg_mnb) == 28);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, msg_mni) == 32);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, sem_set) == 36);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, sem_all) == 40);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, sem_operations) == 44);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, sem_sets) == 48);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_max) == 52);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queue_messages_max) == 56);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queue_size_max) == 60);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queue_messages) == 64);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queue_size) == 68);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, sem_sequence) == 72);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, sem_last) == 76);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, sem_next) == 80);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, msg_sequence) == 84);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, msg_last) == 88);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, msg_next) == 92);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, shm_sequence) == 96);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, shm_last) == 100);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, shm_next) == 104);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, reserved) == 108);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_mode) == 112);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_uid) == 116);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_gid) == 120);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_accessed_ns) == 124);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_accessed_s) == 128);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_modified_s) == 136);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_changed_s) == 144);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_modified_ns) == 152);
    assert!(core::mem::offset_of!(crate::ipc::IpcSpace, queues_changed_ns) == 156);
};

/// The fields of `IpcObject`.
pub static IPC_OBJECT: Layout = Layout {
    name: "IpcObject",
    size: 88,
    fields: &[
        field(
            "what",
            0,
            4,
            Type::One(&[("SEMAPHORES", 0x1), ("MESSAGES", 0x2), ("MEMORY", 0x3)]),
        ),
        field("identifier", 4, 4, Type::Signed),
        field("key", 8, 4, Type::Signed),
        field("mode", 12, 4, Type::Mode),
        field("uid", 16, 4, Type::Unsigned),
        field("gid", 20, 4, Type::Unsigned),
        field("cuid", 24, 4, Type::Unsigned),
        field("cgid", 28, 4, Type::Unsigned),
        field("storage", 32, 4, Type::Object),
        field("maker", 36, 4, Type::Signed),
        field("last", 40, 4, Type::Signed),
        field("receiver", 44, 4, Type::Signed),
        field("thread", 48, 4, Type::Unsigned),
        field("reserved", 52, 4, Type::Reserved),
        field("used_s", 56, 8, Type::Signed),
        field("left_s", 64, 8, Type::Signed),
        field("changed_s", 72, 8, Type::Signed),
        field("size", 80, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::ipc::IpcObject>() == 88);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, what) == 0);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, identifier) == 4);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, key) == 8);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, mode) == 12);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, uid) == 16);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, gid) == 20);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, cuid) == 24);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, cgid) == 28);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, storage) == 32);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, maker) == 36);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, last) == 40);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, receiver) == 44);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, thread) == 48);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, reserved) == 52);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, used_s) == 56);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, left_s) == 64);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, changed_s) == 72);
    assert!(core::mem::offset_of!(crate::ipc::IpcObject, size) == 80);
};

/// The fields of `IpcUndo`.
pub static IPC_UNDO: Layout = Layout {
    name: "IpcUndo",
    size: 16,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("identifier", 4, 4, Type::Signed),
        field("count", 8, 4, Type::Unsigned),
        field("reserved", 12, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::ipc::IpcUndo>() == 16);
    assert!(core::mem::offset_of!(crate::ipc::IpcUndo, task) == 0);
    assert!(core::mem::offset_of!(crate::ipc::IpcUndo, identifier) == 4);
    assert!(core::mem::offset_of!(crate::ipc::IpcUndo, count) == 8);
    assert!(core::mem::offset_of!(crate::ipc::IpcUndo, reserved) == 12);
};

/// The fields of `Limit`.
pub static LIMIT: Layout = Layout {
    name: "Limit",
    size: 16,
    fields: &[
        field("soft", 0, 8, Type::Unsigned),
        field("hard", 8, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::limits::Limit>() == 16);
    assert!(core::mem::offset_of!(crate::limits::Limit, soft) == 0);
    assert!(core::mem::offset_of!(crate::limits::Limit, hard) == 8);
};

/// The fields of `FileLock`.
pub static FILE_LOCK: Layout = Layout {
    name: "FileLock",
    size: 56,
    fields: &[
        field("file", 0, 4, Type::Object),
        field("owner", 4, 4, Type::Object),
        field("pid", 8, 4, Type::Object),
        field(
            "form",
            12,
            4,
            Type::One(&[
                ("WHOLE", 0x1),
                ("RECORD", 0x2),
                ("OPEN_FILE", 0x3),
                ("LEASE", 0x4),
            ]),
        ),
        field("flags", 16, 4, Type::Unsigned),
        field("number", 20, 4, Type::Unsigned),
        field("start", 24, 8, Type::Unsigned),
        field("end", 32, 8, Type::Unsigned),
        field("break_ns", 40, 8, Type::Unsigned),
        field("share_ns", 48, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::locks::FileLock>() == 56);
    assert!(core::mem::offset_of!(crate::locks::FileLock, file) == 0);
    assert!(core::mem::offset_of!(crate::locks::FileLock, owner) == 4);
    assert!(core::mem::offset_of!(crate::locks::FileLock, pid) == 8);
    assert!(core::mem::offset_of!(crate::locks::FileLock, form) == 12);
    assert!(core::mem::offset_of!(crate::locks::FileLock, flags) == 16);
    assert!(core::mem::offset_of!(crate::locks::FileLock, number) == 20);
    assert!(core::mem::offset_of!(crate::locks::FileLock, start) == 24);
    assert!(core::mem::offset_of!(crate::locks::FileLock, end) == 32);
    assert!(core::mem::offset_of!(crate::locks::FileLock, break_ns) == 40);
    assert!(core::mem::offset_of!(crate::locks::FileLock, share_ns) == 48);
};

/// The fields of `AddressSpace`.
pub static ADDRESS_SPACE: Layout = Layout {
    name: "AddressSpace",
    size: 152,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("exe", 4, 4, Type::Object),
        field("start_code", 8, 8, Type::Address),
        field("end_code", 16, 8, Type::Address),
        field("start_data", 24, 8, Type::Address),
        field("end_data", 32, 8, Type::Address),
        field("start_brk", 40, 8, Type::Address),
        field("brk", 48, 8, Type::Address),
        field("start_stack", 56, 8, Type::Address),
        field("arg_start", 64, 8, Type::Address),
        field("arg_end", 72, 8, Type::Address),
        field("env_start", 80, 8, Type::Address),
        field("env_end", 88, 8, Type::Address),
        field("mmap_base", 96, 8, Type::Address),
        field("mmap_compat_base", 104, 8, Type::Address),
        field("vdso", 112, 8, Type::Address),
        field("areas", 120, 4, Type::Unsigned),
        field(
            "flags",
            124,
            4,
            Type::Bits(&[
                ("TOP_DOWN", 0x1),
                ("NO_HUGE_PAGES", 0x2),
                ("NO_EXEC_GAIN", 0x4),
                ("NO_EXEC_GAIN_NO_INHERIT", 0x8),
                ("MERGE_ANY", 0x10),
                ("NO_HUGE_PAGES_UNLESS_ADVISED", 0x20),
                ("KEY_ZERO_FREE", 0x40),
                ("TAGGED_SVA", 0x100),
                ("32BIT", 0x10000),
                ("VDSO_32BIT", 0x20000),
                ("TAGS_LOCKED", 0x40000),
            ]),
        ),
        field("coredump_filter", 128, 4, Type::Mask),
        field("membarrier", 132, 4, Type::Mask),
        field(
            "future",
            136,
            4,
            Type::Bits(&[
                ("SHARED", 0x1),
                ("GROWS_DOWN", 0x2),
                ("NO_RESERVE", 0x4),
                ("LOCKED", 0x8),
                ("LOCKED_ON_FAULT", 0x10),
                ("DONT_FORK", 0x20),
                ("WIPE_ON_FORK", 0x40),
                ("DONT_DUMP", 0x80),
                ("HUGE_PAGES", 0x100),
                ("NO_HUGE_PAGES", 0x200),
                ("MERGEABLE", 0x400),
                ("SEQUENTIAL", 0x800),
                ("RANDOM", 0x1000),
                ("NEVER_READ", 0x2000),
                ("NEVER_WRITE", 0x4000),
                ("NEVER_EXEC", 0x8000),
                ("ACCOUNTED", 0x10000),
                ("NAMED", 0x20000),
                ("SEALED", 0x40000),
                ("DROPPABLE", 0x80000),
                ("GUARDED", 0x100000),
            ]),
        ),
        field("protection_keys", 140, 4, Type::Mask),
        field("execute_only_key", 144, 4, Type::Unsigned),
        field("tag_bits", 148, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::AddressSpace>() == 152);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, id) == 0);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, exe) == 4);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, start_code) == 8);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, end_code) == 16);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, start_data) == 24);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, end_data) == 32);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, start_brk) == 40);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, brk) == 48);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, start_stack) == 56);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, arg_start) == 64);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, arg_end) == 72);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, env_start) == 80);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, env_end) == 88);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, mmap_base) == 96);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, mmap_compat_base) == 104);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, vdso) == 112);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, areas) == 120);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, flags) == 124);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, coredump_filter) == 128);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, membarrier) == 132);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, future) == 136);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, protection_keys) == 140);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, execute_only_key) == 144);
    assert!(core::mem::offset_of!(crate::memory::AddressSpace, tag_bits) == 148);
};

/// The fields of `Area`.
pub static AREA: Layout = Layout {
    name: "Area",
    size: 56,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("file", 4, 4, Type::Object),
        field("start", 8, 8, Type::Address),
        field("end", 16, 8, Type::Address),
        field("offset", 24, 8, Type::Mask),
        field("protection", 32, 4, Type::Mask),
        field(
            "flags",
            36,
            4,
            Type::Bits(&[
                ("SHARED", 0x1),
                ("GROWS_DOWN", 0x2),
                ("NO_RESERVE", 0x4),
                ("LOCKED", 0x8),
                ("LOCKED_ON_FAULT", 0x10),
                ("DONT_FORK", 0x20),
                ("WIPE_ON_FORK", 0x40),
                ("DONT_DUMP", 0x80),
                ("HUGE_PAGES", 0x100),
                ("NO_HUGE_PAGES", 0x200),
                ("MERGEABLE", 0x400),
                ("SEQUENTIAL", 0x800),
                ("RANDOM", 0x1000),
                ("NEVER_READ", 0x2000),
                ("NEVER_WRITE", 0x4000),
                ("NEVER_EXEC", 0x8000),
                ("ACCOUNTED", 0x10000),
                ("NAMED", 0x20000),
                ("SEALED", 0x40000),
                ("DROPPABLE", 0x80000),
                ("GUARDED", 0x100000),
            ]),
        ),
        field(
            "kind",
            40,
            4,
            Type::One(&[
                ("ANONYMOUS", 0x1),
                ("FILE", 0x2),
                ("VDSO", 0x3),
                ("VVAR", 0x4),
                ("VVAR_VCLOCK", 0x5),
                ("HUGE", 0x10),
            ]),
        ),
        field("protection_key", 44, 4, Type::Unsigned),
        field("page_shift", 48, 4, Type::Unsigned),
        field("lineage", 52, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::Area>() == 56);
    assert!(core::mem::offset_of!(crate::memory::Area, space) == 0);
    assert!(core::mem::offset_of!(crate::memory::Area, file) == 4);
    assert!(core::mem::offset_of!(crate::memory::Area, start) == 8);
    assert!(core::mem::offset_of!(crate::memory::Area, end) == 16);
    assert!(core::mem::offset_of!(crate::memory::Area, offset) == 24);
    assert!(core::mem::offset_of!(crate::memory::Area, protection) == 32);
    assert!(core::mem::offset_of!(crate::memory::Area, flags) == 36);
    assert!(core::mem::offset_of!(crate::memory::Area, kind) == 40);
    assert!(core::mem::offset_of!(crate::memory::Area, protection_key) == 44);
    assert!(core::mem::offset_of!(crate::memory::Area, page_shift) == 48);
    assert!(core::mem::offset_of!(crate::memory::Area, lineage) == 52);
};

/// The fields of `GuardPages`.
pub static GUARD_PAGES: Layout = Layout {
    name: "GuardPages",
    size: 24,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("reserved", 4, 4, Type::Reserved),
        field("address", 8, 8, Type::Address),
        field("count", 16, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::GuardPages>() == 24);
    assert!(core::mem::offset_of!(crate::memory::GuardPages, space) == 0);
    assert!(core::mem::offset_of!(crate::memory::GuardPages, reserved) == 4);
    assert!(core::mem::offset_of!(crate::memory::GuardPages, address) == 8);
    assert!(core::mem::offset_of!(crate::memory::GuardPages, count) == 16);
};

/// The fields of `AreaPolicy`.
pub static AREA_POLICY: Layout = Layout {
    name: "AreaPolicy",
    size: 24,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("mode", 4, 4, Type::Mask),
        field("address", 8, 8, Type::Address),
        field("home_node", 16, 4, Type::Unsigned),
        field("reserved", 20, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::AreaPolicy>() == 24);
    assert!(core::mem::offset_of!(crate::memory::AreaPolicy, space) == 0);
    assert!(core::mem::offset_of!(crate::memory::AreaPolicy, mode) == 4);
    assert!(core::mem::offset_of!(crate::memory::AreaPolicy, address) == 8);
    assert!(core::mem::offset_of!(crate::memory::AreaPolicy, home_node) == 16);
    assert!(core::mem::offset_of!(crate::memory::AreaPolicy, reserved) == 20);
};

/// The fields of `TaskPolicy`.
pub static TASK_POLICY: Layout = Layout {
    name: "TaskPolicy",
    size: 16,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("mode", 4, 4, Type::Mask),
        field("last_node", 8, 4, Type::Unsigned),
        field("weight", 12, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::TaskPolicy>() == 16);
    assert!(core::mem::offset_of!(crate::memory::TaskPolicy, task) == 0);
    assert!(core::mem::offset_of!(crate::memory::TaskPolicy, mode) == 4);
    assert!(core::mem::offset_of!(crate::memory::TaskPolicy, last_node) == 8);
    assert!(core::mem::offset_of!(crate::memory::TaskPolicy, weight) == 12);
};

/// The fields of `Pages`.
pub static PAGES: Layout = Layout {
    name: "Pages",
    size: 16,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("flags", 4, 4, Type::Bits(&[("HUGE", 0x1)])),
        field("address", 8, 8, Type::Address),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::Pages>() == 16);
    assert!(core::mem::offset_of!(crate::memory::Pages, space) == 0);
    assert!(core::mem::offset_of!(crate::memory::Pages, flags) == 4);
    assert!(core::mem::offset_of!(crate::memory::Pages, address) == 8);
};

/// The fields of `ZeroPages`.
pub static ZERO_PAGES: Layout = Layout {
    name: "ZeroPages",
    size: 24,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("reserved", 4, 4, Type::Reserved),
        field("address", 8, 8, Type::Address),
        field("count", 16, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::ZeroPages>() == 24);
    assert!(core::mem::offset_of!(crate::memory::ZeroPages, space) == 0);
    assert!(core::mem::offset_of!(crate::memory::ZeroPages, reserved) == 4);
    assert!(core::mem::offset_of!(crate::memory::ZeroPages, address) == 8);
    assert!(core::mem::offset_of!(crate::memory::ZeroPages, count) == 16);
};

/// The fields of `InheritedPages`.
pub static INHERITED_PAGES: Layout = Layout {
    name: "InheritedPages",
    size: 24,
    fields: &[
        field("space", 0, 4, Type::Object),
        field("from", 4, 4, Type::Object),
        field("address", 8, 8, Type::Address),
        field("count", 16, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::memory::InheritedPages>() == 24);
    assert!(core::mem::offset_of!(crate::memory::InheritedPages, space) == 0);
    assert!(core::mem::offset_of!(crate::memory::InheritedPages, from) == 4);
    assert!(core::mem::offset_of!(crate::memory::InheritedPages, address) == 8);
    assert!(core::mem::offset_of!(crate::memory::InheritedPages, count) == 16);
};

/// The fields of `PidfdTarget`.
pub static PIDFD_TARGET: Layout = Layout {
    name: "PidfdTarget",
    size: 40,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("pid", 4, 4, Type::Object),
        field(
            "flags",
            8,
            4,
            Type::Bits(&[("DUMPED", 0x1), ("REAPED", 0x2)]),
        ),
        field("status", 12, 4, Type::Unsigned),
        field("cgroup", 16, 8, Type::Unsigned),
        field("core_mask", 24, 4, Type::Mask),
        field("core_signal", 28, 4, Type::Unsigned),
        field("core_code", 32, 4, Type::Signed),
        field("reserved", 36, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::pidfds::PidfdTarget>() == 40);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, id) == 0);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, pid) == 4);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, flags) == 8);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, status) == 12);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, cgroup) == 16);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, core_mask) == 24);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, core_signal) == 28);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, core_code) == 32);
    assert!(core::mem::offset_of!(crate::pidfds::PidfdTarget, reserved) == 36);
};

/// The fields of `Pipe`.
pub static PIPE: Layout = Layout {
    name: "Pipe",
    size: 72,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("storage", 4, 4, Type::Object),
        field("flags", 8, 4, Type::Bits(&[("FIFO", 0x1), ("POLLED", 0x2)])),
        field("mode", 12, 4, Type::Mode),
        field("uid", 16, 4, Type::Unsigned),
        field("gid", 20, 4, Type::Unsigned),
        field("user", 24, 4, Type::Unsigned),
        field("buffers", 28, 4, Type::Unsigned),
        field("size", 32, 8, Type::Unsigned),
        field("bytes", 40, 8, Type::Unsigned),
        field("atime_s", 48, 8, Type::Unsigned),
        field("mtime_s", 56, 8, Type::Unsigned),
        field("atime_ns", 64, 4, Type::Unsigned),
        field("mtime_ns", 68, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::pipes::Pipe>() == 72);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, id) == 0);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, storage) == 4);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, flags) == 8);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, mode) == 12);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, uid) == 16);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, gid) == 20);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, user) == 24);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, buffers) == 28);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, size) == 32);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, bytes) == 40);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, atime_s) == 48);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, mtime_s) == 56);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, atime_ns) == 64);
    assert!(core::mem::offset_of!(crate::pipes::Pipe, mtime_ns) == 68);
};

/// The fields of `PipeData`.
pub static PIPE_DATA: Layout = Layout {
    name: "PipeData",
    size: 16,
    fields: &[
        field("pipe", 0, 4, Type::Object),
        field(
            "flags",
            4,
            4,
            Type::Bits(&[("PACKET", 0x1), ("MERGES", 0x2)]),
        ),
        field("offset", 8, 4, Type::Unsigned),
        field("reserved", 12, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::pipes::PipeData>() == 16);
    assert!(core::mem::offset_of!(crate::pipes::PipeData, pipe) == 0);
    assert!(core::mem::offset_of!(crate::pipes::PipeData, flags) == 4);
    assert!(core::mem::offset_of!(crate::pipes::PipeData, offset) == 8);
    assert!(core::mem::offset_of!(crate::pipes::PipeData, reserved) == 12);
};

/// The fields of `Queue`.
pub static QUEUE: Layout = Layout {
    name: "Queue",
    size: 80,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("flags", 4, 4, Type::Bits(&[("REMOVED", 0x1)])),
        field("mode", 8, 4, Type::Mode),
        field("uid", 12, 4, Type::Unsigned),
        field("gid", 16, 4, Type::Unsigned),
        field("user", 20, 4, Type::Unsigned),
        field("room", 24, 4, Type::Unsigned),
        field("longest", 28, 4, Type::Unsigned),
        field("messages", 32, 4, Type::Unsigned),
        field("accessed_ns", 36, 4, Type::Unsigned),
        field("modified_ns", 40, 4, Type::Unsigned),
        field("changed_ns", 44, 4, Type::Unsigned),
        field("accessed_s", 48, 8, Type::Signed),
        field("modified_s", 56, 8, Type::Signed),
        field("changed_s", 64, 8, Type::Signed),
        field("size", 72, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::queues::Queue>() == 80);
    assert!(core::mem::offset_of!(crate::queues::Queue, id) == 0);
    assert!(core::mem::offset_of!(crate::queues::Queue, flags) == 4);
    assert!(core::mem::offset_of!(crate::queues::Queue, mode) == 8);
    assert!(core::mem::offset_of!(crate::queues::Queue, uid) == 12);
    assert!(core::mem::offset_of!(crate::queues::Queue, gid) == 16);
    assert!(core::mem::offset_of!(crate::queues::Queue, user) == 20);
    assert!(core::mem::offset_of!(crate::queues::Queue, room) == 24);
    assert!(core::mem::offset_of!(crate::queues::Queue, longest) == 28);
    assert!(core::mem::offset_of!(crate::queues::Queue, messages) == 32);
    assert!(core::mem::offset_of!(crate::queues::Queue, accessed_ns) == 36);
    assert!(core::mem::offset_of!(crate::queues::Queue, modified_ns) == 40);
    assert!(core::mem::offset_of!(crate::queues::Queue, changed_ns) == 44);
    assert!(core::mem::offset_of!(crate::queues::Queue, accessed_s) == 48);
    assert!(core::mem::offset_of!(crate::queues::Queue, modified_s) == 56);
    assert!(core::mem::offset_of!(crate::queues::Queue, changed_s) == 64);
    assert!(core::mem::offset_of!(crate::queues::Queue, size) == 72);
};

/// The fields of `QueueMessage`.
pub static QUEUE_MESSAGE: Layout = Layout {
    name: "QueueMessage",
    size: 8,
    fields: &[
        field("queue", 0, 4, Type::Object),
        field("priority", 4, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::queues::QueueMessage>() == 8);
    assert!(core::mem::offset_of!(crate::queues::QueueMessage, queue) == 0);
    assert!(core::mem::offset_of!(crate::queues::QueueMessage, priority) == 4);
};

/// The fields of `QueueNotice`.
pub static QUEUE_NOTICE: Layout = Layout {
    name: "QueueNotice",
    size: 32,
    fields: &[
        field("queue", 0, 4, Type::Object),
        field("owner", 4, 4, Type::Signed),
        field("what", 8, 4, Type::One(&[("NONE", 0x1), ("SIGNAL", 0x2)])),
        field("signal", 12, 4, Type::Unsigned),
        field("same_program", 16, 4, Type::Unsigned),
        field("reserved", 20, 4, Type::Reserved),
        field("value", 24, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::queues::QueueNotice>() == 32);
    assert!(core::mem::offset_of!(crate::queues::QueueNotice, queue) == 0);
    assert!(core::mem::offset_of!(crate::queues::QueueNotice, owner) == 4);
    assert!(core::mem::offset_of!(crate::queues::QueueNotice, what) == 8);
    assert!(core::mem::offset_of!(crate::queues::QueueNotice, signal) == 12);
    assert!(core::mem::offset_of!(crate::queues::QueueNotice, same_program) == 16);
    assert!(core::mem::offset_of!(crate::queues::QueueNotice, reserved) == 20);
    assert!(core::mem::offset_of!(crate::queues::QueueNotice, value) == 24);
};

/// The fields of `RecordHeader`.
pub static RECORD_HEADER: Layout = Layout {
    name: "RecordHeader",
    size: 24,
    fields: &[
        field("kind", 0, 4, Type::Unsigned),
        field("fixed", 4, 4, Type::Unsigned),
        field("length", 8, 8, Type::Unsigned),
        field("checksum", 16, 4, Type::Unsigned),
        field("reserved", 20, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::RecordHeader>() == 24);
    assert!(core::mem::offset_of!(crate::RecordHeader, kind) == 0);
    assert!(core::mem::offset_of!(crate::RecordHeader, fixed) == 4);
    assert!(core::mem::offset_of!(crate::RecordHeader, length) == 8);
    assert!(core::mem::offset_of!(crate::RecordHeader, checksum) == 16);
    assert!(core::mem::offset_of!(crate::RecordHeader, reserved) == 20);
};

/// The fields of `SignalAction`.
pub static SIGNAL_ACTION: Layout = Layout {
    name: "SignalAction",
    size: 32,
    fields: &[
        field("handler", 0, 8, Type::Address),
        field("flags", 8, 8, Type::Mask),
        field("restorer", 16, 8, Type::Address),
        field("mask", 24, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::signals::SignalAction>() == 32);
    assert!(core::mem::offset_of!(crate::signals::SignalAction, handler) == 0);
    assert!(core::mem::offset_of!(crate::signals::SignalAction, flags) == 8);
    assert!(core::mem::offset_of!(crate::signals::SignalAction, restorer) == 16);
    assert!(core::mem::offset_of!(crate::signals::SignalAction, mask) == 24);
};

/// The fields of `SignalActions`.
pub static SIGNAL_ACTIONS: Layout = Layout {
    name: "SignalActions",
    size: 2064,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("reserved", 4, 4, Type::Reserved),
        field(
            "actions",
            8,
            2048,
            Type::Array(64, &Type::Struct(&SIGNAL_ACTION)),
        ),
        field("compat", 2056, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::signals::SignalActions>() == 2064);
    assert!(core::mem::offset_of!(crate::signals::SignalActions, id) == 0);
    assert!(core::mem::offset_of!(crate::signals::SignalActions, reserved) == 4);
    assert!(core::mem::offset_of!(crate::signals::SignalActions, actions) == 8);
    assert!(core::mem::offset_of!(crate::signals::SignalActions, compat) == 2056);
};

/// The fields of `PendingSignal`.
pub static PENDING_SIGNAL: Layout = Layout {
    name: "PendingSignal",
    size: 136,
    fields: &[
        field("task", 0, 4, Type::Task),
        field(
            "flags",
            4,
            4,
            Type::Bits(&[
                ("SHARED", 0x1),
                ("TIMER", 0x2),
                ("STALE", 0x4),
                ("PERIODIC", 0x8),
                ("IGNORED", 0x10),
                ("DELETED", 0x20),
                ("WITHOUT_ENTRY", 0x100),
            ]),
        ),
        field("siginfo", 8, 128, Type::Bytes),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::signals::PendingSignal>() == 136);
    assert!(core::mem::offset_of!(crate::signals::PendingSignal, task) == 0);
    assert!(core::mem::offset_of!(crate::signals::PendingSignal, flags) == 4);
    assert!(core::mem::offset_of!(crate::signals::PendingSignal, siginfo) == 8);
};

/// The fields of `JobControl`.
pub static JOB_CONTROL: Layout = Layout {
    name: "JobControl",
    size: 16,
    fields: &[
        field("task", 0, 4, Type::Task),
        field(
            "flags",
            4,
            4,
            Type::Bits(&[
                ("CONTINUED", 0x1),
                ("TELL_STOPPED", 0x2),
                ("TELL_CONTINUED", 0x4),
            ]),
        ),
        field("stop_signal", 8, 4, Type::Unsigned),
        field("unreported", 12, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::signals::JobControl>() == 16);
    assert!(core::mem::offset_of!(crate::signals::JobControl, task) == 0);
    assert!(core::mem::offset_of!(crate::signals::JobControl, flags) == 4);
    assert!(core::mem::offset_of!(crate::signals::JobControl, stop_signal) == 8);
    assert!(core::mem::offset_of!(crate::signals::JobControl, unreported) == 12);
};

/// The fields of `Socket`.
pub static SOCKET: Layout = Layout {
    name: "Socket",
    size: 192,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("kind", 4, 4, Type::Unsigned),
        field(
            "flags",
            8,
            4,
            Type::Bits(&[
                ("DEAD", 0x1),
                ("WAITING", 0x2),
                ("FOUND", 0x4),
                ("HAS_PEER_NUMBER", 0x8),
            ]),
        ),
        field("state", 12, 4, Type::Unsigned),
        field("shutdown", 16, 4, Type::Unsigned),
        field("error", 20, 4, Type::Unsigned),
        field("options", 24, 8, Type::Mask),
        field("send_buffer", 32, 4, Type::Unsigned),
        field("receive_buffer", 36, 4, Type::Unsigned),
        field("low_water", 40, 4, Type::Unsigned),
        field("backlog", 44, 4, Type::Unsigned),
        field("priority", 48, 4, Type::Unsigned),
        field("mark", 52, 4, Type::Unsigned),
        field("timestamping", 56, 4, Type::Mask),
        field("peek_offset", 60, 4, Type::Signed),
        field("receive_timeout_us", 64, 8, Type::Unsigned),
        field("send_timeout_us", 72, 8, Type::Unsigned),
        field("linger_us", 80, 8, Type::Unsigned),
        field("peer_pid", 88, 4, Type::Object),
        field("peer", 92, 4, Type::Object),
        field("peer_number", 96, 4, Type::Unsigned),
        field("peer_status", 100, 4, Type::Unsigned),
        field("mode", 104, 4, Type::Mode),
        field("uid", 108, 4, Type::Unsigned),
        field("gid", 112, 4, Type::Unsigned),
        field("name_length", 116, 4, Type::Unsigned),
        field("atime_s", 120, 8, Type::Unsigned),
        field("mtime_s", 128, 8, Type::Unsigned),
        field("atime_ns", 136, 4, Type::Unsigned),
        field("mtime_ns", 140, 4, Type::Unsigned),
        field("inode_mode", 144, 4, Type::Mode),
        field("inode_uid", 148, 4, Type::Unsigned),
        field("inode_gid", 152, 4, Type::Unsigned),
        field("messages", 156, 4, Type::Unsigned),
        field("busy_poll_us", 160, 4, Type::Unsigned),
        field("busy_poll_budget", 164, 4, Type::Unsigned),
        field("incoming_cpu", 168, 4, Type::Signed),
        field("clock", 172, 4, Type::Unsigned),
        field("pacing_rate", 176, 8, Type::Unsigned),
        field("inode_flags", 184, 4, Type::Mask),
        field("reserved", 188, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::sockets::Socket>() == 192);
    assert!(core::mem::offset_of!(crate::sockets::Socket, id) == 0);
    assert!(core::mem::offset_of!(crate::sockets::Socket, kind) == 4);
    assert!(core::mem::offset_of!(crate::sockets::Socket, flags) == 8);
    assert!(core::mem::offset_of!(crate::sockets::Socket, state) == 12);
    assert!(core::mem::offset_of!(crate::sockets::Socket, shutdown) == 16);
    assert!(core::mem::offset_of!(crate::sockets::Socket, error) == 20);
    assert!(core::mem::offset_of!(crate::sockets::Socket, options) == 24);
    assert!(core::mem::offset_of!(crate::sockets::Socket, send_buffer) == 32);
    assert!(core::mem::offset_of!(crate::sockets::Socket, receive_buffer) == 36);
    assert!(core::mem::offset_of!(crate::sockets::Socket, low_water) == 40);
    assert!(core::mem::offset_of!(crate::sockets::Socket, backlog) == 44);
    assert!(core::mem::offset_of!(crate::sockets::Socket, priority) == 48);
    assert!(core::mem::offset_of!(crate::sockets::Socket, mark) == 52);
    assert!(core::mem::offset_of!(crate::sockets::Socket, timestamping) == 56);
    assert!(core::mem::offset_of!(crate::sockets::Socket, peek_offset) == 60);
    assert!(core::mem::offset_of!(crate::sockets::Socket, receive_timeout_us) == 64);
    assert!(core::mem::offset_of!(crate::sockets::Socket, send_timeout_us) == 72);
    assert!(core::mem::offset_of!(crate::sockets::Socket, linger_us) == 80);
    assert!(core::mem::offset_of!(crate::sockets::Socket, peer_pid) == 88);
    assert!(core::mem::offset_of!(crate::sockets::Socket, peer) == 92);
    assert!(core::mem::offset_of!(crate::sockets::Socket, peer_number) == 96);
    assert!(core::mem::offset_of!(crate::sockets::Socket, peer_status) == 100);
    assert!(core::mem::offset_of!(crate::sockets::Socket, mode) == 104);
    assert!(core::mem::offset_of!(crate::sockets::Socket, uid) == 108);
    assert!(core::mem::offset_of!(crate::sockets::Socket, gid) == 112);
    assert!(core::mem::offset_of!(crate::sockets::Socket, name_length) == 116);
    assert!(core::mem::offset_of!(crate::sockets::Socket, atime_s) == 120);
    assert!(core::mem::offset_of!(crate::sockets::Socket, mtime_s) == 128);
    assert!(core::mem::offset_of!(crate::sockets::Socket, atime_ns) == 136);
    assert!(core::mem::offset_of!(crate::sockets::Socket, mtime_ns) == 140);
    assert!(core::mem::offset_of!(crate::sockets::Socket, inode_mode) == 144);
    assert!(core::mem::offset_of!(crate::sockets::Socket, inode_uid) == 148);
    assert!(core::mem::offset_of!(crate::sockets::Socket, inode_gid) == 152);
    assert!(core::mem::offset_of!(crate::sockets::Socket, messages) == 156);
    assert!(core::mem::offset_of!(crate::sockets::Socket, busy_poll_us) == 160);
    assert!(core::mem::offset_of!(crate::sockets::Socket, busy_poll_budget) == 164);
    assert!(core::mem::offset_of!(crate::sockets::Socket, incoming_cpu) == 168);
    assert!(core::mem::offset_of!(crate::sockets::Socket, clock) == 172);
    assert!(core::mem::offset_of!(crate::sockets::Socket, pacing_rate) == 176);
    assert!(core::mem::offset_of!(crate::sockets::Socket, inode_flags) == 184);
    assert!(core::mem::offset_of!(crate::sockets::Socket, reserved) == 188);
};

/// The fields of `SocketLink`.
pub static SOCKET_LINK: Layout = Layout {
    name: "SocketLink",
    size: 12,
    fields: &[
        field("socket", 0, 4, Type::Object),
        field("peer", 4, 4, Type::Object),
        field("listener", 8, 4, Type::Object),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::sockets::SocketLink>() == 12);
    assert!(core::mem::offset_of!(crate::sockets::SocketLink, socket) == 0);
    assert!(core::mem::offset_of!(crate::sockets::SocketLink, peer) == 4);
    assert!(core::mem::offset_of!(crate::sockets::SocketLink, listener) == 8);
};

/// The fields of `SocketFilter`.
pub static SOCKET_FILTER: Layout = Layout {
    name: "SocketFilter",
    size: 8,
    fields: &[
        field("socket", 0, 4, Type::Object),
        field("instructions", 4, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::sockets::SocketFilter>() == 8);
    assert!(core::mem::offset_of!(crate::sockets::SocketFilter, socket) == 0);
    assert!(core::mem::offset_of!(crate::sockets::SocketFilter, instructions) == 4);
};

/// The fields of `SocketServer`.
pub static SOCKET_SERVER: Layout = Layout {
    name: "SocketServer",
    size: 8,
    fields: &[
        field("socket", 0, 4, Type::Object),
        field("name_length", 4, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::sockets::SocketServer>() == 8);
    assert!(core::mem::offset_of!(crate::sockets::SocketServer, socket) == 0);
    assert!(core::mem::offset_of!(crate::sockets::SocketServer, name_length) == 4);
};

/// The fields of `SocketMessage`.
pub static SOCKET_MESSAGE: Layout = Layout {
    name: "SocketMessage",
    size: 56,
    fields: &[
        field("to", 0, 4, Type::Object),
        field("from", 4, 4, Type::Object),
        field(
            "flags",
            8,
            4,
            Type::Bits(&[("URGENT", 0x1), ("CONSUMED", 0x2), ("HAS_SENDER", 0x4)]),
        ),
        field("charge", 12, 4, Type::Unsigned),
        field("pid", 16, 4, Type::Object),
        field("number", 20, 4, Type::Unsigned),
        field("status", 24, 4, Type::Unsigned),
        field("uid", 28, 4, Type::Unsigned),
        field("gid", 32, 4, Type::Unsigned),
        field("owner", 36, 4, Type::Unsigned),
        field("files", 40, 4, Type::Unsigned),
        field("reserved", 44, 4, Type::Reserved),
        field("stamp", 48, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::sockets::SocketMessage>() == 56);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, to) == 0);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, from) == 4);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, flags) == 8);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, charge) == 12);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, pid) == 16);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, number) == 20);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, status) == 24);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, uid) == 28);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, gid) == 32);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, owner) == 36);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, files) == 40);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, reserved) == 44);
    assert!(core::mem::offset_of!(crate::sockets::SocketMessage, stamp) == 48);
};

/// The fields of `Storage`.
pub static STORAGE: Layout = Layout {
    name: "Storage",
    size: 72,
    fields: &[
        field("id", 0, 4, Type::Object),
        field(
            "form",
            4,
            4,
            Type::One(&[
                ("SHARED_MEMORY", 0x1),
                ("MEMFD", 0x2),
                ("REMOVED", 0x3),
                ("VOLATILE", 0x4),
                ("OTHER_NAME", 0x5),
                ("SEGMENT", 0x6),
            ]),
        ),
        field("mode", 8, 4, Type::Mode),
        field("uid", 12, 4, Type::Unsigned),
        field("gid", 16, 4, Type::Unsigned),
        field("seals", 20, 4, Type::Mask),
        field(
            "flags",
            24,
            4,
            Type::Bits(&[("NO_RESERVE", 0x1), ("LINKABLE", 0x2)]),
        ),
        field("page_shift", 28, 4, Type::Unsigned),
        field("size", 32, 8, Type::Unsigned),
        field("atime_s", 40, 8, Type::Unsigned),
        field("mtime_s", 48, 8, Type::Unsigned),
        field("atime_ns", 56, 4, Type::Unsigned),
        field("mtime_ns", 60, 4, Type::Unsigned),
        field("inode_flags", 64, 4, Type::Mask),
        field("links", 68, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::storage::Storage>() == 72);
    assert!(core::mem::offset_of!(crate::storage::Storage, id) == 0);
    assert!(core::mem::offset_of!(crate::storage::Storage, form) == 4);
    assert!(core::mem::offset_of!(crate::storage::Storage, mode) == 8);
    assert!(core::mem::offset_of!(crate::storage::Storage, uid) == 12);
    assert!(core::mem::offset_of!(crate::storage::Storage, gid) == 16);
    assert!(core::mem::offset_of!(crate::storage::Storage, seals) == 20);
    assert!(core::mem::offset_of!(crate::storage::Storage, flags) == 24);
    assert!(core::mem::offset_of!(crate::storage::Storage, page_shift) == 28);
    assert!(core::mem::offset_of!(crate::storage::Storage, size) == 32);
    assert!(core::mem::offset_of!(crate::storage::Storage, atime_s) == 40);
    assert!(core::mem::offset_of!(crate::storage::Storage, mtime_s) == 48);
    assert!(core::mem::offset_of!(crate::storage::Storage, atime_ns) == 56);
    assert!(core::mem::offset_of!(crate::storage::Storage, mtime_ns) == 60);
    assert!(core::mem::offset_of!(crate::storage::Storage, inode_flags) == 64);
    assert!(core::mem::offset_of!(crate::storage::Storage, links) == 68);
};

/// The fields of `StorageAttribute`.
pub static STORAGE_ATTRIBUTE: Layout = Layout {
    name: "StorageAttribute",
    size: 16,
    fields: &[
        field("storage", 0, 4, Type::Object),
        field("name_length", 4, 4, Type::Unsigned),
        field("value_length", 8, 4, Type::Unsigned),
        field("flags", 12, 4, Type::Bits(&[("OF_NAME", 0x1)])),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::storage::StorageAttribute>() == 16);
    assert!(core::mem::offset_of!(crate::storage::StorageAttribute, storage) == 0);
    assert!(core::mem::offset_of!(crate::storage::StorageAttribute, name_length) == 4);
    assert!(core::mem::offset_of!(crate::storage::StorageAttribute, value_length) == 8);
    assert!(core::mem::offset_of!(crate::storage::StorageAttribute, flags) == 12);
};

/// The fields of `ContentPages`.
pub static CONTENT_PAGES: Layout = Layout {
    name: "ContentPages",
    size: 16,
    fields: &[
        field("storage", 0, 4, Type::Object),
        field("reserved", 4, 4, Type::Reserved),
        field("offset", 8, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::storage::ContentPages>() == 16);
    assert!(core::mem::offset_of!(crate::storage::ContentPages, storage) == 0);
    assert!(core::mem::offset_of!(crate::storage::ContentPages, reserved) == 4);
    assert!(core::mem::offset_of!(crate::storage::ContentPages, offset) == 8);
};

/// The fields of `ContentZeros`.
pub static CONTENT_ZEROS: Layout = Layout {
    name: "ContentZeros",
    size: 24,
    fields: &[
        field("storage", 0, 4, Type::Object),
        field(
            "flags",
            4,
            4,
            Type::Bits(&[("RESERVED", 0x1), ("PROMISED", 0x2)]),
        ),
        field("offset", 8, 8, Type::Unsigned),
        field("count", 16, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::storage::ContentZeros>() == 24);
    assert!(core::mem::offset_of!(crate::storage::ContentZeros, storage) == 0);
    assert!(core::mem::offset_of!(crate::storage::ContentZeros, flags) == 4);
    assert!(core::mem::offset_of!(crate::storage::ContentZeros, offset) == 8);
    assert!(core::mem::offset_of!(crate::storage::ContentZeros, count) == 16);
};

/// The fields of `InterruptedSyscall`.
pub static INTERRUPTED_SYSCALL: Layout = Layout {
    name: "InterruptedSyscall",
    size: 64,
    fields: &[
        field("task", 0, 4, Type::Task),
        field(
            "what",
            4,
            4,
            Type::One(&[
                ("NANOSLEEP", 0x1),
                ("POLL", 0x2),
                ("FUTEX", 0x3),
                ("ALARM_NANOSLEEP", 0x4),
                ("CPU_NANOSLEEP", 0x5),
                ("SIGTIMEDWAIT", 0x6),
                ("EPOLL_WAIT", 0x7),
                ("EPOLL_PWAIT", 0x8),
                ("SEMTIMEDOP", 0x9),
                ("IO_GETEVENTS", 0xa),
                ("IO_PGETEVENTS", 0xb),
                ("SOCKET", 0xc),
            ]),
        ),
        field("clock", 8, 4, Type::Signed),
        field("flags", 12, 4, Type::Mask),
        field("deadline_ns", 16, 8, Type::Signed),
        field("address", 24, 8, Type::Address),
        field("value", 32, 4, Type::Unsigned),
        field("bitset", 36, 4, Type::Mask),
        field(
            "options",
            40,
            4,
            Type::Bits(&[
                ("HAS_DEADLINE", 0x1),
                ("REMAINDER_NATIVE", 0x2),
                ("REMAINDER_COMPAT", 0x4),
                ("COMPAT", 0x8),
            ]),
        ),
        field("least", 44, 4, Type::Unsigned),
        field("object", 48, 8, Type::Address),
        field("mask", 56, 8, Type::Mask),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::syscalls::InterruptedSyscall>() == 64);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, task) == 0);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, what) == 4);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, clock) == 8);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, flags) == 12);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, deadline_ns) == 16);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, address) == 24);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, value) == 32);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, bitset) == 36);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, options) == 40);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, least) == 44);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, object) == 48);
    assert!(core::mem::offset_of!(crate::syscalls::InterruptedSyscall, mask) == 56);
};

/// The fields of `PidSpace`.
pub static PID_SPACE: Layout = Layout {
    name: "PidSpace",
    size: 24,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("parent", 4, 4, Type::Object),
        field("most", 8, 4, Type::Unsigned),
        field("next", 12, 4, Type::Unsigned),
        field("memfd_noexec", 16, 4, Type::Unsigned),
        field("flags", 20, 4, Type::Bits(&[("CLOSED", 0x1)])),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::task::PidSpace>() == 24);
    assert!(core::mem::offset_of!(crate::task::PidSpace, id) == 0);
    assert!(core::mem::offset_of!(crate::task::PidSpace, parent) == 4);
    assert!(core::mem::offset_of!(crate::task::PidSpace, most) == 8);
    assert!(core::mem::offset_of!(crate::task::PidSpace, next) == 12);
    assert!(core::mem::offset_of!(crate::task::PidSpace, memfd_noexec) == 16);
    assert!(core::mem::offset_of!(crate::task::PidSpace, flags) == 20);
};

/// The fields of `Pid`.
pub static PID: Layout = Layout {
    name: "Pid",
    size: 12,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("levels", 4, 4, Type::Unsigned),
        field("space", 8, 4, Type::Object),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::task::Pid>() == 12);
    assert!(core::mem::offset_of!(crate::task::Pid, id) == 0);
    assert!(core::mem::offset_of!(crate::task::Pid, levels) == 4);
    assert!(core::mem::offset_of!(crate::task::Pid, space) == 8);
};

/// The fields of `Member`.
pub static MEMBER: Layout = Layout {
    name: "Member",
    size: 36,
    fields: &[
        field("pid", 0, 4, Type::Object),
        field("leader", 4, 4, Type::Task),
        field("parent", 8, 4, Type::Task),
        field("group", 12, 4, Type::Object),
        field("session", 16, 4, Type::Object),
        field("exit_signal", 20, 4, Type::Signed),
        field(
            "flags",
            24,
            4,
            Type::Bits(&[
                ("GROUP_LEADER", 0x1),
                ("SESSION_LEADER", 0x2),
                ("ENDED", 0x4),
            ]),
        ),
        field("status", 28, 4, Type::Unsigned),
        field("space_of_children", 32, 4, Type::Object),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::task::Member>() == 36);
    assert!(core::mem::offset_of!(crate::task::Member, pid) == 0);
    assert!(core::mem::offset_of!(crate::task::Member, leader) == 4);
    assert!(core::mem::offset_of!(crate::task::Member, parent) == 8);
    assert!(core::mem::offset_of!(crate::task::Member, group) == 12);
    assert!(core::mem::offset_of!(crate::task::Member, session) == 16);
    assert!(core::mem::offset_of!(crate::task::Member, exit_signal) == 20);
    assert!(core::mem::offset_of!(crate::task::Member, flags) == 24);
    assert!(core::mem::offset_of!(crate::task::Member, status) == 28);
    assert!(core::mem::offset_of!(crate::task::Member, space_of_children) == 32);
};

/// The fields of `Process`.
pub static PROCESS: Layout = Layout {
    name: "Process",
    size: 288,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("oom_score_adj", 4, 4, Type::Signed),
        field("oom_score_adj_min", 8, 4, Type::Signed),
        field(
            "flags",
            12,
            4,
            Type::Bits(&[
                ("CHILD_SUBREAPER", 0x1),
                ("TRACER", 0x2),
                ("TRACER_ANY", 0x4),
            ]),
        ),
        field("start_boottime_ns", 16, 8, Type::Unsigned),
        field("limits", 24, 256, Type::Array(16, &Type::Struct(&LIMIT))),
        field("tracer", 280, 4, Type::Task),
        field("reserved", 284, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::task::Process>() == 288);
    assert!(core::mem::offset_of!(crate::task::Process, task) == 0);
    assert!(core::mem::offset_of!(crate::task::Process, oom_score_adj) == 4);
    assert!(core::mem::offset_of!(crate::task::Process, oom_score_adj_min) == 8);
    assert!(core::mem::offset_of!(crate::task::Process, flags) == 12);
    assert!(core::mem::offset_of!(crate::task::Process, start_boottime_ns) == 16);
    assert!(core::mem::offset_of!(crate::task::Process, limits) == 24);
    assert!(core::mem::offset_of!(crate::task::Process, tracer) == 280);
    assert!(core::mem::offset_of!(crate::task::Process, reserved) == 284);
};

/// The fields of `Thread`.
pub static THREAD: Layout = Layout {
    name: "Thread",
    size: 168,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("address_space", 4, 4, Type::Object),
        field("descriptors", 8, 4, Type::Object),
        field("directories", 12, 4, Type::Object),
        field("signal_actions", 16, 4, Type::Object),
        field("personality", 20, 4, Type::Mask),
        field("comm", 24, 16, Type::Text),
        field("clear_child_tid", 40, 8, Type::Address),
        field("set_child_tid", 48, 8, Type::Address),
        field("robust_list", 56, 8, Type::Address),
        field("rseq", 64, 8, Type::Address),
        field("rseq_length", 72, 4, Type::Unsigned),
        field("rseq_signature", 76, 4, Type::Mask),
        field("rseq_flags", 80, 4, Type::Bits(&[("SLICE_ENABLED", 0x1)])),
        field("altstack_flags", 84, 4, Type::Mask),
        field("altstack_base", 88, 8, Type::Address),
        field("altstack_size", 96, 8, Type::Mask),
        field("blocked", 104, 8, Type::Mask),
        field("saved_blocked", 112, 8, Type::Mask),
        field(
            "flags",
            120,
            4,
            Type::Bits(&[
                ("RESTORE_BLOCKED", 0x1),
                ("NO_NEW_PRIVS", 0x2),
                ("DUMPABLE", 0x4),
                ("DUMPABLE_ROOT", 0x8),
                ("FORKED_NO_EXEC", 0x10),
            ]),
        ),
        field("parent_death_signal", 124, 4, Type::Unsigned),
        field("timer_slack_ns", 128, 8, Type::Unsigned),
        field("default_timer_slack_ns", 136, 8, Type::Unsigned),
        field("compat_robust_list", 144, 8, Type::Address),
        field("io_context", 152, 4, Type::Task),
        field("vfork_child", 156, 4, Type::Task),
        field("undo_list", 160, 4, Type::Unsigned),
        field("reserved", 164, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::task::Thread>() == 168);
    assert!(core::mem::offset_of!(crate::task::Thread, task) == 0);
    assert!(core::mem::offset_of!(crate::task::Thread, address_space) == 4);
    assert!(core::mem::offset_of!(crate::task::Thread, descriptors) == 8);
    assert!(core::mem::offset_of!(crate::task::Thread, directories) == 12);
    assert!(core::mem::offset_of!(crate::task::Thread, signal_actions) == 16);
    assert!(core::mem::offset_of!(crate::task::Thread, personality) == 20);
    assert!(core::mem::offset_of!(crate::task::Thread, comm) == 24);
    assert!(core::mem::offset_of!(crate::task::Thread, clear_child_tid) == 40);
    assert!(core::mem::offset_of!(crate::task::Thread, set_child_tid) == 48);
    assert!(core::mem::offset_of!(crate::task::Thread, robust_list) == 56);
    assert!(core::mem::offset_of!(crate::task::Thread, rseq) == 64);
    assert!(core::mem::offset_of!(crate::task::Thread, rseq_length) == 72);
    assert!(core::mem::offset_of!(crate::task::Thread, rseq_signature) == 76);
    assert!(core::mem::offset_of!(crate::task::Thread, rseq_flags) == 80);
    assert!(core::mem::offset_of!(crate::task::Thread, altstack_flags) == 84);
    assert!(core::mem::offset_of!(crate::task::Thread, altstack_base) == 88);
    assert!(core::mem::offset_of!(crate::task::Thread, altstack_size) == 96);
    assert!(core::mem::offset_of!(crate::task::Thread, blocked) == 104);
    assert!(core::mem::offset_of!(crate::task::Thread, saved_blocked) == 112);
    assert!(core::mem::offset_of!(crate::task::Thread, flags) == 120);
    assert!(core::mem::offset_of!(crate::task::Thread, parent_death_signal) == 124);
    assert!(core::mem::offset_of!(crate::task::Thread, timer_slack_ns) == 128);
    assert!(core::mem::offset_of!(crate::task::Thread, default_timer_slack_ns) == 136);
    assert!(core::mem::offset_of!(crate::task::Thread, compat_robust_list) == 144);
    assert!(core::mem::offset_of!(crate::task::Thread, io_context) == 152);
    assert!(core::mem::offset_of!(crate::task::Thread, vfork_child) == 156);
    assert!(core::mem::offset_of!(crate::task::Thread, undo_list) == 160);
    assert!(core::mem::offset_of!(crate::task::Thread, reserved) == 164);
};

/// The fields of `Scheduling`.
pub static SCHEDULING: Layout = Layout {
    name: "Scheduling",
    size: 72,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("policy", 4, 4, Type::Unsigned),
        field("flags", 8, 8, Type::Mask),
        field("nice", 16, 4, Type::Signed),
        field("priority", 20, 4, Type::Unsigned),
        field("io_priority", 24, 2, Type::Unsigned),
        field("reserved", 26, 6, Type::Reserved),
        field("runtime_ns", 32, 8, Type::Unsigned),
        field("deadline_ns", 40, 8, Type::Unsigned),
        field("period_ns", 48, 8, Type::Unsigned),
        field("least_utilisation", 56, 4, Type::Unsigned),
        field("most_utilisation", 60, 4, Type::Unsigned),
        field("granted_length", 64, 4, Type::Unsigned),
        field("later_slice_ns", 68, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::task::Scheduling>() == 72);
    assert!(core::mem::offset_of!(crate::task::Scheduling, task) == 0);
    assert!(core::mem::offset_of!(crate::task::Scheduling, policy) == 4);
    assert!(core::mem::offset_of!(crate::task::Scheduling, flags) == 8);
    assert!(core::mem::offset_of!(crate::task::Scheduling, nice) == 16);
    assert!(core::mem::offset_of!(crate::task::Scheduling, priority) == 20);
    assert!(core::mem::offset_of!(crate::task::Scheduling, io_priority) == 24);
    assert!(core::mem::offset_of!(crate::task::Scheduling, reserved) == 26);
    assert!(core::mem::offset_of!(crate::task::Scheduling, runtime_ns) == 32);
    assert!(core::mem::offset_of!(crate::task::Scheduling, deadline_ns) == 40);
    assert!(core::mem::offset_of!(crate::task::Scheduling, period_ns) == 48);
    assert!(core::mem::offset_of!(crate::task::Scheduling, least_utilisation) == 56);
    assert!(core::mem::offset_of!(crate::task::Scheduling, most_utilisation) == 60);
    assert!(core::mem::offset_of!(crate::task::Scheduling, granted_length) == 64);
    assert!(core::mem::offset_of!(crate::task::Scheduling, later_slice_ns) == 68);
};

/// The fields of `TerminalPlace`.
pub static TERMINAL_PLACE: Layout = Layout {
    name: "TerminalPlace",
    size: 24,
    fields: &[
        field(
            "flags",
            0,
            4,
            Type::Bits(&[("UID", 0x1), ("GID", 0x2), ("RELAYED", 0x4)]),
        ),
        field("uid", 4, 4, Type::Unsigned),
        field("gid", 8, 4, Type::Unsigned),
        field("mode", 12, 4, Type::Mode),
        field("ptmx_mode", 16, 4, Type::Mode),
        field("most", 20, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::terminals::TerminalPlace>() == 24);
    assert!(core::mem::offset_of!(crate::terminals::TerminalPlace, flags) == 0);
    assert!(core::mem::offset_of!(crate::terminals::TerminalPlace, uid) == 4);
    assert!(core::mem::offset_of!(crate::terminals::TerminalPlace, gid) == 8);
    assert!(core::mem::offset_of!(crate::terminals::TerminalPlace, mode) == 12);
    assert!(core::mem::offset_of!(crate::terminals::TerminalPlace, ptmx_mode) == 16);
    assert!(core::mem::offset_of!(crate::terminals::TerminalPlace, most) == 20);
};

/// The fields of `Terminal`.
pub static TERMINAL: Layout = Layout {
    name: "Terminal",
    size: 64,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("number", 4, 4, Type::Unsigned),
        field(
            "flags",
            8,
            4,
            Type::Bits(&[
                ("PACKET", 0x1),
                ("HUNG_UP", 0x2),
                ("ABANDONED", 0x4),
                ("RELAYED", 0x8),
            ]),
        ),
        field("packet_status", 12, 4, Type::Unsigned),
        field("session", 16, 4, Type::Object),
        field("group", 20, 4, Type::Object),
        field("mode", 24, 4, Type::Mode),
        field("uid", 28, 4, Type::Unsigned),
        field("gid", 32, 4, Type::Unsigned),
        field("group_number", 36, 4, Type::Unsigned),
        field("atime_s", 40, 8, Type::Unsigned),
        field("mtime_s", 48, 8, Type::Unsigned),
        field("atime_ns", 56, 4, Type::Unsigned),
        field("mtime_ns", 60, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::terminals::Terminal>() == 64);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, id) == 0);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, number) == 4);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, flags) == 8);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, packet_status) == 12);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, session) == 16);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, group) == 20);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, mode) == 24);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, uid) == 28);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, gid) == 32);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, group_number) == 36);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, atime_s) == 40);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, mtime_s) == 48);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, atime_ns) == 56);
    assert!(core::mem::offset_of!(crate::terminals::Terminal, mtime_ns) == 60);
};

/// The fields of `TerminalSide`.
pub static TERMINAL_SIDE: Layout = Layout {
    name: "TerminalSide",
    size: 136,
    fields: &[
        field("terminal", 0, 4, Type::Object),
        field("side", 4, 4, Type::One(&[("MASTER", 0x1), ("SLAVE", 0x2)])),
        field(
            "flags",
            8,
            4,
            Type::Bits(&[
                ("THROTTLED", 0x1),
                ("IO_ERROR", 0x2),
                ("OTHER_CLOSED", 0x4),
                ("EXCLUSIVE", 0x8),
                ("WAKEUP", 0x10),
                ("LOCKED", 0x20),
                ("STOPPED", 0x40),
                ("TCO_STOPPED", 0x80),
                ("NO_ROOM", 0x100),
                ("LITERAL", 0x200),
                ("ERASING", 0x400),
                ("PUSH", 0x800),
            ]),
        ),
        field("input_modes", 12, 4, Type::Mask),
        field("output_modes", 16, 4, Type::Mask),
        field("control_modes", 20, 4, Type::Mask),
        field("local_modes", 24, 4, Type::Mask),
        field("input_speed", 28, 4, Type::Unsigned),
        field("output_speed", 32, 4, Type::Unsigned),
        field("locked_input_modes", 36, 4, Type::Mask),
        field("locked_output_modes", 40, 4, Type::Mask),
        field("locked_control_modes", 44, 4, Type::Mask),
        field("locked_local_modes", 48, 4, Type::Mask),
        field("characters", 52, 19, Type::Bytes),
        field("locked_characters", 71, 19, Type::Bytes),
        field("locked_line", 90, 1, Type::Bytes),
        field("reserved", 91, 1, Type::Reserved),
        field("rows", 92, 2, Type::Unsigned),
        field("columns", 94, 2, Type::Unsigned),
        field("width", 96, 2, Type::Unsigned),
        field("height", 98, 2, Type::Unsigned),
        field("read_count", 100, 4, Type::Unsigned),
        field("canon_count", 104, 4, Type::Unsigned),
        field("commit_count", 108, 4, Type::Unsigned),
        field("echo_count", 112, 4, Type::Unsigned),
        field("echo_commit", 116, 4, Type::Unsigned),
        field("echo_mark", 120, 4, Type::Unsigned),
        field("column", 124, 4, Type::Unsigned),
        field("canon_column", 128, 4, Type::Unsigned),
        field("lookahead", 132, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::terminals::TerminalSide>() == 136);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, terminal) == 0);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, side) == 4);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, flags) == 8);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, input_modes) == 12);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, output_modes) == 16);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, control_modes) == 20);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, local_modes) == 24);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, input_speed) == 28);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, output_speed) == 32);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, locked_input_modes) == 36);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, locked_output_modes) == 40);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, locked_control_modes) == 44);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, locked_local_modes) == 48);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, characters) == 52);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, locked_characters) == 71);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, locked_line) == 90);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, reserved) == 91);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, rows) == 92);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, columns) == 94);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, width) == 96);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, height) == 98);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, read_count) == 100);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, canon_count) == 104);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, commit_count) == 108);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, echo_count) == 112);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, echo_commit) == 116);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, echo_mark) == 120);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, column) == 124);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, canon_column) == 128);
    assert!(core::mem::offset_of!(crate::terminals::TerminalSide, lookahead) == 132);
};

/// The fields of `TerminalBuffer`.
pub static TERMINAL_BUFFER: Layout = Layout {
    name: "TerminalBuffer",
    size: 24,
    fields: &[
        field("terminal", 0, 4, Type::Object),
        field("side", 4, 4, Type::One(&[("MASTER", 0x1), ("SLAVE", 0x2)])),
        field("size", 8, 4, Type::Unsigned),
        field("read", 12, 4, Type::Unsigned),
        field("lookahead", 16, 4, Type::Unsigned),
        field("used", 20, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::terminals::TerminalBuffer>() == 24);
    assert!(core::mem::offset_of!(crate::terminals::TerminalBuffer, terminal) == 0);
    assert!(core::mem::offset_of!(crate::terminals::TerminalBuffer, side) == 4);
    assert!(core::mem::offset_of!(crate::terminals::TerminalBuffer, size) == 8);
    assert!(core::mem::offset_of!(crate::terminals::TerminalBuffer, read) == 12);
    assert!(core::mem::offset_of!(crate::terminals::TerminalBuffer, lookahead) == 16);
    assert!(core::mem::offset_of!(crate::terminals::TerminalBuffer, used) == 20);
};

/// The fields of `ControllingTerminal`.
pub static CONTROLLING_TERMINAL: Layout = Layout {
    name: "ControllingTerminal",
    size: 12,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("terminal", 4, 4, Type::Object),
        field("old_group", 8, 4, Type::Object),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::terminals::ControllingTerminal>() == 12);
    assert!(core::mem::offset_of!(crate::terminals::ControllingTerminal, task) == 0);
    assert!(core::mem::offset_of!(crate::terminals::ControllingTerminal, terminal) == 4);
    assert!(core::mem::offset_of!(crate::terminals::ControllingTerminal, old_group) == 8);
};

/// The fields of `IntervalTimer`.
pub static INTERVAL_TIMER: Layout = Layout {
    name: "IntervalTimer",
    size: 32,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("which", 4, 4, Type::Unsigned),
        field("expires_ns", 8, 8, Type::Unsigned),
        field("interval_ns", 16, 8, Type::Unsigned),
        field("flags", 24, 4, Type::Bits(&[("FIRED", 0x1)])),
        field("reserved", 28, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::timers::IntervalTimer>() == 32);
    assert!(core::mem::offset_of!(crate::timers::IntervalTimer, task) == 0);
    assert!(core::mem::offset_of!(crate::timers::IntervalTimer, which) == 4);
    assert!(core::mem::offset_of!(crate::timers::IntervalTimer, expires_ns) == 8);
    assert!(core::mem::offset_of!(crate::timers::IntervalTimer, interval_ns) == 16);
    assert!(core::mem::offset_of!(crate::timers::IntervalTimer, flags) == 24);
    assert!(core::mem::offset_of!(crate::timers::IntervalTimer, reserved) == 28);
};

/// The fields of `PosixTimers`.
pub static POSIX_TIMERS: Layout = Layout {
    name: "PosixTimers",
    size: 16,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("next_id", 4, 4, Type::Unsigned),
        field("flags", 8, 4, Type::Bits(&[("CHOSEN_IDS", 0x1)])),
        field("reserved", 12, 4, Type::Reserved),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::timers::PosixTimers>() == 16);
    assert!(core::mem::offset_of!(crate::timers::PosixTimers, task) == 0);
    assert!(core::mem::offset_of!(crate::timers::PosixTimers, next_id) == 4);
    assert!(core::mem::offset_of!(crate::timers::PosixTimers, flags) == 8);
    assert!(core::mem::offset_of!(crate::timers::PosixTimers, reserved) == 12);
};

/// The fields of `PosixTimer`.
pub static POSIX_TIMER: Layout = Layout {
    name: "PosixTimer",
    size: 72,
    fields: &[
        field("task", 0, 4, Type::Task),
        field("id", 4, 4, Type::Unsigned),
        field("clock", 8, 4, Type::Signed),
        field("clock_task", 12, 4, Type::Task),
        field("notify", 16, 4, Type::Unsigned),
        field("signal", 20, 4, Type::Signed),
        field("target", 24, 4, Type::Task),
        field(
            "flags",
            28,
            4,
            Type::Bits(&[
                ("ARMED", 0x1),
                ("WAITING", 0x2),
                ("RELATIVE", 0x4),
                ("NAMES_TASK", 0x8),
            ]),
        ),
        field("value", 32, 8, Type::Mask),
        field("expires_ns", 40, 8, Type::Signed),
        field("interval_ns", 48, 8, Type::Unsigned),
        field("overruns", 56, 8, Type::Signed),
        field("last_overruns", 64, 8, Type::Signed),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::timers::PosixTimer>() == 72);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, task) == 0);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, id) == 4);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, clock) == 8);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, clock_task) == 12);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, notify) == 16);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, signal) == 20);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, target) == 24);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, flags) == 28);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, value) == 32);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, expires_ns) == 40);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, interval_ns) == 48);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, overruns) == 56);
    assert!(core::mem::offset_of!(crate::timers::PosixTimer, last_overruns) == 64);
};

/// The fields of `Usage`.
pub static USAGE: Layout = Layout {
    name: "Usage",
    size: 208,
    fields: &[
        field("task", 0, 4, Type::Task),
        field(
            "whose",
            4,
            4,
            Type::One(&[("THREAD", 0x1), ("ENDED", 0x2), ("CHILDREN", 0x3)]),
        ),
        field("start_boottime_ns", 8, 8, Type::Unsigned),
        field("start_monotonic_ns", 16, 8, Type::Unsigned),
        field("user_ns", 24, 8, Type::Unsigned),
        field("system_ns", 32, 8, Type::Unsigned),
        field("guest_ns", 40, 8, Type::Unsigned),
        field("runtime_ns", 48, 8, Type::Unsigned),
        field("told_user_ns", 56, 8, Type::Unsigned),
        field("told_system_ns", 64, 8, Type::Unsigned),
        field("minor_faults", 72, 8, Type::Unsigned),
        field("major_faults", 80, 8, Type::Unsigned),
        field("voluntary_switches", 88, 8, Type::Unsigned),
        field("involuntary_switches", 96, 8, Type::Unsigned),
        field("blocks_in", 104, 8, Type::Unsigned),
        field("blocks_out", 112, 8, Type::Unsigned),
        field("peak_bytes", 120, 8, Type::Unsigned),
        field("read_chars", 128, 8, Type::Unsigned),
        field("write_chars", 136, 8, Type::Unsigned),
        field("read_calls", 144, 8, Type::Unsigned),
        field("write_calls", 152, 8, Type::Unsigned),
        field("read_bytes", 160, 8, Type::Unsigned),
        field("write_bytes", 168, 8, Type::Unsigned),
        field("cancelled_bytes", 176, 8, Type::Unsigned),
        field("waited_ns", 184, 8, Type::Unsigned),
        field("slices", 192, 8, Type::Unsigned),
        field("peak_space_bytes", 200, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::usage::Usage>() == 208);
    assert!(core::mem::offset_of!(crate::usage::Usage, task) == 0);
    assert!(core::mem::offset_of!(crate::usage::Usage, whose) == 4);
    assert!(core::mem::offset_of!(crate::usage::Usage, start_boottime_ns) == 8);
    assert!(core::mem::offset_of!(crate::usage::Usage, start_monotonic_ns) == 16);
    assert!(core::mem::offset_of!(crate::usage::Usage, user_ns) == 24);
    assert!(core::mem::offset_of!(crate::usage::Usage, system_ns) == 32);
    assert!(core::mem::offset_of!(crate::usage::Usage, guest_ns) == 40);
    assert!(core::mem::offset_of!(crate::usage::Usage, runtime_ns) == 48);
    assert!(core::mem::offset_of!(crate::usage::Usage, told_user_ns) == 56);
    assert!(core::mem::offset_of!(crate::usage::Usage, told_system_ns) == 64);
    assert!(core::mem::offset_of!(crate::usage::Usage, minor_faults) == 72);
    assert!(core::mem::offset_of!(crate::usage::Usage, major_faults) == 80);
    assert!(core::mem::offset_of!(crate::usage::Usage, voluntary_switches) == 88);
    assert!(core::mem::offset_of!(crate::usage::Usage, involuntary_switches) == 96);
    assert!(core::mem::offset_of!(crate::usage::Usage, blocks_in) == 104);
    assert!(core::mem::offset_of!(crate::usage::Usage, blocks_out) == 112);
    assert!(core::mem::offset_of!(crate::usage::Usage, peak_bytes) == 120);
    assert!(core::mem::offset_of!(crate::usage::Usage, read_chars) == 128);
    assert!(core::mem::offset_of!(crate::usage::Usage, write_chars) == 136);
    assert!(core::mem::offset_of!(crate::usage::Usage, read_calls) == 144);
    assert!(core::mem::offset_of!(crate::usage::Usage, write_calls) == 152);
    assert!(core::mem::offset_of!(crate::usage::Usage, read_bytes) == 160);
    assert!(core::mem::offset_of!(crate::usage::Usage, write_bytes) == 168);
    assert!(core::mem::offset_of!(crate::usage::Usage, cancelled_bytes) == 176);
    assert!(core::mem::offset_of!(crate::usage::Usage, waited_ns) == 184);
    assert!(core::mem::offset_of!(crate::usage::Usage, slices) == 192);
    assert!(core::mem::offset_of!(crate::usage::Usage, peak_space_bytes) == 200);
};

/// The fields of `Watcher`.
pub static WATCHER: Layout = Layout {
    name: "Watcher",
    size: 12,
    fields: &[
        field("id", 0, 4, Type::Object),
        field("next", 4, 4, Type::Unsigned),
        field("room", 8, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::watches::Watcher>() == 12);
    assert!(core::mem::offset_of!(crate::watches::Watcher, id) == 0);
    assert!(core::mem::offset_of!(crate::watches::Watcher, next) == 4);
    assert!(core::mem::offset_of!(crate::watches::Watcher, room) == 8);
};

/// The fields of `Watch`.
pub static WATCH: Layout = Layout {
    name: "Watch",
    size: 24,
    fields: &[
        field("watcher", 0, 4, Type::Object),
        field("file", 4, 4, Type::Object),
        field("number", 8, 4, Type::Unsigned),
        field("mask", 12, 4, Type::Mask),
        field("inode", 16, 8, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::watches::Watch>() == 24);
    assert!(core::mem::offset_of!(crate::watches::Watch, watcher) == 0);
    assert!(core::mem::offset_of!(crate::watches::Watch, file) == 4);
    assert!(core::mem::offset_of!(crate::watches::Watch, number) == 8);
    assert!(core::mem::offset_of!(crate::watches::Watch, mask) == 12);
    assert!(core::mem::offset_of!(crate::watches::Watch, inode) == 16);
};

/// The fields of `WatchEvent`.
pub static WATCH_EVENT: Layout = Layout {
    name: "WatchEvent",
    size: 16,
    fields: &[
        field("watcher", 0, 4, Type::Object),
        field("number", 4, 4, Type::Signed),
        field("mask", 8, 4, Type::Mask),
        field("cookie", 12, 4, Type::Unsigned),
    ],
};
const _: () = {
    assert!(core::mem::size_of::<crate::watches::WatchEvent>() == 16);
    assert!(core::mem::offset_of!(crate::watches::WatchEvent, watcher) == 0);
    assert!(core::mem::offset_of!(crate::watches::WatchEvent, number) == 4);
    assert!(core::mem::offset_of!(crate::watches::WatchEvent, mask) == 8);
    assert!(core::mem::offset_of!(crate::watches::WatchEvent, cookie) == 12);
};

const _: () = {
    assert!(crate::aio::AIO_PAGE == 0x1000);
    assert!(crate::aio::MAX_AIO_PLACE == 0x10000);
    assert!(crate::aio::MAX_AIO_RING == 0x10000000);
    assert!(crate::calls::SYSCALL_CHECKPOINT == 0x1fe);
    assert!(crate::calls::SYSCALL_RESTART == 0x1ff);
    assert!(crate::calls::MAX_HAND_IN == 0x400);
    assert!(crate::calls::CHECKPOINT_CHECK == 0x1);
    assert!(crate::calls::CHECKPOINT_SYNC == 0x2);
    assert!(crate::calls::CHECKPOINT_HOLD_END == 0x4);
    assert!(crate::calls::CHECKPOINT_RECONNECT == 0x8);
    assert!(crate::calls::CHECKPOINT_RELAY == 0x10);
    assert!(crate::calls::END_BYTES == 0x48);
    assert!(crate::calls::GIVEN_WANTED == 0x1);
    assert!(crate::calls::ROLE_OPEN == 0x1);
    assert!(crate::calls::ROLE_JOIN == 0x2);
    assert!(crate::calls::ROLE_RUN == 0x4);
    assert!(crate::calls::RESTART_FROZEN == 0x1);
    assert!(crate::calls::RESTART_NEW_PIDS == 0x2);
    assert!(crate::calls::RESTART_VERIFY == 0x4);
    assert!(crate::calls::RESTART_FILES_KEEP == 0x8);
    assert!(crate::calls::RESTART_FILES_TRUNCATE == 0x10);
    assert!(crate::calls::RESTART_HELD == 0x20);
    assert!(crate::calls::LOG_NAME == 0xc0);
    assert!(crate::calls::LOG_NONE == 0xffffffffffffffff);
    assert!(crate::confinement::BPF_INSTRUCTION == 0x8);
    assert!(crate::confinement::MAX_BPF_INSTRUCTIONS == 0x1000);
    assert!(crate::confinement::FILTER_LOG == 0x1);
    assert!(crate::confinement::FILTER_WAIT_KILLABLE == 0x2);
    assert!(crate::confinement::SECCOMP_OFF == 0x0);
    assert!(crate::confinement::SECCOMP_STRICT == 0x1);
    assert!(crate::confinement::SECCOMP_FILTERS == 0x2);
    assert!(crate::confinement::DISPATCH_OFF == 0x0);
    assert!(crate::confinement::DISPATCH_OUTSIDE == 0x1);
    assert!(crate::confinement::DISPATCH_INSIDE == 0x2);
    assert!(crate::confinement::SETTING_IO_FLUSHER == 0x1);
    assert!(crate::confinement::SETTING_FUTEX_HASH == 0x2);
    assert!(crate::confinement::SETTING_FUTEX_HASH_CHOSEN == 0x4);
    assert!(crate::confinement::SETTING_RANDOMIZED == 0x8);
    assert!(crate::confinement::SETTING_USED_PRIVILEGE == 0x10);
    assert!(crate::confinement::SETTING_TOO_MANY_PROCESSES == 0x20);
    assert!(crate::confinement::MEMORY_ERROR_LATE == 0x0);
    assert!(crate::confinement::MEMORY_ERROR_EARLY == 0x1);
    assert!(crate::confinement::MEMORY_ERROR_DEFAULT == 0x2);
    assert!(crate::cpu_x86_64::REGISTERS == 0x1b);
    assert!(crate::cpu_x86_64::TLS_ENTRIES == 0x3);
    assert!(crate::cpu_x86_64::X86_NO_TSC == 0x1);
    assert!(crate::cpu_x86_64::X86_NO_CPUID == 0x2);
    assert!(crate::cpu_x86_64::X86_COMPAT_CALL == 0x4);
    assert!(crate::cpu_x86_64::X86_COMPAT_POKED == 0x8);
    assert!(crate::cpu_x86_64::MAX_XSTATE == 0x10000);
    assert!(crate::cpu_x86_64::MAX_LOCAL_DESCRIPTORS == 0x2000);
    assert!(crate::credentials::MAX_GROUPS == 0x10000);
    assert!(crate::credentials::KEYS_GO_BY_DEFAULT == 0x0);
    assert!(crate::credentials::KEYS_GO_TO_THREAD == 0x1);
    assert!(crate::credentials::KEYS_GO_TO_PROCESS == 0x2);
    assert!(crate::credentials::KEYS_GO_TO_SESSION == 0x3);
    assert!(crate::credentials::KEYS_GO_TO_USER == 0x4);
    assert!(crate::credentials::KEYS_GO_TO_USER_SESSION == 0x5);
    assert!(crate::credentials::KEYS_GO_TO_REQUESTOR == 0x7);
    assert!(crate::credentials::MAX_KEYRING_NAME == 0xfff);
    assert!(crate::credentials::FIRST_SERIAL == 0x3);
    assert!(crate::credentials::KEYRING_IS_USER_SESSION == 0x1);
    assert!(crate::credentials::KEYRING_LINKS_USER == 0x2);
    assert!(crate::credentials::KEYRING_LINKS_USER_SESSION == 0x4);
    assert!(crate::credentials::KEYRING_REVOKED == 0x8);
    assert!(crate::events::EVENT_COUNTER_SEMAPHORE == 0x1);
    assert!(crate::events::TIMERFD_ARMED == 0x1);
    assert!(crate::events::TIMERFD_EXPIRED == 0x2);
    assert!(crate::events::TIMERFD_RELATIVE == 0x4);
    assert!(crate::events::TIMERFD_CANCELABLE == 0x8);
    assert!(crate::events::TIMERFD_CANCELED == 0x10);
    assert!(crate::events::EPOLL_HOW == 0xf0000000);
    assert!(crate::events::EPOLL_ALWAYS == 0x18);
    assert!(crate::fanotify::FANOTIFY_TARGET_INODE == 0x1);
    assert!(crate::fanotify::FANOTIFY_TARGET_MOUNT == 0x2);
    assert!(crate::fanotify::FANOTIFY_TARGET_FILESYSTEM == 0x3);
    assert!(crate::fanotify::FANOTIFY_TOLD_PATH == 0x1);
    assert!(crate::fanotify::FANOTIFY_TOLD_HANDLE == 0x2);
    assert!(crate::fanotify::FANOTIFY_TOLD_NAME == 0x3);
    assert!(crate::fanotify::FANOTIFY_TOLD_ERROR == 0x4);
    assert!(crate::fanotify::FANOTIFY_TOLD_OVERFLOW == 0x5);
    assert!(crate::fanotify::FANOTIFY_FLAGS == 0x80003fff);
    assert!(crate::fanotify::FANOTIFY_EVENT_FLAGS == 0x1c9c03);
    assert!(crate::fanotify::FANOTIFY_MARK_FLAGS == 0x640);
    assert!(crate::fanotify::FANOTIFY_EVENTS == 0x58009fff);
    assert!(crate::fanotify::FANOTIFY_TOLD == 0x5800dfff);
    assert!(crate::fanotify::MAX_HANDLE == 0x80);
    assert!(crate::fanotify::MAX_FANOTIFY_EVENT == 0x37e);
    assert!(crate::fanotify::DIRECTORY_EVENTS == 0x8000003f);
    assert!(crate::files::MAX_PATH == 0xfff);
    assert!(crate::files::FILE_FIRST == 0x1);
    assert!(crate::files::OPEN_FILE_CREATED == 0x1);
    assert!(crate::files::OPEN_FILE_RANDOM == 0x2);
    assert!(crate::files::OPEN_FILE_SEQUENTIAL == 0x4);
    assert!(crate::files::OPEN_FILE_NO_REUSE == 0x8);
    assert!(crate::files::OPEN_FILE_AWAITS_WRITER == 0x10);
    assert!(crate::files::OPEN_FILE_OF_THREAD == 0x100);
    assert!(crate::files::OPEN_FILE_AUTOKILL == 0x200);
    assert!(crate::files::OPEN_FILE_GENERATED == 0x400);
    assert!(crate::files::OPEN_FILE_NEWS == 0x800);
    assert!(crate::files::OPEN_FILE_BY_NAME == 0x1000);
    assert!(crate::files::OPEN_FILE_ALL_READ == 0x2000);
    assert!(crate::files::OPEN_FILE_NAME_GONE == 0x4000);
    assert!(crate::files::MAX_WRITE_HINT == 0x5);
    assert!(crate::files::FILE_OWNER_THREAD == 0x1);
    assert!(crate::files::FILE_OWNER_PROCESS == 0x2);
    assert!(crate::files::FILE_OWNER_GROUP == 0x3);
    assert!(crate::files::MAX_UNREAD == 0x400000);
    assert!(crate::files::DESCRIPTOR_CLOSE_ON_EXEC == 0x1);
    assert!(crate::handed::HANDED_READS == 0x1);
    assert!(crate::handed::HANDED_WRITES == 0x2);
    assert!(crate::header::VERSION == 0x1);
    assert!(crate::header::ARCHITECTURE_X86_64 == 0x3e);
    assert!(crate::header::MAX_TASKS == 0x400000);
    assert!(crate::header::MAX_PAGE_SIZE == 0x10000);
    assert!(crate::header::CPUID_REGISTERS == 0xc);
    assert!(crate::header::XSTATE_COMPONENTS == 0x20);
    assert!(crate::header::MACHINE_FSGSBASE == 0x1);
    assert!(crate::header::MAX_VDSO == 0x40000);
    assert!(crate::ipc::IPC_OBJECT_SEMAPHORES == 0x1);
    assert!(crate::ipc::IPC_OBJECT_MESSAGES == 0x2);
    assert!(crate::ipc::IPC_OBJECT_MEMORY == 0x3);
    assert!(crate::ipc::IPC_MODE_REMOVED == 0x200);
    assert!(crate::ipc::IPC_MODE_LOCKED == 0x400);
    assert!(crate::ipc::MAX_IPC_TAIL == 0x1000000);
    assert!(crate::ipc::MAX_SEMAPHORES == 0x10000);
    assert!(crate::ipc::SEMAPHORE == 0x8);
    assert!(crate::ipc::MESSAGE == 0x10);
    assert!(crate::limits::RESOURCES == 0x10);
    assert!(crate::locks::LOCK_FORM_WHOLE == 0x1);
    assert!(crate::locks::LOCK_FORM_RECORD == 0x2);
    assert!(crate::locks::LOCK_FORM_OPEN_FILE == 0x3);
    assert!(crate::locks::LOCK_FORM_LEASE == 0x4);
    assert!(crate::locks::LOCK_WRITE == 0x1);
    assert!(crate::locks::LEASE_BREAKS == 0x2);
    assert!(crate::locks::LEASE_SHARES == 0x4);
    assert!(crate::locks::MAX_LOCK_END == 0x7fffffffffffffff);
    assert!(crate::memory::MAX_AUXV == 0x400);
    assert!(crate::memory::SPACE_TOP_DOWN == 0x1);
    assert!(crate::memory::SPACE_NO_HUGE_PAGES == 0x2);
    assert!(crate::memory::SPACE_NO_EXEC_GAIN == 0x4);
    assert!(crate::memory::SPACE_NO_EXEC_GAIN_NO_INHERIT == 0x8);
    assert!(crate::memory::SPACE_MERGE_ANY == 0x10);
    assert!(crate::memory::SPACE_NO_HUGE_PAGES_UNLESS_ADVISED == 0x20);
    assert!(crate::memory::SPACE_KEY_ZERO_FREE == 0x40);
    assert!(crate::memory::SPACE_TAGGED_SVA == 0x100);
    assert!(crate::memory::SPACE_32BIT == 0x10000);
    assert!(crate::memory::SPACE_VDSO_32BIT == 0x20000);
    assert!(crate::memory::SPACE_TAGS_LOCKED == 0x40000);
    assert!(crate::memory::MAX_AREA_NAME == 0x50);
    assert!(crate::memory::AREA_KIND_ANONYMOUS == 0x1);
    assert!(crate::memory::AREA_KIND_FILE == 0x2);
    assert!(crate::memory::AREA_KIND_VDSO == 0x3);
    assert!(crate::memory::AREA_KIND_VVAR == 0x4);
    assert!(crate::memory::AREA_KIND_VVAR_VCLOCK == 0x5);
    assert!(crate::memory::AREA_KIND_HUGE == 0x10);
    assert!(crate::memory::AREA_SHARED == 0x1);
    assert!(crate::memory::AREA_GROWS_DOWN == 0x2);
    assert!(crate::memory::AREA_NO_RESERVE == 0x4);
    assert!(crate::memory::AREA_LOCKED == 0x8);
    assert!(crate::memory::AREA_LOCKED_ON_FAULT == 0x10);
    assert!(crate::memory::AREA_DONT_FORK == 0x20);
    assert!(crate::memory::AREA_WIPE_ON_FORK == 0x40);
    assert!(crate::memory::AREA_DONT_DUMP == 0x80);
    assert!(crate::memory::AREA_HUGE_PAGES == 0x100);
    assert!(crate::memory::AREA_NO_HUGE_PAGES == 0x200);
    assert!(crate::memory::AREA_MERGEABLE == 0x400);
    assert!(crate::memory::AREA_SEQUENTIAL == 0x800);
    assert!(crate::memory::AREA_RANDOM == 0x1000);
    assert!(crate::memory::AREA_NEVER_READ == 0x2000);
    assert!(crate::memory::AREA_NEVER_WRITE == 0x4000);
    assert!(crate::memory::AREA_NEVER_EXEC == 0x8000);
    assert!(crate::memory::AREA_ACCOUNTED == 0x10000);
    assert!(crate::memory::AREA_NAMED == 0x20000);
    assert!(crate::memory::AREA_SEALED == 0x40000);
    assert!(crate::memory::AREA_DROPPABLE == 0x80000);
    assert!(crate::memory::AREA_GUARDED == 0x100000);
    assert!(crate::memory::MAX_NODES == 0x80);
    assert!(crate::memory::NODE_NONE == 0xffffffff);
    assert!(crate::memory::MAX_RUN == 0x200);
    assert!(crate::memory::PAGES_HUGE == 0x1);
    assert!(crate::pidfds::TARGET_DUMPED == 0x1);
    assert!(crate::pidfds::TARGET_REAPED == 0x2);
    assert!(crate::pipes::PIPE_FIFO == 0x1);
    assert!(crate::pipes::PIPE_POLLED == 0x2);
    assert!(crate::pipes::MAX_PIPE_SIZE == 0x80000000);
    assert!(crate::pipes::BUFFER_PACKET == 0x1);
    assert!(crate::pipes::BUFFER_MERGES == 0x2);
    assert!(crate::pipes::MAX_PIPE_DATA == 0x10000);
    assert!(crate::queues::QUEUE_REMOVED == 0x1);
    assert!(crate::queues::MAX_QUEUE_MESSAGES == 0x10000);
    assert!(crate::queues::MAX_QUEUE_MESSAGE == 0x1000000);
    assert!(crate::queues::MAX_QUEUE_NAME == 0xff);
    assert!(crate::queues::QUEUE_PRIORITIES == 0x8000);
    assert!(crate::queues::QUEUE_NOTICE_NONE == 0x1);
    assert!(crate::queues::QUEUE_NOTICE_SIGNAL == 0x2);
    assert!(crate::signals::SIGNALS == 0x40);
    assert!(crate::signals::PENDING_SHARED == 0x1);
    assert!(crate::signals::PENDING_TIMER == 0x2);
    assert!(crate::signals::PENDING_STALE == 0x4);
    assert!(crate::signals::PENDING_PERIODIC == 0x8);
    assert!(crate::signals::PENDING_IGNORED == 0x10);
    assert!(crate::signals::PENDING_DELETED == 0x20);
    assert!(crate::signals::PENDING_WITHOUT_ENTRY == 0x100);
    assert!(crate::signals::JOB_CONTINUED == 0x1);
    assert!(crate::signals::JOB_TELL_STOPPED == 0x2);
    assert!(crate::signals::JOB_TELL_CONTINUED == 0x4);
    assert!(crate::sockets::SOCKET_DEAD == 0x1);
    assert!(crate::sockets::SOCKET_WAITING == 0x2);
    assert!(crate::sockets::SOCKET_FOUND == 0x4);
    assert!(crate::sockets::SOCKET_HAS_PEER_NUMBER == 0x8);
    assert!(crate::sockets::SOCKET_STREAM == 0x1);
    assert!(crate::sockets::SOCKET_DATAGRAM == 0x2);
    assert!(crate::sockets::SOCKET_SEQUENCED == 0x5);
    assert!(crate::sockets::SOCKET_CONNECTED == 0x1);
    assert!(crate::sockets::SOCKET_CLOSED == 0x7);
    assert!(crate::sockets::SOCKET_LISTENS == 0xa);
    assert!(crate::sockets::MAX_SOCKET_NAME == 0x6f);
    assert!(crate::sockets::MAX_SERVER_NAME == 0x6e);
    assert!(crate::sockets::MESSAGE_URGENT == 0x1);
    assert!(crate::sockets::MESSAGE_CONSUMED == 0x2);
    assert!(crate::sockets::MESSAGE_HAS_SENDER == 0x4);
    assert!(crate::sockets::MAX_MESSAGE_FILES == 0xfd);
    assert!(crate::sockets::MAX_MESSAGE == 0x800000);
    assert!(crate::storage::MAX_PAGE_SHIFT == 0x28);
    assert!(crate::storage::STORAGE_FORM_SHARED_MEMORY == 0x1);
    assert!(crate::storage::STORAGE_FORM_MEMFD == 0x2);
    assert!(crate::storage::STORAGE_FORM_REMOVED == 0x3);
    assert!(crate::storage::STORAGE_FORM_VOLATILE == 0x4);
    assert!(crate::storage::STORAGE_FORM_OTHER_NAME == 0x5);
    assert!(crate::storage::STORAGE_FORM_SEGMENT == 0x6);
    assert!(crate::storage::STORAGE_NO_RESERVE == 0x1);
    assert!(crate::storage::STORAGE_LINKABLE == 0x2);
    assert!(crate::storage::INODE_FLAGS == 0x2083c4ff);
    assert!(crate::storage::ATTRIBUTE_OF_NAME == 0x1);
    assert!(crate::storage::MAX_ATTRIBUTE_NAME == 0xff);
    assert!(crate::storage::MAX_ATTRIBUTE_VALUE == 0x10000);
    assert!(crate::storage::MAX_ATTRIBUTES == 0x100000);
    assert!(crate::storage::CONTENT_RESERVED == 0x1);
    assert!(crate::storage::CONTENT_PROMISED == 0x2);
    assert!(crate::syscalls::RESUME_NANOSLEEP == 0x1);
    assert!(crate::syscalls::RESUME_POLL == 0x2);
    assert!(crate::syscalls::RESUME_FUTEX == 0x3);
    assert!(crate::syscalls::RESUME_ALARM_NANOSLEEP == 0x4);
    assert!(crate::syscalls::RESUME_CPU_NANOSLEEP == 0x5);
    assert!(crate::syscalls::RESUME_SIGTIMEDWAIT == 0x6);
    assert!(crate::syscalls::RESUME_EPOLL_WAIT == 0x7);
    assert!(crate::syscalls::RESUME_EPOLL_PWAIT == 0x8);
    assert!(crate::syscalls::RESUME_SEMTIMEDOP == 0x9);
    assert!(crate::syscalls::RESUME_IO_GETEVENTS == 0xa);
    assert!(crate::syscalls::RESUME_IO_PGETEVENTS == 0xb);
    assert!(crate::syscalls::RESUME_SOCKET == 0xc);
    assert!(crate::syscalls::INTERRUPTED_HAS_DEADLINE == 0x1);
    assert!(crate::syscalls::INTERRUPTED_REMAINDER_NATIVE == 0x2);
    assert!(crate::syscalls::INTERRUPTED_REMAINDER_COMPAT == 0x4);
    assert!(crate::syscalls::INTERRUPTED_COMPAT == 0x8);
    assert!(crate::task::MAX_PID_LEVELS == 0x20);
    assert!(crate::task::PID_LIMIT == 0x400000);
    assert!(crate::task::PID_SPACE_CLOSED == 0x1);
    assert!(crate::task::MEMBER_GROUP_LEADER == 0x1);
    assert!(crate::task::MEMBER_SESSION_LEADER == 0x2);
    assert!(crate::task::MEMBER_ENDED == 0x4);
    assert!(crate::task::PROCESS_CHILD_SUBREAPER == 0x1);
    assert!(crate::task::PROCESS_TRACER == 0x2);
    assert!(crate::task::PROCESS_TRACER_ANY == 0x4);
    assert!(crate::task::THREAD_RESTORE_BLOCKED == 0x1);
    assert!(crate::task::THREAD_NO_NEW_PRIVS == 0x2);
    assert!(crate::task::THREAD_DUMPABLE == 0x4);
    assert!(crate::task::THREAD_DUMPABLE_ROOT == 0x8);
    assert!(crate::task::THREAD_FORKED_NO_EXEC == 0x10);
    assert!(crate::task::RSEQ_SLICE_ENABLED == 0x1);
    assert!(crate::task::MAX_AFFINITY == 0x800);
    assert!(crate::terminals::PLACE_UID == 0x1);
    assert!(crate::terminals::PLACE_GID == 0x2);
    assert!(crate::terminals::PLACE_RELAYED == 0x4);
    assert!(crate::terminals::MAX_TERMINALS == 0x100000);
    assert!(crate::terminals::TERMINAL_PACKET == 0x1);
    assert!(crate::terminals::TERMINAL_HUNG_UP == 0x2);
    assert!(crate::terminals::TERMINAL_ABANDONED == 0x4);
    assert!(crate::terminals::TERMINAL_RELAYED == 0x8);
    assert!(crate::terminals::TERMINAL_QUEUE == 0x1000);
    assert!(crate::terminals::SPECIAL_CHARACTERS == 0x13);
    assert!(crate::terminals::WHICH_MASTER == 0x1);
    assert!(crate::terminals::WHICH_SLAVE == 0x2);
    assert!(crate::terminals::SIDE_THROTTLED == 0x1);
    assert!(crate::terminals::SIDE_IO_ERROR == 0x2);
    assert!(crate::terminals::SIDE_OTHER_CLOSED == 0x4);
    assert!(crate::terminals::SIDE_EXCLUSIVE == 0x8);
    assert!(crate::terminals::SIDE_WAKEUP == 0x10);
    assert!(crate::terminals::SIDE_LOCKED == 0x20);
    assert!(crate::terminals::SIDE_STOPPED == 0x40);
    assert!(crate::terminals::SIDE_TCO_STOPPED == 0x80);
    assert!(crate::terminals::SIDE_NO_ROOM == 0x100);
    assert!(crate::terminals::SIDE_LITERAL == 0x200);
    assert!(crate::terminals::SIDE_ERASING == 0x400);
    assert!(crate::terminals::SIDE_PUSH == 0x800);
    assert!(crate::terminals::MAX_TERMINAL_BUFFER == 0x1000);
    assert!(crate::timers::INTERVAL_TIMER_FIRED == 0x1);
    assert!(crate::timers::POSIX_TIMERS_CHOSEN_IDS == 0x1);
    assert!(crate::timers::POSIX_TIMER_ARMED == 0x1);
    assert!(crate::timers::POSIX_TIMER_WAITING == 0x2);
    assert!(crate::timers::POSIX_TIMER_RELATIVE == 0x4);
    assert!(crate::timers::POSIX_TIMER_NAMES_TASK == 0x8);
    assert!(crate::usage::USAGE_THREAD == 0x1);
    assert!(crate::usage::USAGE_ENDED == 0x2);
    assert!(crate::usage::USAGE_CHILDREN == 0x3);
    assert!(crate::usage::LONGEST == 0x2000000000000000);
    assert!(crate::watches::WATCH_MASK == 0x84000fff);
    assert!(crate::watches::MAX_EVENT_NAME == 0x400);
};
