// SPDX-License-Identifier: GPL-2.0

//! The two system calls without the tools, by callers of all sorts: `ckpt-runner direct ...` becomes
//! one and makes one call. What came of it is on its standard output.

use std::ffi::{CStr, CString};
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::os::unix::fs::{chown, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use ckpt_format::calls::{
    CheckpointArgs, RestartArgs, CHECKPOINT_CHECK, RESTART_FROZEN, RESTART_NEW_PIDS, ROLE_JOIN,
    ROLE_OPEN, ROLE_RUN, SYSCALL_CHECKPOINT, SYSCALL_RESTART,
};
use ckpt_format::reason::Reason;
use ckpt_image::log::{parse_log, Sentence};
use ckpt_sys::calls::Outside;
use zerocopy::FromZeros;

use crate::verdict::{Doing, Outcome, Step};

/// What the tool `checkpoint` says of what is outside.
pub const OUTSIDE: Outside = Outside {
    hand_in: &[0, 1, 2],
    reconnect: false,
    relay: true,
};

/// Who makes the call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Caller {
    /// Root with all capabilities.
    Root,
    /// Root with all but CAP_CHECKPOINT_RESTORE.
    Admin,
    /// User 1000 with CAP_CHECKPOINT_RESTORE and no other.
    Operator,
    /// User 1000 with none.
    User,
    /// User 1000, as root of a user namespace of its own.
    NamespaceRoot,
}

/// Every caller, and how documents call it.
pub const CALLERS: [(Caller, &str); 5] = [
    (Caller::Root, "root"),
    (Caller::Admin, "admin"),
    (Caller::Operator, "operator"),
    (Caller::User, "user"),
    (Caller::NamespaceRoot, "namespace root"),
];

/// What is particular about a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Circumstance {
    Plain,
    /// The directory of the cgroup is open with O_PATH.
    PathOnly,
    /// Files of the caller's own lie over those of the cgroup (mount --bind).
    Covered,
    /// Both.
    CoveredPathOnly,
    /// The caller is the first in a pid namespace, where vm.memfd_noexec has this value.
    MemfdNoexec(u32),
    /// No capability can become an ambient one any more.
    NoAmbient,
    /// The caller may have so many signals queued.
    FewSignals(u32),
    /// The caller, and whoever it makes, has memory open as [`LENT`].
    LentMemory,
}

/// Empty memory, last written in the first second of all time.
pub const LENT: i32 = 100;

impl Circumstance {
    fn words(self) -> [String; 2] {
        let (name, number) = match self {
            Self::Plain => ("plain", 0),
            Self::PathOnly => ("path-only", 0),
            Self::Covered => ("covered", 0),
            Self::CoveredPathOnly => ("covered-path-only", 0),
            Self::MemfdNoexec(value) => ("memfd-noexec", value),
            Self::NoAmbient => ("no-ambient", 0),
            Self::FewSignals(count) => ("few-signals", count),
            Self::LentMemory => ("lent-memory", 0),
        };
        [name.to_owned(), number.to_string()]
    }

    fn of(name: &str, number: &str) -> io::Result<Self> {
        let number = number.parse().map_err(io::Error::other)?;
        Ok(match name {
            "plain" => Self::Plain,
            "path-only" => Self::PathOnly,
            "covered" => Self::Covered,
            "covered-path-only" => Self::CoveredPathOnly,
            "memfd-noexec" => Self::MemfdNoexec(number),
            "no-ambient" => Self::NoAmbient,
            "few-signals" => Self::FewSignals(number),
            "lent-memory" => Self::LentMemory,
            _ => return Err(io::Error::other("no such circumstance")),
        })
    }

    /// Before anything is open, with all rights.
    fn come_about(self) -> io::Result<()> {
        match self {
            Self::MemfdNoexec(value) => {
                be_first_of_pid_namespace()?;
                // That of whoever writes.
                fs::write("/proc/sys/vm/memfd_noexec", value.to_string())
            }
            Self::NoAmbient => forbid_ambient(),
            Self::FewSignals(count) => limit_signals(count),
            Self::LentMemory => lend_memory(),
            Self::Plain | Self::PathOnly | Self::Covered | Self::CoveredPathOnly => Ok(()),
        }
    }

