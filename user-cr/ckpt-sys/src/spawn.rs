// SPDX-License-Identifier: GPL-2.0

//! New tasks that become the container's.
//!
//! Between clone3(2) and restart(2) it runs [`Brood::live`], on a copy of its parent's memory, and
//! nothing else: everything is computed beforehand, no allocation, no thread-local storage, no std.
//! A thread runs a few instructions, without a stack.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString};
use std::io;
use std::mem::size_of;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::atomic::{AtomicU32, Ordering};

use ckpt_format::calls::{RestartArgs, SYSCALL_RESTART};
use nix::unistd::Pid;

use crate::report::{Report, SIZE};
use crate::{calls, raw};

/// clone3(2); libc's own constant is too narrow for it.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// What a new task does before it joins, one after the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// Mounts from now on are its own: nothing it mounts is seen outside.
    OwnMounts,
    /// A /proc that shows its pid namespace.
    MountProc,
    /// A devpts in which every number is free.
    MountTerminals(&'static Terminals),
    /// PR_SET_CHILD_SUBREAPER: adopts the orphans among its descendants.
    Subreaper,
    /// Makes this actor, as a child.
    Child(usize),
    /// Makes this actor, as a child of its own parent.
    Sibling(usize),
    /// Makes this thread of its own, which joins at once.
    Thread(usize),
    /// setsid(2): leads a session and a process group.
    NewSession,
    /// setpgid(0, 0): leads a process group.
    NewGroup,
    /// Says that it has come to this meeting.
    Arrive(usize),
    /// Waits until every actor has come to this meeting.
    Await(usize),
    /// setpgid(2): enters the group with this number.
    EnterGroup(i32),
    /// Waits for a child that was only a placeholder; zero: the only one that it has.
    Reap(i32),
}

/// A devpts to be mounted.
#[derive(Debug, Eq, PartialEq)]
pub struct Terminals {
    /// Where.
    pub path: CString,
    /// With which options.
    pub options: CString,
}

impl Terminals {
    fn mount(&self) -> isize {
        const FLAGS: usize = (libc::MS_NOSUID | libc::MS_NOEXEC) as usize;
        let [source, target, kind, data] = [c"devpts", &self.path, c"devpts", &self.options]
            .map(|text: &CStr| text.as_ptr() as usize);
        // SAFETY: mount(2) reads four strings, which end in a zero byte.
        unsafe { raw::call(libc::SYS_mount, [source, target, kind, FLAGS, data, 0]) }
    }
}

impl Step {
    /// What the user knows it as.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OwnMounts => "make its mounts private",
            Self::MountProc => "mount /proc",
            Self::MountTerminals(_) => "mount devpts where it was",
            Self::Subreaper => "become the one who adopts orphans",
            Self::Child(_) | Self::Sibling(_) => "make a task",
            Self::Thread(_) => "make a thread",
            Self::NewSession => "start a session",
            Self::NewGroup => "start a process group",
            Self::Arrive(_) | Self::Await(_) => "wait for the others",
            Self::EnterGroup(_) => "enter its process group",
            Self::Reap(_) => "wait for a placeholder",
        }
    }
}

/// A process to be made: one that becomes one of the container's, or a placeholder that ends after
/// its last step.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// It is there to stay.
    pub joins: bool,
    /// The numbers that it must have in its pid namespace and in those around it; none: any.
    pub numbers: Vec<i32>,
    /// How it comes into its pid namespace.
    pub entry: Entry,
    /// What it does before.
    pub steps: Vec<Step>,
}

/// How a new process comes into its pid namespace. Namespaces inside of the container have numbers.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Entry {
    /// It is its maker's.
    #[default]
    Same,
    /// Its maker makes it.
    First {
        /// This one.
        space: usize,
    },
    /// Its maker enters it.
    Later {
        /// This one.
        space: usize,
        /// Number of its first process, as the maker sees it.
        first: i32,
    },
}

/// Where tasks that depend on each other meet before they go on.
#[derive(Debug)]
#[repr(C)]
struct Meetings {
    arrived: [AtomicU32; MEETINGS],
}

/// Which pid namespaces have their first process.
#[derive(Clone, Copy, Debug)]
struct Spaces(&'static [AtomicU32]);

/// How many there are.
pub const MEETINGS: usize = 2;

/// What a new thread needs: nobody can prepare it later.
#[derive(Debug)]
struct Enrolment {
    join: RestartArgs,
    report: [u8; SIZE],
}

/// The step of a thread that could not join, for a report.
const JOINING: u32 = u32::MAX - 1;

/// All tasks that are to be made. It is computed once; each of them has its copy.
#[derive(Debug)]
pub struct Brood<'a> {
    actors: Vec<Actor>,
    /// Of each thread that is not the first of its process, by its place in the forest.
    numbers: Vec<Vec<i32>>,
    enrolments: Vec<Enrolment>,
    /// How many come to the meetings.
    meeting: u32,
    meetings: &'a Meetings,
    spaces: Spaces,
    cgroup: BorrowedFd<'a>,
    session: BorrowedFd<'a>,
    report: BorrowedFd<'a>,
    /// The first is also the first of a new pid namespace, with mounts of its own.
    has_init: bool,
}

