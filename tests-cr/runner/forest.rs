// SPDX-License-Identifier: GPL-2.0

//! Forests that are not what the image says: `ckpt-runner forest NAME CGROUP IMAGE PARENT CHILD`
//! builds one for the image of a process and its child, with their pids, and restarts it. What came of
//! it is on its standard output.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, Instant};

use ckpt_format::calls::RESTART_FROZEN;

use crate::direct::{checked, child, join, memory_file, open_session, run_session, tell};
use crate::modes::is_restarting;

/// Who builds it, and with what.
pub struct Builder {
    session: OwnedFd,
    cgroup: File,
    parent: i32,
    child: i32,
}

/// Builds a forest in which everyone who should has joined.
pub type Build = fn(&Builder) -> io::Result<()>;

/// One that shares all that tasks can share, where the image has each its own.
pub const SHARING: &str = "all shared";

/// All of them; the first two are as they should be.
pub const FORESTS: &[(&str, Build)] = &[
    ("as it was", |b| b.family(set_sid, || b.joins(1))),
    (SHARING, |b| {
        let parent = child(&b.cgroup, &[b.parent], || {
            set_sid();
            b.born_sharing();
            b.joins(0)
        })?;
        until_joined(&[parent, b.child])
    }),
    ("another number", |b| b.family(set_sid, || b.joins(2))),
    ("numbers exchanged", |b| {
        let parent = child(&b.cgroup, &[b.parent], || {
            set_sid();
            b.born(&[b.child], || b.joins(0));
            b.joins(1)
        })?;
        until_joined(&[parent, b.child])
    }),
    ("one too many", |b| {
        let more = child(&b.cgroup, &[], || b.joins(2))?;
        until_joined(&[more])?;
        b.family(set_sid, || b.joins(1))
    }),
    ("another pid", |b| {
        let parent = child(&b.cgroup, &[b.parent], || {
            set_sid();
            b.born(&[], || b.joins(1));
            b.joins(0)
        })?;
        until_joined(&[parent])
    }),
    ("a brother", |b| {
        let parent = child(&b.cgroup, &[b.parent], || {
            set_sid();
            b.joins(0)
        })?;
        let brother = child(&b.cgroup, &[b.child], || b.joins(1))?;
        until_joined(&[parent, brother])
    }),
    ("another thread", |b| {
        let with_thread = || {
            set_sid();
            std::thread::spawn(|| std::thread::sleep(FOREVER));
        };
        b.family(with_thread, || b.joins(1))
    }),
    ("another child", |b| {
        let with_child = || {
            set_sid();
            b.born(&[], || std::thread::sleep(FOREVER));
        };
        b.family(with_child, || b.joins(1))
    }),
    ("no session of its own", |b| b.family(|| (), || b.joins(1))),
    ("a session too many", |b| {
        let leader = || {
            set_sid();
            b.joins(1)
        };
        b.family(set_sid, leader)
    }),
    ("a group too many", |b| {
        let leader = || {
            // SAFETY: takes no pointer.
            unsafe { libc::setpgid(0, 0) };
            b.joins(1)
        };
        b.family(set_sid, leader)
    }),
    ("a traced task", |b| {
        b.family(set_sid, || b.joins(1))?;
        // SAFETY: takes no address.
        let seized = unsafe { libc::ptrace(libc::PTRACE_SEIZE, b.child, 0_usize, 0_usize) };
        checked("PTRACE_SEIZE", seized).map(drop)
    }),
    ("a pid namespace too many", |b| {
        let parent = child(&b.cgroup, &[b.parent], || {
            set_sid();
            // SAFETY: takes no pointer.
            unsafe { libc::unshare(libc::CLONE_NEWPID) };
            b.born(&[1, b.child], || b.joins(1));
            b.joins(0)
        })?;
        until_joined(&[parent, b.child])
    }),
    ("a dead task", |b| {
        b.family(set_sid, || b.joins(1))?;
        // SAFETY: takes no pointer.
        checked("kill", unsafe { libc::kill(b.child, libc::SIGKILL).into() })?;
        until(|| is_over(b.child))
    }),
    ("a user namespace too many", |b| {
        b.family(set_sid, || {
            enter_user_namespace();
            b.joins(1)
        })
    }),
    ("a user namespace with mounts", |b| {
        b.family(set_sid, || {
            enter_user_namespace();
            unshare(libc::CLONE_NEWNS);
            b.joins(1)
        })
    }),
    ("user namespaces of all", |b| {
        let parent = child(&b.cgroup, &[b.parent], || {
            set_sid();
            // Whoever is in another one cannot choose a pid.
            b.born(&[b.child], || {
                enter_user_namespace();
                b.joins(1)
            });
            enter_user_namespace();
            b.joins(0)
        })?;
        until_joined(&[parent, b.child])
    }),
    ("a mount namespace too many", |b| {
        b.with_child_in(libc::CLONE_NEWNS)
    }),
    ("a uts namespace too many", |b| {
        b.with_child_in(libc::CLONE_NEWUTS)
    }),
    ("a net namespace too many", |b| {
        b.with_child_in(libc::CLONE_NEWNET)
    }),
    ("an ipc namespace too many", |b| {
        b.with_child_in(libc::CLONE_NEWIPC)
    }),
    ("a cgroup namespace too many", |b| {
        b.with_child_in(libc::CLONE_NEWCGROUP)
    }),
    ("a time namespace too many", |b| {
        b.family(set_sid, || {
            unshare(CLONE_NEWTIME);
            or_end(enter_time_for_children());
            b.joins(1)
        })
    }),
    ("a time namespace for its children", |b| {
        b.family(set_sid, || {
            unshare(CLONE_NEWTIME);
            b.joins(1)
        })
    }),
    ("a mount namespace of all", |b| {
        let prepare = || {
            set_sid();
            unshare(libc::CLONE_NEWNS)
        };
        b.family(prepare, || b.joins(1))
    }),
    ("somebody else", |b| {
        child(&b.cgroup, &[], || std::thread::sleep(FOREVER))?;
        b.family(set_sid, || b.joins(1))
    }),
];