    fn open(self, cgroup: &Path) -> io::Result<File> {
        let with = |flags| File::options().read(true).custom_flags(flags).open(cgroup);
        match self {
            Self::PathOnly => with(libc::O_PATH),
            Self::Covered => covered(cgroup, || with(0)),
            Self::CoveredPathOnly => covered(cgroup, || with(libc::O_PATH)),
            _ => with(0),
        }
    }
}

pub const USER: u32 = 1000;
const CAP_CHECKPOINT_RESTORE: u32 = 40;
/// As wide as it is.
pub const CLONE_INTO_CGROUP: u64 = 1 << 33;

impl Caller {
    pub fn name(self) -> &'static str {
        let found = CALLERS.iter().find(|(caller, _)| *caller == self);
        found.map_or("", |(_, name)| name)
    }
}

impl FromStr for Caller {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let found = CALLERS.iter().find(|(_, other)| *other == name);
        found.map(|(caller, _)| *caller).ok_or(())
    }
}

/// What came of a call.
#[derive(Clone, Debug, Default)]
pub struct Came {
    /// Zero, or the error.
    pub errno: i32,
    /// The first reason that was given.
    pub reason: Option<Reason>,
    /// The one task of the container.
    pub pid: i32,
    /// Everything that was said.
    pub said: String,
}

impl Came {
    /// `yes`, or the name of the reason, or the error.
    pub fn word(&self) -> String {
        match (self.errno, self.reason) {
            (0, _) => "yes".into(),
            (_, Some(reason)) => reason.name().into(),
            (errno, None) => format!("errno {errno}"),
        }
    }

    /// What a process that made a call says of it.
    pub fn of(output: &Output) -> Step<Self> {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = |word: &str| said.lines().find_map(|line| line.strip_prefix(word));
        let errno = line("errno ").and_then(|errno| errno.parse().ok());
        let Some(errno) = errno else {
            let errors = String::from_utf8_lossy(&output.stderr);
            let status = output.status;
            return Err(Outcome::failed(format!(
                "a caller ended with {status}: {said}{errors}"
            )));
        };
        let reason = line("reason ").and_then(|number| number.parse().ok());
        Ok(Came {
            errno,
            reason: reason.and_then(Reason::from_number),
            pid: line("pid ").and_then(|pid| pid.parse().ok()).unwrap_or(0),
            said,
        })
    }
}

/// What to do, and with what.
pub struct Wish<'a> {
    pub caller: Caller,
    /// checkpoint or restart.
    pub verb: &'a str,
    /// The cgroup that the caller is in.
    pub from: &'a Path,
    pub cgroup: &'a Path,
    /// Of a restart.
    pub image: &'a Path,
    /// For [`Caller::NamespaceRoot`]: somebody in the namespace to enter; zero: a new one.
    pub namespace_of: i32,
    pub circumstance: Circumstance,
}

impl<'a> Wish<'a> {
    /// To save a cgroup: there is no image then.
    pub fn to_checkpoint(
        caller: Caller,
        (from, cgroup): (&'a Path, &'a Path),
        circumstance: Circumstance,
    ) -> Self {
        Self {
            caller,
            verb: "checkpoint",
            from,
            cgroup,
            image: from,
            namespace_of: 0,
            circumstance,
        }
    }

    /// Has it done by a process of its own.
    pub fn fulfil(&self) -> Step<Came> {
        let output = Command::new(std::env::current_exe().doing("our own path")?)
            .args(["direct", self.caller.name(), self.verb])
            .args([self.from, self.cgroup, self.image])
            .arg(self.namespace_of.to_string())
            .args(self.circumstance.words())
            .stdin(Stdio::null())
            .output()
            .doing("a caller")?;
        Came::of(&output)
    }
}

