// SPDX-License-Identifier: GPL-2.0

//! The forest: pids, parents, process groups, sessions.
//!
//! Saves: a task's number, and whether it leads its process group and its session; a group or session
//! that it does not lead, and its parent, count as outside. The tools build the same task again; before
//! anything takes effect these three are compared with what they built, and that it has one thread, no
//! child, and no tracer. (With new pids the number is not compared.)
//! Refuses: for now, more than one task; children outside the cgroup; what is shared with a task outside;
//! namespaces that are neither the caller's nor made by a restart.
//! Locks: tasklist_lock (read), siglock; each inside one call of the glue.

use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::task::Task;
use zerocopy::little_endian::{I32, U32};
use zerocopy::IntoBytes;

use crate::abstractions::task::{self, Shared};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::{Member, Pid, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;

/// SIGCHLD: what parents of restarted roots expect.
const SIGCHLD: i32 = 17;

/// What is in the way of saving these tasks as a forest.
pub(crate) fn check(tasks: &KVVec<FrozenTask>, out: &mut Capture<'_>) -> Result {
    let count = tasks.len() as u64;
    for task in tasks {
        let job = task::job(&task.task);
        if job.threads > 1 {
            out.refuse(task.refusal(Reason::TaskThreads).value(job.threads.into()));
        } else if count > 1 {
            out.refuse(task.refusal(Reason::TaskMany).value(count));
        }
        let child = task::child(&task.task);
        if child != 0 && count == 1 {
            out.refuse(task.refusal(Reason::TaskChildren).value(child as u64));
        }
        for what in Shared::ALL {
            if task::sharer(&task.task, out.cgroup, what) != 0 {
                out.refuse(task.refusal(Reason::TaskSharedOutside).name(what.name()));
            }
        }
        if let Some(name) = task.foreign {
            out.refuse(task.refusal(Reason::TaskNamespace).name(name));
        }
    }
    Ok(())
}

/// Describes a task's place.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let job = task::job(&task.task);
    let (pid, _) = out.object(task::pid_identity(&task.task))?;
    out.record(
        &Pid {
            id: pid,
            levels: U32::new(1),
        },
        I32::new(job.pid).as_bytes(),
    )?;
    let own = |is_leader| if is_leader { pid } else { ObjectId::NONE };
    let flag = |is, flag| if is { flag } else { 0 };
    out.record(
        &Member {
            pid,
            leader: task.id,
            parent: TaskId::OUTSIDE,
            group: own(job.group_leader),
            session: own(job.session_leader),
            exit_signal: I32::new(SIGCHLD),
            flags: U32::new(
                flag(job.group_leader, MEMBER_GROUP_LEADER)
                    | flag(job.session_leader, MEMBER_SESSION_LEADER),
            ),
            reserved: U32::ZERO,
        },
        &[],
    )
}

/// Does the task that joined as this member stand where the image says?
pub(crate) fn verify(
    task: &ARef<Task>,
    member: &Member,
    number: i32,
    new_pids: bool,
) -> Result<(), Refusal> {
    let job = task::job(task);
    let differs = |name: &'static str, value: i64| {
        Err(Refusal::new(Reason::ForestDiffers, EINVAL)
            .name(name)
            .value(value as u64))
    };
    if job.threads != 1 {
        return differs("the number of threads", job.threads.into());
    }
    if !new_pids && job.pid != number {
        return differs("the pid", job.pid.into());
    }
    let flags = member.flags.get();
    if job.group_leader != (flags & MEMBER_GROUP_LEADER != 0) {
        return differs("leading a process group", job.group_leader.into());
    }
    if job.session_leader != (flags & MEMBER_SESSION_LEADER != 0) {
        return differs("leading a session", job.session_leader.into());
    }
    if job.vfork_child || task::is_traced(task) || task::child(task) != 0 {
        return differs("being on its own", 0);
    }
    Ok(())
}
