// SPDX-License-Identifier: GPL-2.0

//! The one table of record kinds.
//!
//! Numbers are pinned: never changed, never used again for something else. Zero and all-ones are
//! not kinds. A number with [`Kind::SKIPPABLE`] set may be passed over by a reader that does not
//! know it; every other unknown number stops the reader.

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal, since $since:literal;)*) => {
        /// What a record describes.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[repr(u32)]
        pub enum Kind {
            $($(#[doc = $doc])+ $name = $number,)*
        }

        impl Kind {
            /// Every kind, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The kind with this number.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// Its name, as the tools print it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// The format version that it appeared in.
            pub const fn since(self) -> u32 {
                match self {
                    $(Self::$name => $since,)*
                }
            }
        }
    };
}

kinds! {
    /// What kind of stream this is, who wrote it, when, and how many tasks it holds. Always first.
    Header = 0x01, since 1;
    /// The machine that the registers belong to, x86-64.
    MachineX86_64 = 0x02, since 1;
    /// The code page that the kernel mapped into every process; the tail is its bytes.
    Vdso = 0x03, since 1;
    /// One process id with its number at each level of the container's pid namespaces.
    Pid = 0x04, since 1;
    /// One task's place in the forest. All of them come before any object.
    Member = 0x05, since 1;

    /// One open file description, found again by its path.
    OpenFile = 0x10, since 1;
    /// A file descriptor table; its descriptors are links.
    DescriptorTable = 0x11, since 1;
    /// Working directory, root directory and umask.
    Directories = 0x12, since 1;
    /// The 64 signal actions of a process.
    SignalActions = 0x13, since 1;
    /// An address space: its marks, auxiliary vector and settings.
    AddressSpace = 0x14, since 1;

    /// One inode whose content the image carries, however many files and areas share it.
    Storage = 0x15, since 1;
    /// A pipe or FIFO that is open, however many open files are its ends; the tail is its name.
    Pipe = 0x16, since 1;
    /// An open file that is not saved, but handed in by whoever restarts; the tail is its name.
    Handed = 0x17, since 1;
    /// A seccomp filter, on top of another one; the tail is its program.
    SeccompFilter = 0x18, since 1;
    /// A keyring without keys; the tail is its name.
    Keyring = 0x19, since 1;
    /// User and group ids, capabilities, keyrings; the tail is supplementary groups.
    Identity = 0x1a, since 1;
    /// A task that pidfds stand for, however many there are.
    PidfdTarget = 0x1b, since 1;

    /// A pid namespace of the container. It comes before the pids that have numbers in it.
    PidSpace = 0x1c, since 1;

    /// One area of an address space.
    Area = 0x20, since 1;
    /// One descriptor of a table.
    Descriptor = 0x21, since 1;
    /// Who is told when something happens to an open file.
    FileOwner = 0x22, since 1;

    /// A run of guard pages in an area.
    GuardPages = 0x25, since 1;
    /// The NUMA policy of an area; the tail is its nodes.
    AreaPolicy = 0x26, since 1;
    /// The NUMA policy of a task; the tail is its nodes.
    TaskPolicy = 0x27, since 1;

    /// An extended attribute of a storage; the tail is its name and its value.
    StorageAttribute = 0x2a, since 1;

    /// What a process has as a whole: limits, ids of sharing, accounting.
    Process = 0x30, since 1;
    /// What every thread has for itself, and the objects that it uses.
    Thread = 0x31, since 1;
    /// Who a thread is, and its login.
    Credentials = 0x32, since 1;
    /// Scheduling: policy, priority, affinity.
    Scheduling = 0x33, since 1;
    /// Registers of an x86-64 thread.
    RegistersX86_64 = 0x34, since 1;
    /// Floating point and vector state of an x86 thread, in the layout of XSAVE; the tail is its bytes.
    ExtendedStateX86 = 0x35, since 1;
    /// A system call that was interrupted and remembers how to go on.
    InterruptedSyscall = 0x36, since 1;
    /// One signal that is queued for a thread or for a whole process.
    PendingSignal = 0x37, since 1;
    /// An interval timer of a process (setitimer).
    IntervalTimer = 0x38, since 1;

    /// A run of pages; the tail is their contents.
    Pages = 0x40, since 1;
    /// A run of pages that read as zero where a hole would not.
    ZeroPages = 0x41, since 1;
    /// A run of pages of a storage; the tail is their contents.
    ContentPages = 0x42, since 1;
    /// A run of pages of a storage that are there and read as zero.
    ContentZeros = 0x43, since 1;
    /// One buffer of a pipe; the tail is its bytes.
    PipeData = 0x44, since 1;
    /// A run of pages that are shared with another address space since a fork.
    InheritedPages = 0x45, since 1;
    /// A message in a unix socket; the tail is its files and its bytes.
    SocketMessage = 0x46, since 1;
    /// The classic filter of a unix socket; the tail is its program.
    SocketFilter = 0x47, since 1;
    /// What a datagram socket is connected to, by name, that is not saved; the tail is the name.
    SocketServer = 0x48, since 1;

    /// The devpts that the pseudo terminals of the container lie in; the tail is where it is mounted.
    TerminalPlace = 0x49, since 1;

    /// A directory of which changes are told by a signal (F_NOTIFY).
    DirectoryWatch = 0x4b, since 1;
    /// What an epoll looks at, and whether it is ready.
    EpollItem = 0x4d, since 1;

    /// The local descriptor table of an address space; the tail is its entries.
    LocalDescriptors = 0x50, since 1;

    /// The POSIX timers of a process: what they have in common.
    PosixTimers = 0x58, since 1;
    /// A POSIX timer (timer_create).
    PosixTimer = 0x59, since 1;
    /// What a thread, or a process, has used: CPU time, faults, input and output.
    Usage = 0x5a, since 1;
    /// A stop by job control: in effect, or not told to the parent yet.
    JobControl = 0x5c, since 1;
    /// The terminal that controls a process, or did.
    ControllingTerminal = 0x5d, since 1;
    /// How far the reader of a file has come whose content the kernel makes; the tail is what was made
    /// and not read.
    FileReading = 0x5e, since 1;
    /// What a thread may not do: seccomp, syscall user dispatch.
    Confinement = 0x60, since 1;
    /// What a thread was told about itself with prctl(2).
    Settings = 0x61, since 1;

    /// An event counter (eventfd).
    EventCounter = 0x62, since 1;
    /// The signals that a signalfd takes.
    Signalfd = 0x63, since 1;
    /// A timer that tells of its expirations through a file (timerfd).
    Timerfd = 0x64, since 1;
    /// An epoll; what it looks at are links.
    Epoll = 0x65, since 1;

    /// A unix socket; the tail is its name and the path of that.
    Socket = 0x66, since 1;
    /// The other end of a unix socket, or what it waits in to be accepted.
    SocketLink = 0x67, since 1;

    /// A pseudo terminal, both sides of it; the tail is the path of the device that makes them.
    Terminal = 0x6b, since 1;
    /// One side of a pseudo terminal; the tail is what is to be read from it and to be echoed.
    TerminalSide = 0x6c, since 1;
    /// A buffer of what one side of a pseudo terminal has still to take in; the tail is its bytes.
    TerminalBuffer = 0x6d, since 1;
    /// A System V object: semaphores, a message queue, shared memory; the tail is what is in it.
    IpcObject = 0x6e, since 1;
    /// What is to be undone in a set of semaphores; the tail is what is to be added.
    IpcUndo = 0x6f, since 1;
    /// An IPC namespace of the container's own.
    IpcSpace = 0x70, since 1;
    /// A POSIX message queue; the tail is its name.
    Queue = 0x71, since 1;
    /// A message in a POSIX message queue; the tail is its bytes.
    QueueMessage = 0x72, since 1;
    /// Who is told of the next message in a POSIX message queue.
    QueueNotice = 0x73, since 1;

    /// One lock or lease that is held on an open file.
    FileLock = 0x74, since 1;
    /// An inotify instance.
    Watcher = 0x75, since 1;
    /// What it watches; the tail is the path of it.
    Watch = 0x76, since 1;
    /// One event that is queued; the tail is its name.
    WatchEvent = 0x77, since 1;
    /// A context for asynchronous I/O (io_setup).
    AioContext = 0x78, since 1;
    /// A page of its ring; the tail is its bytes.
    AioPage = 0x79, since 1;

    /// A fanotify group.
    Fanotify = 0x7c, since 1;
    /// What it has marked; the tail is the handle of that.
    FanotifyMark = 0x7d, since 1;
    /// One event that is queued; the tail is handles and names.
    FanotifyEvent = 0x7e, since 1;

    /// The last record: counts of what came before. A stream without it is not an image.
    End = 0x7f, since 1;
}

impl Kind {
    /// Set in the number of kinds that a reader may pass over without knowing them.
    pub const SKIPPABLE: u32 = 0x8000_0000;

    /// Its number.
    pub const fn number(self) -> u32 {
        self as u32
    }
}

// The table is in ascending order without doubles, and zero and all-ones are not in it.
const _: () = {
    let mut last = 0;
    let mut index = 0;
    while index < Kind::ALL.len() {
        let number = Kind::ALL[index].number();
        assert!(number > last && number != u32::MAX);
        last = number;
        index += 1;
    }
};

impl Kind {
    /// Longest fixed part that a reader accepts, of this version or a later one.
    pub const LONGEST_FIXED: u32 = 16 * 1024;
    /// Longest tail of a record that is skipped.
    pub const LONGEST_SKIPPED: u64 = 1024 * 1024;

    /// Stages of a stream: what is in a later one may refer to what is in an earlier one.
    pub const fn stage(self) -> u8 {
        match self {
            Self::Header => 1,
            Self::MachineX86_64 => 2,
            Self::Vdso | Self::TerminalPlace | Self::IpcSpace => 3,
            Self::PidSpace | Self::Pid => 4,
            Self::Member => 5,
            Self::OpenFile
            | Self::DescriptorTable
            | Self::Directories
            | Self::SignalActions
            | Self::AddressSpace
            | Self::Storage
            | Self::Pipe
            | Self::Handed
            | Self::SeccompFilter
            | Self::Keyring
            | Self::Identity
            | Self::PidfdTarget
            | Self::EventCounter
            | Self::Signalfd
            | Self::Timerfd
            | Self::Epoll
            | Self::Watcher
            | Self::Fanotify
            | Self::Socket
            | Self::Queue
            | Self::Terminal => 6,
            Self::Area
            | Self::Descriptor
            | Self::FileOwner
            | Self::FileReading
            | Self::EpollItem
            | Self::FileLock
            | Self::Watch
            | Self::WatchEvent
            | Self::FanotifyMark
            | Self::FanotifyEvent
            | Self::DirectoryWatch
            | Self::AioContext
            | Self::AioPage
            | Self::LocalDescriptors
            | Self::GuardPages
            | Self::AreaPolicy
            | Self::StorageAttribute
            | Self::SocketLink
            | Self::SocketFilter
            | Self::SocketServer
            | Self::TerminalSide
            | Self::TerminalBuffer
            | Self::IpcObject
            | Self::QueueMessage
            | Self::QueueNotice => 7,
            Self::Process
            | Self::Thread
            | Self::Credentials
            | Self::Scheduling
            | Self::RegistersX86_64
            | Self::ExtendedStateX86
            | Self::InterruptedSyscall
            | Self::PendingSignal
            | Self::JobControl
            | Self::ControllingTerminal
            | Self::IntervalTimer
            | Self::PosixTimers
            | Self::PosixTimer
            | Self::Usage
            | Self::Confinement
            | Self::Settings
            | Self::TaskPolicy
            | Self::IpcUndo => 8,
            // What is mapped is in place before anything maps it.
            Self::ContentPages | Self::ContentZeros => 9,
            Self::PipeData | Self::SocketMessage => 10,
            Self::Pages | Self::ZeroPages | Self::InheritedPages => 11,
            Self::End => 12,
        }
    }

    /// Records of this kind begin with the [`super::ObjectId`] that they declare.
    pub const fn declares_object(self) -> bool {
        self.stage() == Self::Pid.stage() || self.stage() == Self::OpenFile.stage()
    }

    /// Longest tail of this kind; most have none.
    pub const fn longest_tail(self) -> u64 {
        match self {
            Self::Vdso => super::header::MAX_VDSO,
            Self::Pid => super::task::MAX_PID_LEVELS as u64 * 4,
            Self::OpenFile => super::files::MAX_PATH,
            Self::Directories => super::files::MAX_PATH * 2,
            Self::AddressSpace => super::memory::MAX_AUXV,
            Self::SeccompFilter => {
                super::confinement::MAX_BPF_INSTRUCTIONS as u64
                    * super::confinement::BPF_INSTRUCTION
            }
            Self::SocketFilter => {
                super::confinement::MAX_BPF_INSTRUCTIONS as u64
                    * super::confinement::BPF_INSTRUCTION
            }
            Self::SocketServer => super::sockets::MAX_SERVER_NAME as u64,
            Self::Keyring => super::credentials::MAX_KEYRING_NAME,
            Self::Area => super::memory::MAX_AREA_NAME,
            Self::LocalDescriptors => super::cpu_x86_64::MAX_LOCAL_DESCRIPTORS as u64 * 16,
            Self::AreaPolicy | Self::TaskPolicy => super::memory::MAX_NODES,
            Self::Identity => super::credentials::MAX_GROUPS as u64 * 4,
            Self::Scheduling => super::task::MAX_AFFINITY,
            Self::ExtendedStateX86 => super::cpu_x86_64::MAX_XSTATE,
            Self::Storage | Self::Pipe | Self::Handed => super::files::MAX_PATH,
            Self::Watch => super::files::MAX_PATH,
            Self::FileReading => super::files::MAX_UNREAD,
            Self::WatchEvent => super::watches::MAX_EVENT_NAME,
            Self::FanotifyMark => super::fanotify::MAX_HANDLE,
            Self::FanotifyEvent => super::fanotify::MAX_FANOTIFY_EVENT,
            Self::AioPage => super::aio::AIO_PAGE,
            Self::PipeData => super::pipes::MAX_PIPE_DATA,
            Self::Socket => super::sockets::MAX_SOCKET_NAME as u64 + super::files::MAX_PATH,
            Self::SocketMessage => {
                super::sockets::MAX_MESSAGE + super::sockets::MAX_MESSAGE_FILES as u64 * 4
            }
            Self::TerminalPlace | Self::Terminal => super::files::MAX_PATH,
            Self::TerminalSide => super::terminals::TERMINAL_QUEUE as u64 * 17 / 8,
            Self::TerminalBuffer => super::terminals::MAX_TERMINAL_BUFFER as u64 * 2,
            Self::StorageAttribute => {
                super::storage::MAX_ATTRIBUTE_NAME as u64
                    + super::storage::MAX_ATTRIBUTE_VALUE as u64
            }
            Self::IpcObject => super::ipc::MAX_IPC_TAIL,
            Self::IpcUndo => super::ipc::MAX_SEMAPHORES * 2,
            Self::Queue => super::queues::MAX_QUEUE_NAME,
            Self::QueueMessage => super::queues::MAX_QUEUE_MESSAGE as u64,
            Self::Pages | Self::ContentPages => super::memory::MAX_RUN * 64 * 1024,
            _ => 0,
        }
    }
}