/// The process that [`Wish::fulfil`] starts.
pub fn run(arguments: &[String]) -> io::Result<()> {
    let [caller, verb, from, cgroup, image, namespace, circumstance, number] = arguments else {
        return Err(io::Error::other("wrong usage"));
    };
    let circumstance = Circumstance::of(circumstance, number)?;
    let caller = Caller::from_str(caller).map_err(|()| io::Error::other("no such caller"))?;
    let namespace: i32 = namespace.parse().map_err(io::Error::other)?;
    fs::write(Path::new(from).join("cgroup.procs"), "0")?;
    circumstance.come_about()?;
    let directory = circumstance.open(Path::new(cgroup))?;
    let mut log = memory_file(c"log")?;
    match verb.as_str() {
        "checkpoint" => {
            become_caller(caller, namespace)?;
            let mut args = CheckpointArgs::new_zeroed();
            args.flags = CHECKPOINT_CHECK.into();
            args.cgroup_fd = directory.as_raw_fd().into();
            args.image_fd = (-1).into();
            args.log_fd = log.as_raw_fd().into();
            // SAFETY: the size is that of the arguments.
            let errno = unsafe {
                error_of(libc::syscall(
                    SYSCALL_CHECKPOINT.into(),
                    &raw const args,
                    size_of_val(&args),
                ))
            };
            println!("errno {errno}");
        }
        "restart" => {
            let image = File::open(image)?;
            become_caller(caller, namespace)?;
            restart(&directory, &image, &log)?;
        }
        _ => return Err(io::Error::other("no such verb")),
    }
    tell(&mut log)
}

/// What is opened in a mount namespace where files of the user's lie over those of a cgroup.
fn covered(cgroup: &Path, open: impl FnOnce() -> io::Result<File>) -> io::Result<File> {
    const NAMESPACE: &str = "/proc/self/ns/mnt";
    let home = File::open(NAMESPACE)?;
    // SAFETY: takes no pointer.
    checked("unshare", unsafe {
        libc::unshare(libc::CLONE_NEWNS).into()
    })?;
    mount(None, Path::new("/"), libc::MS_REC | libc::MS_PRIVATE)?;
    let own = std::env::temp_dir().join(format!("own-{}", std::process::id()));
    fs::write(&own, "")?;
    chown(&own, Some(USER), Some(USER))?;
    let is_covered = ["cgroup.freeze", "cgroup.kill"]
        .iter()
        .try_for_each(|name| mount(Some(&own), &cgroup.join(name), libc::MS_BIND));
    fs::remove_file(&own)?;
    is_covered?;
    let opened = open()?;
    // What is mounted there stays as long as we have it open.
    let _ = File::open(NAMESPACE)?.into_raw_fd();
    // SAFETY: takes no pointer.
    let returned = unsafe { libc::setns(home.as_raw_fd(), libc::CLONE_NEWNS) };
    checked("setns", returned.into())?;
    Ok(opened)
}

fn mount(source: Option<&Path>, target: &Path, flags: u64) -> io::Result<()> {
    let text = |path: &Path| CString::new(path.as_os_str().as_encoded_bytes());
    let source = source.map(text).transpose()?;
    let source = source
        .as_ref()
        .map_or(std::ptr::null(), |text| text.as_ptr());
    let (target, none) = (text(target)?, std::ptr::null());
    // SAFETY: C strings, or none.
    let result = unsafe { libc::mount(source, target.as_ptr(), none, flags, none.cast()) };
    checked("mount", result.into()).map(drop)
}

/// What goes on is a child, in a new pid namespace; we end as it does.
fn be_first_of_pid_namespace() -> io::Result<()> {
    // SAFETY: there is one thread; takes no pointer.
    let child = unsafe {
        checked("unshare", libc::unshare(libc::CLONE_NEWPID).into())?;
        checked("fork", libc::fork().into())?
    };
    if child == 0 {
        return Ok(());
    }
    let mut status = 0;
    // SAFETY: fills one number.
    checked("waitpid", unsafe {
        libc::waitpid(child as i32, &raw mut status, 0).into()
    })?;
    std::process::exit(i32::from(status != 0));
}

fn forbid_ambient() -> io::Result<()> {
    const NO_CAP_AMBIENT_RAISE: u32 = 1 << 6;
    const LOCKED: u32 = NO_CAP_AMBIENT_RAISE << 1;
    // SAFETY: takes no pointer.
    let result = unsafe {
        libc::prctl(
            libc::PR_SET_SECUREBITS,
            NO_CAP_AMBIENT_RAISE | LOCKED,
            0,
            0,
            0,
        )
    };
    checked("PR_SET_SECUREBITS", result.into()).map(drop)
}

