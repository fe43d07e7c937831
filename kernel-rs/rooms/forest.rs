// SPDX-License-Identifier: GPL-2.0

//! The forest: parents, threads, process groups, sessions; who has ended.
//!
//! Saves: each task's pid, its process, the thread that is its parent, the order among its
//! siblings, its group and session, whether their leaders are there or gone; a group or session with
//! a task outside counts as outside. Of what has ended: its status.
//! Restores: the tools build the same forest again. Before anything takes effect all of this is
//! compared with what they built; then children are put in order, below the very thread that was
//! their parent. (With new pids numbers are not compared.)
//! Refuses: what is shared with a task outside; namespaces that are neither the caller's nor made by
//! one restart.
//! Locks: tasklist_lock, siglock, task_lock; each inside one call of the glue.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use kernel::sync::Arc;
use zerocopy::little_endian::{I32, U32};

use crate::abstractions::family::{self, Group, Shared};
use crate::abstractions::namespaces::{self, Namespaces};
use crate::abstractions::pids::Of;
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::format::reason::Reason;
use crate::format::task::{Member, MEMBER_ENDED, MEMBER_GROUP_LEADER, MEMBER_SESSION_LEADER};
use crate::format::{ObjectId, TaskId};
use crate::log::Refusal;
use crate::plan::Plan;
use crate::rooms::pids::{self, Built};
use crate::session::Slot;

/// What is in the way of saving these tasks as a forest.
pub(crate) fn check(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result {
    for what in Shared::ALL {
        check_shared(tasks, what, out)?;
    }
    // Each for itself may be in what some restart has made; all have to be in what one has made.
    let mut first = None;
    for task in tasks {
        let foreign = match (task.foreign, task.ended) {
            (None, false) => {
                let first = first.get_or_insert(&task.namespaces);
                task.namespaces.differs(first)
            }
            (foreign, _) => foreign,
        };
        if let Some(name) = foreign {
            out.refuse(task.refusal(Reason::TaskNamespace).name(name));
        }
    }
    Ok(())
}

/// What more tasks may use than are here is only suspected: then all tasks outside are asked.
fn check_shared(tasks: &[FrozenTask], what: Shared, out: &mut Capture<'_>) -> Result {
    let mut known = RBTree::<usize, (u32, usize)>::new();
    for (index, task) in tasks.iter().enumerate() {
        let Some((shared, _)) = what.of(&task.task) else {
            continue;
        };
        match known.get_mut(&shared) {
            Some((count, _)) => *count = count.saturating_add(1),
            None => {
                known.try_create_and_insert(shared, (1, index), GFP_KERNEL)?;
            }
        }
    }
    for (_, (count, index)) in known.iter() {
        let Some(task) = tasks.get(*index) else {
            continue;
        };
        let users = what.of(&task.task).map_or(0, |(_, users)| users);
        if users > *count && what.has_outsider(&task.task, out.cgroup)? {
            out.refuse(task.refusal(Reason::TaskSharedOutside).name(what.name()));
        }
    }
    Ok(())
}

/// Describes the pids of all members, and of groups and sessions that have outlived their leaders.
pub(crate) fn capture(tasks: &[FrozenTask], out: &mut Capture<'_>) -> Result<(), Refusal> {
    let mut spaces = pids::capture(tasks, out)?;
    for task in tasks {
        let address = task::pid_identity(&task.task);
        spaces.pid(address, &task.task, Of::Task, out)?;
        out.set_member(address, task.id)?;
    }
    // What was found out about groups and sessions that no member leads.
    let mut known = RBTree::<usize, ObjectId>::new();
    for task in tasks {
        let job = task::job(&task.task);
        let mut place = |group: Group, of, out: &mut Capture<'_>| -> Result<ObjectId, Refusal> {
            if let Some(id) = out.known(group.identity()) {
                return Ok(id);
            }
            if let Some(id) = known.get(&group.identity()) {
                return Ok(*id);
            }
            let outside = !spaces.covers(&task.task, of)?
                || family::has_outsider(group, &task.task, out.cgroup);
            let id = match outside {
                true => ObjectId::NONE,
                false => spaces.pid(group.identity(), &task.task, of, out)?,
            };
            known.try_create_and_insert(group.identity(), id, GFP_KERNEL)?;
            Ok(id)
        };
        let session = place(family::session(&job), Of::Session, out)?;
        let group = place(family::group(&job), Of::Group, out)?;
        if session != ObjectId::NONE && group == ObjectId::NONE {
            let refusal = task.refusal(Reason::TaskSharedOutside);
            out.refuse(refusal.name("process group"));
        }
        let (pid, _) = out.object(task::pid_identity(&task.task))?;
        let flag = |is, flag| if is { flag } else { 0 };
        let flags = flag(group == pid, MEMBER_GROUP_LEADER)
            | flag(session == pid, MEMBER_SESSION_LEADER)
            | flag(task.ended, MEMBER_ENDED);
        let record = Member {
            pid,
            leader: task.leader,
            parent: task.parent,
            group,
            session,
            exit_signal: I32::new(match task.parent {
                TaskId::OUTSIDE => Member::SIGCHLD,
                _ => job.exit_signal,
            }),
            flags: U32::new(flags),
            status: U32::new(if task.ended { job.exit_code } else { 0 }),
            space_of_children: spaces.of_children(task)?,
        };
        out.record_waiting(Waiting::Member, &record, &[])?;
    }
    Ok(spaces.check(tasks, out)?)
}