impl<'a> Brood<'a> {
    /// `numbers`: of all members of the forest, as [`Actor::numbers`]. `spaces`: pid namespaces, the
    /// container's own among them. Born in `cgroup`, they join `session`, and tell
    /// `report` what failed: by the number of the actor, and its step or their number for joining.
    pub fn new(
        actors: Vec<Actor>,
        numbers: Vec<Vec<i32>>,
        spaces: usize,
        has_init: bool,
        cgroup: BorrowedFd<'a>,
        session: BorrowedFd<'a>,
        report: BorrowedFd<'a>,
    ) -> io::Result<Self> {
        let enrolment = |task: usize| {
            let report = Report::Failed {
                task: task as u32,
                step: JOINING,
                errno: 0,
            };
            Enrolment {
                join: calls::join(session, task as u32),
                report: report.encode(),
            }
        };
        let meets = |actor: &&Actor| actor.steps.contains(&Step::Arrive(0));
        Ok(Self {
            meeting: actors.iter().filter(meets).count() as u32,
            enrolments: (0..numbers.len()).map(enrolment).collect(),
            actors,
            numbers,
            meetings: Meetings::shared()?,
            spaces: Spaces::shared(spaces)?,
            cgroup,
            session,
            report,
            has_init,
        })
    }

    /// Makes an actor, and through it those that it makes. None of them ever comes back to this
    /// code: they end, or leave as what was saved.
    pub fn spawn(&self, actor: usize) -> io::Result<Pid> {
        let flags = match self.has_init {
            true => (libc::CLONE_NEWPID | libc::CLONE_NEWNS) as u64,
            false => 0,
        };
        let result = self.clone(actor, flags);
        if result == 0 {
            self.live(actor)
        }
        raw::checked(result).map(|pid| Pid::from_raw(pid as i32))
    }

    /// clone3(2): zero in the new process.
    #[inline(always)]
    fn clone(&self, actor: usize, flags: u64) -> isize {
        let Some(Actor { numbers, entry, .. }) = self.actors.get(actor) else {
            return -(libc::EINVAL as isize);
        };
        match *entry {
            Entry::Same => self.clone_here(numbers, flags),
            Entry::First { space } => {
                let result = self.clone_here(numbers, flags | libc::CLONE_NEWPID as u64);
                if result > 0 {
                    self.spaces.open(space);
                }
                result
            }
            Entry::Later { space, first } => {
                self.spaces.wait(space);
                let entered = enter(first);
                if entered < 0 {
                    return entered;
                }
                let result = self.clone_here(numbers, flags);
                // SAFETY: takes no address.
                let own = || unsafe { raw::call(libc::SYS_getpid, [0; 6]) };
                match result {
                    1.. => match enter(own() as i32) {
                        0.. => result,
                        error => error,
                    },
                    _ => result,
                }
            }
        }
    }

    /// As [`Self::clone`], into the namespace that children are made in.
    #[inline(always)]
    fn clone_here(&self, numbers: &[i32], flags: u64) -> isize {
        // The first of the container's own namespace gets the first number of that by itself.
        let is_numbered = !numbers.is_empty() && flags & libc::CLONE_NEWNS as u64 == 0;
        let signal = match flags & libc::CLONE_PARENT as u64 {
            0 => libc::SIGCHLD as u64,
            _ => 0,
        };
        let clone = libc::clone_args {
            flags: flags | CLONE_INTO_CGROUP,
            pidfd: 0,
            child_tid: 0,
            parent_tid: 0,
            exit_signal: signal,
            stack: 0,
            stack_size: 0,
            tls: 0,
            set_tid: if is_numbered {
                numbers.as_ptr() as u64
            } else {
                0
            },
            set_tid_size: if is_numbered { numbers.len() as u64 } else { 0 },
            cgroup: self.cgroup.as_raw_fd() as u64,
        };
        // SAFETY: `clone` is initialized, has the size given, and its `set_tid` leads to its numbers.
        // Without CLONE_VM and without a stack the new task goes on here on its own copy of all
        // memory, as after fork(2): every reference is valid there, and nothing it writes is seen
        // by its parent. Without CLONE_FILES its descriptors are its own too.
        unsafe { clone3(&clone) }
    }