fn lend_memory() -> io::Result<()> {
    let memory = memory_file(c"lent")?;
    memory.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1))?;
    // SAFETY: takes no pointer.
    checked("dup2", unsafe {
        libc::dup2(memory.as_raw_fd(), LENT).into()
    })
    .map(drop)
}

fn limit_signals(count: u32) -> io::Result<()> {
    let limit = libc::rlimit {
        rlim_cur: count.into(),
        rlim_max: count.into(),
    };
    // SAFETY: a limit.
    let result = unsafe { libc::setrlimit(libc::RLIMIT_SIGPENDING, &raw const limit) };
    checked("setrlimit", result.into()).map(drop)
}

fn error_of(result: i64) -> i32 {
    match result {
        -1 => io::Error::last_os_error().raw_os_error().unwrap_or(-1),
        _ => 0,
    }
}

pub fn checked(what: &str, result: i64) -> io::Result<i64> {
    if result >= 0 {
        return Ok(result);
    }
    let error = io::Error::last_os_error();
    Err(io::Error::new(error.kind(), format!("{what}: {error}")))
}

/// A file of its own in memory.
pub fn memory_file(name: &CStr) -> io::Result<File> {
    // SAFETY: a C string; the descriptor is new, and nobody else knows it.
    unsafe {
        let fd = libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC);
        let fd = checked("memfd_create", fd.into())?;
        Ok(File::from_raw_fd(fd as i32))
    }
}

/// What the log of a call says.
pub fn sentences(log: &[u8]) -> io::Result<Vec<String>> {
    let records = parse_log(log)?;
    Ok(records
        .iter()
        .map(|log| Sentence(log).to_string())
        .collect())
}

fn restart_call(args: &RestartArgs) -> i64 {
    // SAFETY: the size is that of the arguments.
    unsafe { libc::syscall(SYSCALL_RESTART.into(), &raw const *args, size_of_val(args)) }
}

/// A session for what is to stand in a cgroup.
pub fn open_session(directory: &File) -> io::Result<OwnedFd> {
    let mut open = RestartArgs::new_zeroed();
    open.role = ROLE_OPEN.into();
    open.cgroup_fd = directory.as_raw_fd().into();
    let session = restart_call(&open);
    if session < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a new descriptor.
    Ok(unsafe { OwnedFd::from_raw_fd(session as i32) })
}

/// The caller becomes a member, or leaves.
pub fn join(session: &OwnedFd, number: u32) -> ! {
    let mut join = RestartArgs::new_zeroed();
    join.role = ROLE_JOIN.into();
    join.session_fd = session.as_raw_fd().into();
    join.task = number.into();
    restart_call(&join);
    // SAFETY: takes no pointer.
    unsafe { libc::_exit(9) }
}

/// A child in a cgroup that does something and does not come back; with these pids in the namespaces
/// that it is in, the innermost first. We have one thread: it may do whatever it likes.
pub fn child(directory: &File, pids: &[i32], deed: impl FnOnce()) -> io::Result<i32> {
    let mut clone = libc::clone_args {
        flags: CLONE_INTO_CGROUP,
        exit_signal: libc::SIGCHLD as u64,
        cgroup: directory.as_raw_fd() as u64,
        // Of no pids there must be no address either.
        set_tid: pids.first().map_or(0, |first| &raw const *first as u64),
        set_tid_size: pids.len() as u64,
        // SAFETY: numbers.
        ..unsafe { std::mem::zeroed() }
    };
    // SAFETY: the size is that of the arguments; nothing is shared with the child.
    let child = unsafe { libc::syscall(libc::SYS_clone3, &raw mut clone, size_of_val(&clone)) };
    if child == 0 {
        deed();
        // SAFETY: takes no pointer.
        unsafe { libc::_exit(9) };
    }
    Ok(checked("clone3", child)? as i32)
}

/// Runs a session; gives the error, or zero.
pub fn run_session(session: &OwnedFd, image: &File, log: &File, flags: u32) -> i32 {
    let mut run = RestartArgs::new_zeroed();
    run.role = ROLE_RUN.into();
    run.flags = flags.into();
    run.session_fd = session.as_raw_fd().into();
    run.image_fd = image.as_raw_fd().into();
    run.log_fd = log.as_raw_fd().into();
    error_of(restart_call(&run))
}