/// Do the tasks that joined stand where the image says? The tool that built them is not trusted.
pub(crate) fn verify(plan: &Plan, slots: &[Arc<Slot>], new_pids: bool) -> Result<Built, Refusal> {
    if let Some(dead) = slots.iter().find(|slot| task::is_gone(&slot.task)) {
        return Err(dead.died(plan));
    }
    let mut built = Built::new(plan, slots.first().ok_or(ESRCH)?)?;
    if !new_pids {
        pids::enter_groups(plan, slots, &built)?;
    }
    let mut found = RBTree::<usize, usize>::new();
    for (index, slot) in slots.iter().enumerate() {
        found.try_create_and_insert(family::identity(&slot.task), index, GFP_KERNEL)?;
    }
    let place = |task: &kernel::task::Task| found.get(&family::identity(task)).copied();
    let here = namespaces::of(&task::current())?;
    let home = namespaces::of(&slots.first().ok_or(ESRCH)?.task)?;
    for (index, (member, slot)) in plan.members.iter().zip(slots).enumerate() {
        let title = plan.title(u32::try_from(index).map_err(|_| EOVERFLOW)?);
        let mut check = || -> Result<(), Refusal> {
            let job = task::job(&slot.task);
            // A task that the caller could not debug does not take orders from it.
            if !task::may_attach(&slot.task) {
                return Err(Refusal::new(Reason::TaskAccess, EPERM));
            }
            verify_namespaces(&namespaces::of(&slot.task)?, &home, &here)?;
            built.verify(plan, member, &slot.task, new_pids)?;
            verify_groups(plan, member, &built, (&slot.task, &job), new_pids)?;
            if task::is_traced(&slot.task) || job.vfork_child {
                return differs("being traced or a vfork child", 1);
            }
            if place(&*family::leader(&slot.task)?) != Some(member.leader.get() as usize) {
                return differs("its process", job.pid.into());
            }
            let leads = member.leader.get() as usize == index;
            if leads && job.threads as usize != plan.process(member.leader).len() {
                return differs("the number of threads", job.threads.into());
            }
            // Which thread of it is a matter of `arrange`.
            let parent = family::leader(&*family::parent(&slot.task)?)?;
            let wanted = plan.leader_of(member.parent);
            if place(&parent) != wanted {
                return differs("its parent", task::number(&parent).into());
            }
            for child in family::children(&slot.task)? {
                if place(&child).is_none() {
                    return differs("its child", task::number(&child).into());
                }
            }
            Ok(())
        };
        check().map_err(|refusal| match task::is_gone(&slot.task) {
            true => slot.died(plan),
            false => refusal.member(title),
        })?;
    }
    Ok(built)
}

fn differs<T>(name: &'static str, value: i64) -> Result<T, Refusal> {
    Err(Refusal::new(Reason::ForestDiffers, EINVAL)
        .name(name)
        .value(value as u64))
}

/// One of them makes what others take over: identities, directories, files. That must not lead out of a
/// user namespace, nor into the mounts of somebody who has fewer rights.
fn verify_namespaces(
    task: &Namespaces,
    home: &Namespaces,
    caller: &Namespaces,
) -> Result<(), Refusal> {
    if task.id(namespaces::USER) != caller.id(namespaces::USER) {
        return differs("its user namespace", task.id(namespaces::USER) as i64);
    }
    match task.differs(home) {
        None if !task.children_differ => Ok(()),
        None => differs("a time namespace for its children", 1),
        Some(kind) => Err(Refusal::new(Reason::MemberNamespace, EINVAL).name(kind)),
    }
}

fn verify_groups(
    plan: &Plan,
    member: &Member,
    built: &Built,
    (task, job): (&kernel::task::Task, &task::Job),
    new_pids: bool,
) -> Result<(), Refusal> {
    let leads = task::pid_identity(task);
    let groups = [
        (
            "its process group",
            member.group,
            family::group(job),
            Of::Group,
        ),
        (
            "its session",
            member.session,
            family::session(job),
            Of::Session,
        ),
    ];
    for (name, wanted, group, of) in groups {
        let found = built.number(task, of);
        let is_own = group.identity() == leads;
        let fits = match wanted {
            ObjectId::NONE => !is_own && (new_pids || !plan.has_number(found)),
            wanted if new_pids => is_own == (wanted == member.pid),
            wanted => found == plan.number(wanted)?,
        };
        if !fits {
            return differs(name, found.into());
        }
    }
    Ok(())
}

/// Puts children below the thread that was their parent, in their order.
pub(crate) fn arrange(plan: &Plan, slots: &[Arc<Slot>]) -> Result<(), Refusal> {
    for (index, (member, slot)) in plan.members.iter().zip(slots).enumerate() {
        if member.leader.get() as usize != index {
            continue;
        }
        let parent = slots.get(member.parent.get() as usize);
        let parent = parent.map(|parent| &*parent.task);
        // Nobody here could take another signal from those that are going to end.
        let signal = match member.has_ended() {
            true => Member::SIGCHLD,
            false => member.exit_signal.get(),
        };
        family::arrange(&slot.task, parent, signal).map_err(|_| slot.died(plan))?;
    }
    Ok(())
}