    /// The life of a new process in this program.
    fn live(&self, actor: usize) -> ! {
        let mut own = actor;
        let mut done = 0;
        loop {
            let steps = self.actors.get(own).map_or(&[][..], |actor| &actor.steps);
            let Some(step) = steps.get(done) else {
                break;
            };
            let result = match *step {
                Step::Child(child) | Step::Sibling(child) => {
                    let flags = match step {
                        Step::Sibling(_) => libc::CLONE_PARENT as u64,
                        _ => 0,
                    };
                    let result = self.clone(child, flags);
                    if result == 0 {
                        (own, done) = (child, 0);
                        continue;
                    }
                    result
                }
                Step::Thread(thread) => self.thread(thread),
                Step::Arrive(meeting) => self.meetings.arrive(meeting, self.meeting),
                Step::Await(meeting) => self.meetings.wait(meeting, self.meeting),
                step => step.take(),
            };
            if result < 0 {
                self.fail(own, done, result);
            }
            done += 1;
        }
        if !self.actors.get(own).is_some_and(|actor| actor.joins) {
            exit(0);
        }
        let join = calls::join(self.session, own as u32);
        // SAFETY: the kernel only reads `join`. On success it does not return.
        let result = unsafe { calls::call(SYSCALL_RESTART, &join) };
        self.fail(own, done, result)
    }

    fn fail(&self, actor: usize, step: usize, result: isize) -> ! {
        let report = Report::Failed {
            task: actor as u32,
            step: step as u32,
            errno: result.wrapping_neg() as i32,
        };
        let bytes = report.encode();
        let fd = self.report.as_raw_fd() as usize;
        let args = [fd, bytes.as_ptr() as usize, SIZE, 0, 0, 0];
        // SAFETY: the kernel reads `SIZE` bytes of `bytes`, which has them.
        unsafe { raw::call(libc::SYS_write, args) };
        exit(1)
    }

    /// A thread that does nothing here but join; zero or a negative errno.
    fn thread(&self, thread: usize) -> isize {
        const FLAGS: i32 = libc::CLONE_VM
            | libc::CLONE_FS
            | libc::CLONE_FILES
            | libc::CLONE_SIGHAND
            | libc::CLONE_THREAD;
        let (Some(numbers), Some(enrolment)) =
            (self.numbers.get(thread), self.enrolments.get(thread))
        else {
            return -(libc::EINVAL as isize);
        };
        let clone = libc::clone_args {
            flags: FLAGS as u64,
            pidfd: 0,
            child_tid: 0,
            parent_tid: 0,
            exit_signal: 0,
            stack: 0,
            stack_size: 0,
            tls: 0,
            set_tid: match numbers.is_empty() {
                true => 0,
                false => numbers.as_ptr() as u64,
            },
            set_tid_size: numbers.len() as u64,
            cgroup: 0,
        };
        // SAFETY: `clone` is initialized and leads to its numbers. What the new thread does is
        // described there; `enrolment` lives for as long as the process, and only that thread
        // writes to its report.
        let result = unsafe {
            raw::clone_into_call(
                &clone,
                (
                    SYSCALL_RESTART,
                    &raw const enrolment.join as usize,
                    size_of::<RestartArgs>(),
                ),
                (
                    self.report.as_raw_fd(),
                    &raw const enrolment.report as usize,
                ),
            )
        };
        result.min(0)
    }
}

impl Meetings {
    /// In memory that all who are made from here on share.
    fn shared() -> io::Result<&'static Self> {
        let memory = shared_zeros(size_of::<Self>())?;
        // SAFETY: it is of that size and stays; zeros are a `Meetings`.
        Ok(unsafe { &*memory.cast::<Self>() })
    }

    fn arrive(&self, meeting: usize, all: u32) -> isize {
        let Some(arrived) = self.arrived.get(meeting) else {
            return -(libc::EINVAL as isize);
        };
        match arrived.fetch_add(1, Ordering::AcqRel) + 1 < all {
            true => 0,
            false => wake(arrived),
        }
    }

    fn wait(&self, meeting: usize, all: u32) -> isize {
        let Some(arrived) = self.arrived.get(meeting) else {
            return -(libc::EINVAL as isize);
        };
        wait_for(arrived, all)
    }
}

impl Spaces {
    fn shared(count: usize) -> io::Result<Self> {
        let memory = shared_zeros(count.max(1) * size_of::<AtomicU32>())?;
        // SAFETY: it is of that size and stays; zeros are fine.
        Ok(Self(unsafe {
            std::slice::from_raw_parts(memory.cast(), count)
        }))
    }

    /// Its first process is there.
    fn open(self, space: usize) {
        if let Some(space) = self.0.get(space) {
            space.store(1, Ordering::Release);
            wake(space);
        }
    }

    /// Waits until it is.
    fn wait(self, space: usize) {
        if let Some(space) = self.0.get(space) {
            wait_for(space, 1);
        }
    }
}

