// SPDX-License-Identifier: GPL-2.0

//! Why a checkpoint or a restart stopped: the table behind every message.
//!
//! `{name}` and `{value}` in a sentence stand for the fields of the log record; the tools put the
//! task, descriptor, address or offset in front. The second text says what to do.

macro_rules! reasons {
    ($($name:ident = $number:literal, $sentence:literal, $advice:literal;)*) => {
        /// Why something was refused.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[repr(u32)]
        pub enum Reason {
            $(#[doc = $sentence] $name = $number,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The reason with this number.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number {
                    $($number => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// Its name in JSON and in the manual.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What is the matter.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }

            /// What the user can do about it; may be empty.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }
        }
    };
}

// A number is never used again for something else: 35, 72 and 74 have been.
reasons! {
    // The call as a whole.
    Disabled = 1, "checkpoint and restart are switched off", "set the sysctl kernel.checkpoint_restart to 1";
    NotPermitted = 2, "not permitted: {name}", "run as root, or with CAP_CHECKPOINT_RESTORE";
    NotFrozen = 3, "the cgroup is not frozen", "write 1 to its cgroup.freeze and wait for 'frozen 1' in cgroup.events";
    Empty = 4, "there is no task in the cgroup", "name the cgroup that the tasks are in";
    CallerInside = 5, "the caller is a task of the container itself", "run checkpoint from outside the cgroup";
    Pinned = 6, "another checkpoint or restart of this cgroup is under way", "wait until it is done";
    DescendantTasks = 7, "there are tasks in the cgroup {name} below it", "move them into the one cgroup";
    TooManyTasks = 8, "{value} tasks are more than an image can hold", "end some of them, or divide them among several cgroups";
    SinkFailed = 9, "writing the image failed", "look whether the file system is full or the reader has gone";
    CaptureTooLarge = 10, "the description of the container needs more than {value} bytes of kernel memory", "have the container close files or unmap memory, or save it in parts";
    OutOfMemory = 11, "the kernel is out of memory", "free memory, or raise the limit of the memory cgroup of the caller, and try again";
    Thawed = 12, "the cgroup was thawed or a task in it was killed meanwhile", "try again";
    CgroupAccess = 15, "the caller may not write to {name} of the cgroup", "run as the owner of the cgroup, or as root";

    // Tasks.
    TaskAccess = 20, "the caller may not trace it", "run as the owner of the task or as root";
    TaskTraced = 21, "it is being traced", "detach the debugger";
    TaskKernel = 22, "it is a kernel thread or an io_uring worker", "move it out of the cgroup, or have the program close its io_uring";
    TaskVfork = 23, "it waits for a vfork child, which is outside", "try again when the child has called execve";
    TaskMany = 24, "the image holds {value} tasks, which know each other by their pids", "restart it with --pids";
    TaskDying = 26, "it is dying or dead", "reap it, or try again";
    TaskStopped = 27, "it is about to be stopped by job control", "try again";
    TaskNotQuiet = 28, "it did not come to rest", "try again";
    TaskSharedOutside = 29, "it shares its {name} with a task outside", "move that task into the cgroup too";
    TaskNamespace = 30, "it is in a {name} namespace of its own", "start it without that namespace (unshare, clone); a changed one: leave what is mounted in it as restart made it";
    TaskMode = 31, "it runs {name} code", "run a 64-bit or 32-bit build of the program";
    TaskFeature = 32, "it uses {name}, which cannot be saved yet", "have the program give it up before the checkpoint, or start it without";
    TaskChildren = 33, "it has a child or thread outside the cgroup, task {value}", "move that task into the cgroup too";
    TaskTerminal = 34, "it leads a session whose controlling terminal is outside", "start it from a shell, which leads the session then, or with setsid; without --hand-in=none a pseudo terminal is relayed";
    TaskScheduling = 36, "its scheduling policy {value} cannot be saved", "give it another policy (chrt)";
    TaskSyscall = 37, "it is inside a system call that cannot be saved: {name}", "try again when the call has ended";
    TaskIds = 38, "it has a user or group id that has no number in its user namespace", "run checkpoint in a user namespace that has a number for all of its ids";
    TaskRegisters = 39, "its registers cannot be saved: {name}", "run it on a machine that has what is missing";
    TaskTimer = 42, "its timer {value} cannot be saved: {name}", "have the program delete that timer (timer_delete)";
    TaskPidSpace = 43, "the first process of its pid namespace is not in the cgroup", "move that process into the cgroup too";
    TaskPidSpaceShared = 44, "{value} pids of its pid namespace are not of the container", "move the tasks that are in that namespace into the cgroup too";
    TaskPidSpaceOfChildren = 45, "its children would be in a pid namespace that cannot be made again: {name}", "have the program make a child there, or none";

    TaskKeyring = 46, "its {name} keyring holds keys or restricts them, which cannot be saved yet", "start it with a session keyring of its own (keyctl session)";

    // Files.
    FileKind = 50, "{name} is not supported", "close it before the checkpoint; a regular file: put it on another file system";
    FileRemoved = 51, "{name} has been removed or renamed over", "close it before the checkpoint";
    FileUnreachable = 52, "its path cannot be reached from the root of the mount namespace", "mount what it lies in where the container can reach it, or close it before the checkpoint";
    FilePath = 53, "{name} now leads to another file", "put the file back under its name, or have the program open it anew";
    FileFlags = 54, "{name} is open with flags {value} that cannot be restored", "have the program open it without these flags; restart it where they are known";
    FileLock = 55, "there is a lock or lease on {name}", "have the program unlock it before the checkpoint";
    FileOwner = 56, "{name} sends signals (F_SETOWN, O_ASYNC) to task or group {value}, which is outside", "have the program clear its owner, or move that task into the cgroup too";
    FileSharedOutside = 57, "{name} is also open in task {value}, which is outside", "close it there, or move that task into the cgroup too";
    FileWatched = 58, "{name} is watched through this descriptor (F_NOTIFY)", "close it before the checkpoint";
    StorageAttributes = 59, "{name} has extended attributes, flags or an owner that cannot be saved", "run checkpoint with the right to read them";
    StorageShared = 60, "{name} is also used by task {value}, which is outside", "end that task, or move it into the cgroup too";
    StorageNameless = 61, "{name} has been removed, and the other name that it still has cannot be found", "give the file a name that can be found, or close it before the checkpoint";
    StorageChanged = 62, "{name} changed while it was being saved", "try again";
    StorageUnreadable = 63, "{name} cannot be read", "look for errors of its file system in the log of the kernel";
    DirectoryOffset = 64, "the directory {name} has been read in part, and its file system only counts what has been", "try again when the program has read it, or close it";
    FilePathLong = 65, "its path is longer than {value} bytes: no path that long can be opened", "have the program open it by a shorter path";
    NotSynced = 66, "what was written to {name} cannot be brought to the disk", "look for errors of the disk in the kernel's log";

    PipeOutside = 67, "{name}, task {value}, which is outside", "close it there, or move that task into the cgroup too";
    PipeHeld = 68, "{name} has {value} more ends than all tasks have open", "it may be in flight between processes, or just being closed: try again";
    PipeContent = 69, "what is in {name} cannot be saved", "have it read before the checkpoint";

    // Memory.
    AreaKind = 70, "memory of this kind is not supported: {name}", "have the program unmap it before the checkpoint";
    AreaFlags = 71, "memory with kernel flags {value} is not supported", "have the program unmap it before the checkpoint";
    PageUnreadable = 73, "the page cannot be read", "look for errors of memory or swap in the log of the kernel";

    // What an open file remembers of its past.
    FileError = 80, "writing {name} failed, and nobody was told of it yet", "have the program call fsync, which tells it";
    FileRestricted = 81, "{name} was opened in a landlock domain", "have the program open it before it restricts itself, or close it";
    FileOpener = 82, "{name} was opened by somebody of another user namespace, or with a user or group id that has no number here", "have the program open it anew as who it is now";

    // What is shared with the outside, and handed in by whoever restarts.
    HandedShared = 83, "{name}, task {value}, which is outside: not saved, restart hands in its own", "";
    HandedOutside = 84, "{name} belongs to the outside: not saved, restart hands in its own", "";
    ImageInside = 85, "the image goes into {name}, which this task would have to read, and it is frozen", "have the image read by somebody outside the cgroup, or write it to a file";
    HandedState = 86, "{name} is shared with the outside, and sends signals (F_SETOWN, O_ASYNC)", "have the program clear its owner";

    // Pidfds.
    PidfdOutside = 87, "{name}, task {value}, which is outside", "close it, or move that task into the cgroup too";
    PidfdTarget = 88, "{name}, which cannot be saved", "close it before the checkpoint";

    // A task again.
    TaskVforkChild = 89, "it is a vfork child, and who waits for it is outside", "try again when it has called execve";

    // The image, when it is read.
    ImageTruncated = 100, "the image ends too early", "the checkpoint or the copy was interrupted: use a complete image";
    ImageChecksum = 101, "the checksum does not match", "the image was damaged or altered: use an intact copy";
    ImageMagic = 102, "this is not a checkpoint image", "name the right file; decompress a compressed image first";
    ImageVersion = 103, "the image has format version {value}, which is newer than this kernel's", "convert it, or use a newer kernel";
    ImageOrder = 104, "a record of kind {value} may not stand here", "the image was altered, or its writer has a bug: make a new one";
    ImageUnknown = 105, "a record of the unknown kind {value}", "use a newer kernel";
    ImageValue = 106, "the field {name} has the impossible value {value}", "the image was altered, or its writer is newer or has a bug: make a new one";
    ImageLength = 107, "the record has the impossible length {value}", "the image was altered, or its writer is newer or has a bug: make a new one";
    ImageReference = 108, "the field {name} refers to object {value}, which is not there or of another kind", "the image was altered, or its writer has a bug: make a new one";
    ImageTrailing = 109, "there are {value} unread bytes in the prefix", "use the restart tool of this version";

    // The machine, when an image is restarted.
    MachineArchitecture = 120, "the image is of another architecture ({value})", "restart it on a machine of that architecture";
    MachineFeatures = 121, "this CPU lacks {name}, which the image needs", "restart it on a machine that has it";
    MachinePageSize = 122, "the image has pages of {value} bytes", "restart it on a kernel with pages of that size";
    MachineVdso = 123, "the kernel's vdso differs from the one in the image", "restart it on the kernel that it was saved on, or convert it";

    // Restart.
    MemberNamespace = 138, "it is in another {name} namespace than the other tasks", "use the restart tool of this version";
    SessionClosed = 140, "the session is over", "look for what came before it; begin a new restart";
    SessionRole = 141, "the caller has no place in this session: {name}", "have who opened the session do that; use the restart tool of this version";
    TaskMissing = 142, "task {value} of the forest has not joined", "use the restart tool of this version; look whether limits of processes (ulimit -u, pids.max) are in the way";
    TaskDied = 143, "a task died while it was being restored", "look whether somebody killed it, or the kernel for want of memory, and try again";
    ForestDiffers = 144, "the task does not stand where the image says: {name} is {value}", "use the restart tool of this version; if the image was altered, make a new one";
    RestoreNotPermitted = 145, "the caller may not give it {name}", "run restart with the rights that the saved task had";
    FileMissing = 146, "cannot open {name}", "put the file back where it was";
    FileChanged = 147, "not the file that it was: {name}", "put the file back as it was at the checkpoint";
    AreaNotMapped = 148, "cannot map memory there", "look at limits (ulimit -v, -l), at vm.mmap_min_addr and vm.max_map_count, and who may map the file; the machine may have fewer addresses or protection keys";
    LimitNotSet = 149, "cannot give it its {name} limit, {value}, which is above the caller's", "run restart with CAP_SYS_RESOURCE";
    DescriptorNotInstalled = 150, "cannot install the descriptor", "raise fs.nr_open or the limit of open files (ulimit -n)";
    CgroupNotEmpty = 151, "the cgroup holds tasks that are not of this restart", "name an empty cgroup";
    Interrupted = 152, "interrupted", "begin again";
    RegistersRefused = 153, "the saved registers are not possible: {name}", "the image was altered, or its writer has a bug: make a new one";
    StateNotRestored = 154, "cannot restore {name}", "look whether this machine and its limits allow it; the error says more";
    StorageNotMade = 155, "cannot make {name} again", "look whether its directory is there, writable and not full, and whether you may give things to whom it belonged";
    StorageAttributeNotSet = 158, "cannot set an attribute: {name}", "run restart with the right to set it, where the file system has such attributes";
    FileGrew = 160, "{name} is open for writing and has been written to since the checkpoint: it is {value} bytes longer", "restart --files=keep leaves it as it is; --files=truncate cuts it back to the size that it had";
    FileNotCut = 161, "cannot cut {name} back to the size that it had", "look who may write to it, or use restart --files=keep";
    PipeSize = 162, "cannot give {name} room for {value} bytes", "raise fs.pipe-max-size or fs.pipe-user-pages-soft, or run restart with CAP_SYS_RESOURCE";
    FifoInUse = 163, "{name} is in use already", "end whoever has it open";
    HugePagesMissing = 165, "there are not enough free huge pages of {value} KiB", "raise nr_hugepages";
    NodeMissing = 166, "its memory policy names NUMA nodes that are not there", "restart it where all of them are";
    KeysMissing = 167, "the keyrings of user {value} held keys, and in this boot they are empty", "have the user add the keys (keyctl, or log in), then restart";
    SignalStackSmall = 170, "its alternate signal stack of {value} bytes is too small for the registers of this CPU", "restart it on a machine with the registers of the one that it was saved on";
    HandedMissing = 171, "nothing is handed in as descriptor {value}, in place of {name}", "restart --fd N=FILE hands one in, --fd N=&M a descriptor of restart itself";
    HandedAccess = 172, "what is handed in as descriptor {value} is not open for {name}", "hand in another file with restart --stdin, --stdout, --stderr or --fd";
    HandedKind = 173, "what is handed in as descriptor {value} is {name}", "hand in another file with restart --stdin, --stdout, --stderr or --fd";
    HandedUnwanted = 174, "the image has nothing in whose place descriptor {value} could be handed in", "leave out --stdin, --stdout, --stderr or --fd: what the container had there was saved, or it had nothing";
    RestarterConfined = 185, "restart is itself confined by {name}, and the saved task was not", "run restart without it";

    // What epolls look at.
    EpollOutside = 200, "this epoll looks at {name}, task {value}, which is outside", "remove it from the epoll, or move that task into the cgroup too";
    EpollTarget = 201, "this epoll looks at {name}, which no task has open", "it may be in flight between processes, or just being closed: try again";
    EpollSignals = 202, "this epoll waits for the signals of a process outside, which added the signalfd {value} to it", "add it again, or move that process into the cgroup too";
    EpollNotAdded = 203, "cannot add {name}, descriptor {value}, to an epoll", "where it was handed in, hand in what can be polled; or look at fs.epoll.max_user_watches";

    // Unix sockets.
    SocketOutside = 210, "{name}, task {value}, which is outside", "close it there, move that task into the cgroup too, hand it in (--hand-in), or, where a datagram socket is connected to a name, have it connected again (--reconnect)";
    SocketPeerHeld = 211, "{name} is connected to a socket that no task has open", "it may be in flight between processes outside, or just being closed: try again";
    SocketState = 212, "a socket has {name}, which cannot be saved", "close it before the checkpoint";
    SocketName = 213, "{name}, to which a socket is bound, has been moved or has another name", "put the socket back where it was, or have the program bind it anew";
    SocketMessage = 214, "a message in {name} cannot be saved", "have it received before the checkpoint";
    SocketNameInUse = 215, "a socket is bound to {name} already", "end whoever has bound it";
    SocketNotMade = 216, "cannot make a socket again: {name}", "look at the error, at the limits of sockets (sysctl net.core, net.unix), and who may set such options";

    // Terminals, at a checkpoint and at a restart.
    TerminalOutside = 230, "{name}, task {value}, which is outside", "close it there, or move that task into the cgroup too";
    TerminalHeld = 231, "{name} is open more often than by all tasks", "it may be in flight between processes, or just being closed: try again";
    TerminalDiscipline = 232, "{name} has a line discipline other than N_TTY", "set N_TTY again, or close it before the checkpoint";
    TerminalSession = 233, "{name} controls a session that is outside", "have that session end, or leave its terminal (TIOCNOTTY)";
    TerminalForeground = 234, "the process group in the foreground of {name} is outside, or has ended in a pid namespace below", "try again when the shell has noticed";
    TerminalPlace = 235, "{name} lies in another devpts than other terminals of the container, or nowhere", "have all terminals in one devpts";
    TerminalHungUp = 236, "{name} was hung up, and then opened again, and is still open from before that", "close it where it reads as ended";
    TerminalTaken = 237, "the number of {name} is taken", "close the terminal that has it, or restart with namespaces of its own (--pids)";
    TerminalNotMade = 238, "cannot make {name} again", "look whether devpts is mounted where it was, and at kernel.pty.max";

    // System V objects and message queues.
    IpcNamespaceShared = 240, "its IPC namespace is also that of task {value}, which is outside", "move that task into the cgroup too, or end it";
    IpcOutside = 241, "{name} is also used by task {value}, which is outside", "end that task, or move it into the cgroup too";
    IpcUnreadable = 242, "{name} cannot be saved", "remove it (ipcs, ipcrm), or have the program do so, or run checkpoint with the right to read it";
    IpcTaken = 243, "the identifier or key of {name} is taken", "remove what has it (ipcs, ipcrm), or end who uses it";
    IpcNotMade = 244, "cannot make {name} again", "look at the limits of sysctl kernel.sem, kernel.msg* and kernel.shm*";
    IpcNamespace = 245, "the tasks are not in an IPC namespace as the image has it: {name}", "restart it with the restart tool of this version";

    // Locks.
    LockElsewhere = 255, "{name} is locked, and its file system keeps locks of that kind elsewhere", "have the program unlock it before the checkpoint";
    LockKind = 256, "there is a lock or lease on {name} that is no program's", "end what exports or shares the file (NFS, SMB)";
    LockTaken = 257, "somebody else holds a lock on {name}, or has it open against its lease", "end whoever does";
    LockNotTaken = 258, "cannot lock {name} again", "look at the error and at the limit of locks (ulimit -x)";

    // Watches.
    WatchedUnreachable = 259, "what it watches (inotify) as {value} has no path, and the container has no open file of it", "have the program remove that watch";
    WatchNotPlaced = 260, "cannot watch {name} again", "run restart with the right to read it";

    // Asynchronous I/O.
    AioRing = 261, "the program has changed the ring of a context for asynchronous I/O", "have the program destroy that context (io_destroy)";
    AioPending = 262, "{value} requests for asynchronous I/O do not complete", "have the program wait for them, or cancel them";
    AioNotMade = 263, "cannot make a context for {value} requests of asynchronous I/O again", "raise fs.aio-max-nr; restart it on a machine with as many possible CPUs";

    // Files whose content the kernel makes.
    FileUnread = 265, "of {name} more was made for its reader than can be saved", "have the program read on, or close it";

    // POSIX message queues.
    QueueElsewhere = 270, "{name} lies in another IPC namespace", "have the program close it";
    QueueOutside = 271, "{name}, task {value}, which is outside", "close it there, or move that task into the cgroup too";
    QueueHeld = 272, "{name} is open {value} times more than by all tasks", "it may be in flight between processes, or just being closed: try again";
    QueueNotice = 273, "who is to be told of a message in {name} is outside, or told by a thread or socket (SIGEV_THREAD)", "have the program ask for a signal, or for nothing (mq_notify)";
    QueueUnreadable = 274, "{name} cannot be saved", "have the program close it before the checkpoint, or run checkpoint with the right to read it";
    QueueMounted = 275, "{name} is in an IPC namespace of its own, and was opened through a mount of that", "open it with mq_open";
    QueueLost = 276, "{value} message queues of its IPC namespace have no name any more, and are only open outside", "close them there";
    QueueTaken = 277, "there is {name} already, and it is not as it was or somebody has it open", "remove it (mq_unlink, or rm in /dev/mqueue), or end who uses it";
    QueueNotMade = 278, "cannot make {name} again", "look at the limits: ulimit -q, sysctl fs.mqueue";
    QueueNotMounted = 279, "what {name} was opened through is no mount of its message queues", "mount mqueue there";

    // Terminals that are outside, at a checkpoint and at a restart.
    TerminalRelayed = 280, "{name}, which controls its session, is outside: restart makes a new one and relays it to the terminal where it runs", "";
    TerminalNotTaken = 281, "{name} controls a session and was outside: nobody takes a new one in its place", "restart relays one of them; save sessions at several terminals one by one";

    // fanotify and F_NOTIFY.
    FanotifyKind = 285, "a fanotify group has {name}, which cannot be saved", "have the program remove it, or answer it";
    FanotifyUnreachable = 286, "no path leads to what a fanotify group has marked as number {value}, and the container has no open file of it", "have the program remove that mark";
    FanotifyEvent = 287, "an event of a fanotify group cannot be saved: {name}", "have the program read its events";
    FanotifyNotPlaced = 288, "cannot mark {name} again (fanotify)", "run restart with the rights that fanotify_mark(2) asks for";
    FanotifyHandle = 289, "{name}, of which fanotify tells by its handle, has another one than it had", "restart it where the file system is the very same, or have the program mark it anew";
    DirectoryNotWatched = 290, "cannot watch {name} again (F_NOTIFY)", "look at sysctl fs.dir-notify-enable";

    // More of sockets and terminals.
    FileInFlight = 295, "{name}, task {value}, which is outside", "have it received there before the checkpoint";
    FileInFlightHeld = 296, "{name} is also on its way through a unix socket outside that no task has open", "try again when it has been received";
    TerminalConsole = 297, "what is written to the console goes to {name} (TIOCCONS)", "give the console back, by TIOCCONS on /dev/console";
    SocketReconnects = 298, "{name}, task {value}, which is outside: it is connected to that name again at restart", "";
    SocketNotReconnected = 299, "cannot connect a socket to {name} again", "start what has that name before restart, and look who may write to it";
    EventfdHeld = 300, "something else than descriptors uses an eventfd: an io_uring outside, or a virtual machine", "have it let the eventfd go";
    TaskTracer = 301, "it lets task {value}, which is outside, trace it (PR_SET_PTRACER)", "move that task into the cgroup too, or have the program take that back";
    FileHeld = 302, "the kernel holds {name} beside all descriptors: for an io_uring or a mount outside, or a request that is not done", "have it let go, or try again";
    FileDirect = 303, "{name} can be stored to without the kernel's knowledge (DAX): whether it is still the same at restart cannot be found out", "have the program unmap it, or map it for reading only";
    FileTold = 308, "{name} is in an atomic write, or has a mode or priority that ioctl(2) gave it (f2fs, Ceph)", "have the program end the atomic write, or close it (f2fs: F2FS_IOC_IO_PRIO with 0)";
    FileErrorBelow = 309, "writing {name} has failed at some time: overlayfs does not tell whether its program knows", "have the program write what it needs to a new file, and close this one";
    StorageNames = 310, "{name} had {value} names, has to be made again, and open files do not know all of them", "restart while the file is still there (a reboot takes it), or keep it where it outlives the kernel";
    OutsideEverNew = 311, "tasks outside are born faster than they can be asked what they share with the container", "try again when less is started; find out who forks all the time";
}

const _: () = {
    let mut last = 0;
    let mut index = 0;
    while index < Reason::ALL.len() {
        let number = Reason::ALL[index] as u32;
        assert!(number > last);
        last = number;
        index += 1;
    }
};