/// One task, with any pid.
fn restart(directory: &File, image: &File, log: &File) -> io::Result<()> {
    let session = match open_session(directory) {
        Ok(session) => session,
        Err(error) => {
            println!("errno {}", error.raw_os_error().unwrap_or(-1));
            return Ok(());
        }
    };
    let child = child(directory, &[], || {
        // As the samples have been started.
        // SAFETY: takes no pointer.
        unsafe { libc::setsid() };
        join(&session, 0)
    })?;
    let errno = run_session(&session, image, log, RESTART_FROZEN | RESTART_NEW_PIDS);
    println!("errno {errno}\npid {child}");
    Ok(())
}

/// The log, as sentences.
pub fn tell(log: &mut File) -> io::Result<()> {
    let mut bytes = Vec::new();
    log.rewind()?;
    log.read_to_end(&mut bytes)?;
    let records = parse_log(&bytes)?;
    let obstacles = records.iter().filter(|record| record.errno.get() != 0);
    if let Some(first) = obstacles.into_iter().next() {
        println!("reason {}", first.reason.get());
    }
    for sentence in sentences(&bytes)? {
        println!("{sentence}");
    }
    Ok(())
}

pub fn become_caller(caller: Caller, namespace_of: i32) -> io::Result<()> {
    let every = (1 << (last_capability()? + 1)) - 1;
    match caller {
        Caller::Root => {
            groups_and_ids(0)?;
            Ok(())
        }
        Caller::Admin => {
            groups_and_ids(0)?;
            set_capabilities(every & !(1 << CAP_CHECKPOINT_RESTORE))
        }
        Caller::Operator => {
            keep_capabilities()?;
            groups_and_ids(USER)?;
            set_capabilities(1 << CAP_CHECKPOINT_RESTORE)?;
            // As whoever gets it by an ambient set, and has called execve since.
            be_dumpable()
        }
        Caller::User => groups_and_ids(USER),
        Caller::NamespaceRoot => {
            groups_and_ids(USER)?;
            be_dumpable()?;
            match namespace_of {
                0 => own_namespace(),
                other => enter(other),
            }
        }
    }
}

fn last_capability() -> io::Result<u32> {
    let text = fs::read_to_string("/proc/sys/kernel/cap_last_cap")?;
    text.trim().parse().map_err(io::Error::other)
}

fn groups_and_ids(id: u32) -> io::Result<()> {
    // SAFETY: takes no address but that of an empty list.
    unsafe {
        checked("setgroups", libc::setgroups(0, std::ptr::null()).into())?;
        checked("setresgid", libc::setresgid(id, id, id).into())?;
        checked("setresuid", libc::setresuid(id, id, id).into())?;
    }
    Ok(())
}

fn keep_capabilities() -> io::Result<()> {
    // SAFETY: takes no pointer.
    checked("PR_SET_KEEPCAPS", unsafe {
        libc::prctl(libc::PR_SET_KEEPCAPS, 1, 0, 0, 0).into()
    })?;
    Ok(())
}

fn be_dumpable() -> io::Result<()> {
    // SAFETY: takes no pointer.
    checked("PR_SET_DUMPABLE", unsafe {
        libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0).into()
    })?;
    Ok(())
}

/// Effective and permitted ones; none is inherited.
fn set_capabilities(set: u64) -> io::Result<()> {
    let header = [0x2008_0522_u32, 0];
    let half = |set: u64| [set as u32, set as u32, 0];
    let data = [half(set), half(set >> 32)];
    // SAFETY: both are as the call wants them.
    checked("capset", unsafe {
        libc::syscall(libc::SYS_capset, header.as_ptr(), data.as_ptr())
    })?;
    Ok(())
}

fn own_namespace() -> io::Result<()> {
    // SAFETY: takes no pointer.
    checked("unshare", unsafe {
        libc::unshare(libc::CLONE_NEWUSER).into()
    })?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("0 {USER} 1"))?;
    fs::write("/proc/self/gid_map", format!("0 {USER} 1"))
}

fn enter(pid: i32) -> io::Result<()> {
    let namespace = File::open(PathBuf::from(format!("/proc/{pid}/ns/user")))?;
    // SAFETY: takes no pointer.
    checked("setns", unsafe {
        libc::setns(namespace.as_raw_fd(), libc::CLONE_NEWUSER).into()
    })?;
    Ok(())
}