/// Memory that all who are made from here on share.
fn shared_zeros(size: usize) -> io::Result<*mut libc::c_void> {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
    // SAFETY: asks for fresh memory, which nobody unmaps.
    let memory = unsafe { libc::mmap(std::ptr::null_mut(), size, protection, flags, -1, 0) };
    match memory == libc::MAP_FAILED {
        true => Err(io::Error::last_os_error()),
        false => Ok(memory),
    }
}

/// Wakes everybody who waits for this word.
fn wake(word: &AtomicU32) -> isize {
    let most = i32::MAX as usize;
    let address = word.as_ptr() as usize;
    // SAFETY: waking takes the address only as a name.
    unsafe {
        raw::call(
            libc::SYS_futex,
            [address, libc::FUTEX_WAKE as usize, most, 0, 0, 0],
        )
    }
}

/// Waits until this word is so large.
fn wait_for(word: &AtomicU32, least: u32) -> isize {
    loop {
        let seen = word.load(Ordering::Acquire);
        if seen >= least {
            return 0;
        }
        let address = word.as_ptr() as usize;
        let args = [address, libc::FUTEX_WAIT as usize, seen as usize, 0, 0, 0];
        // SAFETY: the kernel reads one word there; without a timeout nothing else.
        unsafe { raw::call(libc::SYS_futex, args) };
    }
}

/// Children will be made in the pid namespace of this process; zero or a negative errno.
fn enter(process: i32) -> isize {
    // SAFETY: none of these calls takes an address.
    let call = |number, args| unsafe { raw::call(number, args) };
    let fd = call(libc::SYS_pidfd_open, [process as usize, 0, 0, 0, 0, 0]);
    if fd < 0 {
        return fd;
    }
    let namespace = libc::CLONE_NEWPID as usize;
    let result = call(libc::SYS_setns, [fd as usize, namespace, 0, 0, 0, 0]);
    call(libc::SYS_close, [fd as usize, 0, 0, 0, 0, 0]);
    result
}

fn exit(code: usize) -> ! {
    loop {
        // SAFETY: takes no address and does not return.
        unsafe { raw::call(libc::SYS_exit_group, [code, 0, 0, 0, 0, 0]) };
    }
}

impl Step {
    /// Takes one that concerns nobody else; zero or a negative errno.
    fn take(self) -> isize {
        const PRIVATE: usize = (libc::MS_REC | libc::MS_PRIVATE) as usize;
        const PROC: usize = (libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC) as usize;
        // SAFETY: none of these calls takes an address, but wait4(2), which is given none.
        let call = |number, args| unsafe { raw::call(number, args) };
        match self {
            Self::OwnMounts => mount(c"none", c"/", c"none", PRIVATE),
            Self::MountProc => mount(c"proc", c"/proc", c"proc", PROC),
            Self::MountTerminals(terminals) => terminals.mount(),
            Self::Subreaper => {
                let option = libc::PR_SET_CHILD_SUBREAPER as usize;
                call(libc::SYS_prctl, [option, 1, 0, 0, 0, 0])
            }
            Self::NewSession => call(libc::SYS_setsid, [0; 6]),
            Self::NewGroup => call(libc::SYS_setpgid, [0; 6]),
            Self::EnterGroup(group) => call(libc::SYS_setpgid, [0, group as usize, 0, 0, 0, 0]),
            Self::Reap(number) => {
                let which = if number == 0 { -1 } else { number };
                let flags = libc::__WALL as usize;
                call(
                    libc::SYS_wait4,
                    [which as isize as usize, 0, flags, 0, 0, 0],
                )
            }
            Self::Child(_)
            | Self::Sibling(_)
            | Self::Thread(_)
            | Self::Arrive(_)
            | Self::Await(_) => -(libc::EINVAL as isize),
        }
    }

    /// Takes one that concerns nobody else, in this process.
    pub fn perform(self) -> io::Result<()> {
        raw::checked(self.take()).map(drop)
    }
}

fn mount(source: &CStr, target: &CStr, kind: &CStr, flags: usize) -> isize {
    let [source, target, kind] = [source, target, kind].map(|text| text.as_ptr() as usize);
    // SAFETY: mount(2) reads three strings, which end in a zero byte; it takes no data.
    unsafe { raw::call(libc::SYS_mount, [source, target, kind, flags, 0, 0]) }
}

/// clone3(2): zero in the new task, its pid or a negative errno in the caller.
///
/// # Safety
///
/// As for [`raw::call`]; the caller also answers for what the new task does where this returns for
/// the second time.
#[inline(always)]
pub(crate) unsafe fn clone3(args: &libc::clone_args) -> isize {
    let address = &raw const *args as usize;
    let size = size_of::<libc::clone_args>();
    // SAFETY: `args` is a whole `clone_args`; the rest is the caller's promise.
    unsafe { raw::call(libc::SYS_clone3, [address, size, 0, 0, 0, 0]) }
}