/// As wide as flags of unshare(2) are.
const CLONE_NEWTIME: i32 = 0x80;

const FOREVER: Duration = Duration::from_secs(1000);

impl Builder {
    /// The two of them: the parent prepares itself and has its child, which does its deed; both join.
    fn family(&self, prepare: impl FnOnce(), deed: impl FnOnce()) -> io::Result<()> {
        let parent = child(&self.cgroup, &[self.parent], || {
            prepare();
            self.born(&[self.child], deed);
            self.joins(0)
        })?;
        until_joined(&[parent, self.child])
    }

    /// The two of them, the child in a namespace of its own.
    fn with_child_in(&self, flags: i32) -> io::Result<()> {
        self.family(set_sid, || {
            unshare(flags);
            self.joins(1)
        })
    }

    /// A child of a member.
    fn born(&self, pids: &[i32], deed: impl FnOnce()) {
        or_end(child(&self.cgroup, pids, deed).map(drop));
    }

    /// The child of a member, with its memory, descriptors, directories and actions.
    fn born_sharing(&self) {
        extern "C" fn joins(builder: *mut libc::c_void) -> i32 {
            // SAFETY: the parent keeps it, in memory that both have.
            let builder = unsafe { &*builder.cast::<Builder>() };
            // SAFETY: takes no pointer.
            if unsafe { libc::getpid() } == builder.child {
                builder.joins(1);
            }
            9
        }
        let flags = libc::CLONE_VM | libc::CLONE_FILES | libc::CLONE_FS | libc::CLONE_SIGHAND;
        let us = (&raw const *self).cast_mut().cast();
        // Somebody else may be quicker.
        for _ in 0..100 {
            let last = (self.child - 1).to_string();
            if fs::write("/proc/sys/kernel/ns_last_pid", last).is_err() {
                break;
            }
            let stack = vec![0_u128; 1 << 14].leak().as_mut_ptr_range().end;
            // SAFETY: it has a stack of its own, and uses nothing else that the parent does.
            let pid = unsafe { libc::clone(joins, stack.cast(), flags | libc::SIGCHLD, us) };
            if pid == self.child {
                return;
            }
            // SAFETY: null is no status.
            unsafe { libc::waitpid(pid, std::ptr::null_mut(), 0) };
        }
        // SAFETY: takes no pointer.
        unsafe { libc::_exit(8) };
    }

    fn joins(&self, number: u32) {
        join(&self.session, number)
    }
}

fn set_sid() {
    // SAFETY: takes no pointer.
    unsafe { libc::setsid() };
}

/// What a member cannot do it must not leave out.
fn or_end(result: io::Result<()>) {
    if let Err(error) = result {
        eprintln!("a member: {error}");
        // SAFETY: takes no pointer.
        unsafe { libc::_exit(8) };
    }
}

fn unshare(flags: i32) {
    // SAFETY: takes no pointer.
    let result = unsafe { libc::unshare(flags) };
    or_end(checked("unshare", result.into()).map(drop));
}

/// A new one, in which root is root.
fn enter_user_namespace() {
    unshare(libc::CLONE_NEWUSER);
    for (file, text) in [
        ("setgroups", "deny"),
        ("uid_map", "0 0 1"),
        ("gid_map", "0 0 1"),
    ] {
        or_end(fs::write(format!("/proc/self/{file}"), text));
    }
}

fn enter_time_for_children() -> io::Result<()> {
    let namespace = File::open("/proc/self/ns/time_for_children")?;
    // SAFETY: takes no pointer.
    let result = unsafe { libc::setns(namespace.as_raw_fd(), CLONE_NEWTIME) };
    checked("setns", result.into()).map(drop)
}

fn until_joined(pids: &[i32]) -> io::Result<()> {
    pids.iter().try_for_each(|pid| {
        until(|| is_restarting(*pid) || is_over(*pid))?;
        match is_over(*pid) {
            true => Err(io::Error::other("a member has ended")),
            false => Ok(()),
        }
    })
}

fn is_over(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"));
    stat.map_or(true, |stat| stat.contains(") Z "))
}

fn until(is_so: impl Fn() -> bool) -> io::Result<()> {
    let start = Instant::now();
    while !is_so() {
        if start.elapsed() > crate::wait::LIMIT {
            return Err(io::Error::other("somebody does not join"));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

/// The process that builds one.
pub fn run(arguments: &[String]) -> io::Result<()> {
    let [name, cgroup, image, parent, child] = arguments else {
        return Err(io::Error::other("wrong usage"));
    };
    let build = FORESTS.iter().find(|(other, _)| other == name);
    let (_, build) = build.ok_or_else(|| io::Error::other("no such forest"))?;
    let cgroup = File::open(cgroup)?;
    let builder = Builder {
        session: open_session(&cgroup)?,
        cgroup,
        parent: parent.parse().map_err(io::Error::other)?,
        child: child.parse().map_err(io::Error::other)?,
    };
    build(&builder)?;
    let mut log = memory_file(c"log")?;
    let errno = run_session(&builder.session, &File::open(image)?, &log, RESTART_FROZEN);
    println!("errno {errno}\npid {parent}");
    tell(&mut log)
}
