// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Who is in a container: every task, in the order of the image.
//!
//! A process comes with all its threads, its leader first, and before its children; children of one
//! thread come in the order in which wait(2) finds them. A process whose parent is outside is a root.
//! What has ended and was not waited for yet is there too, if its parent is.

use kernel::prelude::*;
use kernel::rbtree::RBTree;
use kernel::sync::aref::ARef;
use kernel::task::Task;

use crate::abstractions::cgroup::Cgroup;
use crate::abstractions::namespaces::{self, Namespaces};
use crate::abstractions::{errno, family, task, vfork};
use crate::capture::FrozenTask;
use crate::format::header::MAX_TASKS;
use crate::format::reason::Reason;
use crate::format::TaskId;
use crate::log::Refusal;
use crate::made;
use crate::rooms;
use crate::sort;

/// A process that has been found, and the thread that is its parent.
struct Found {
    leader: ARef<Task>,
    parent: TaskId,
}

/// Every task of the cgroup, off its CPU, and the caller's to look into. Whoever was killed just before
/// it froze counts as frozen until it begins to die: the dying are seen off first.
pub(crate) fn take(cgroup: &Cgroup) -> Result<KVVec<FrozenTask>, Refusal> {
    /// In milliseconds.
    const PATIENCE: u32 = 5_000;

    let mut taken = look_around(cgroup);
    task::wait_until(PATIENCE, || {
        let is_final = match &taken {
            Err(refusal) => !refusal.is_because(&[Reason::TaskDying, Reason::Thawed]),
            Ok(_) => true,
        };
        if is_final || task::is_interrupted() {
            return true;
        }
        taken = look_around(cgroup);
        false
    });
    taken
}

/// The tasks as they are now.
fn look_around(cgroup: &Cgroup) -> Result<KVVec<FrozenTask>, Refusal> {
    if cgroup.has_populated_children() {
        let refusal = Refusal::new(Reason::DescendantTasks, errno::not_supported());
        return Err(refusal.text(&cgroup.populated_below()));
    }
    let own = namespaces::of(&task::current())?;
    let live = cgroup.tasks()?;
    if live.is_empty() {
        return Err(Refusal::new(Reason::Empty, ESRCH));
    }
    let mut processes = roots(&live, cgroup)?;
    let mut members = KVVec::new();
    let mut met = 0usize;
    let mut next = 0;
    while let Some(found) = processes.get(next) {
        let (leader, parent) = (found.leader.clone(), found.parent);
        next = next.saturating_add(1);
        let first = members.len();
        add_process(&leader, parent, cgroup, &own, &mut members)?;
        let threads = members.get(first..).unwrap_or(&[]);
        met = met.saturating_add(threads.iter().filter(|thread| !thread.ended).count());
        for thread in threads.iter().filter(|thread| !thread.ended) {
            add_children(thread, cgroup, &mut processes)?;
        }
    }
    // Somebody who is about to die is in one list and not in the other.
    if met != live.len() {
        return Err(Refusal::new(Reason::Thawed, EAGAIN));
    }
    rooms::vfork::census(&mut members)?;
    Ok(members)
}

/// Processes whose parent is outside, the oldest first.
fn roots(live: &[ARef<Task>], cgroup: &Cgroup) -> Result<KVVec<Found>, Refusal> {
    let mut seen = RBTree::<usize, ()>::new();
    let mut roots = KVVec::new();
    let reaped = |_| Refusal::new(Reason::Thawed, EAGAIN);
    for task in live {
        let leader = family::leader(task).map_err(reaped)?;
        let identity = family::identity(&leader);
        if seen.get(&identity).is_some() {
            continue;
        }
        seen.try_create_and_insert(identity, (), GFP_KERNEL)?;
        let parent = family::parent(&leader).map_err(reaped)?;
        if !cgroup.contains(&parent) {
            let job = task::job(&leader);
            roots.push((job.start_boottime, job.pid, leader), GFP_KERNEL)?;
        }
    }
    sort::by_key(&mut roots, |(start, number, _)| (*start, *number));
    let mut found = KVVec::with_capacity(roots.len(), GFP_KERNEL)?;
    for (_, _, leader) in roots {
        let parent = TaskId::OUTSIDE;
        found.push(Found { leader, parent }, GFP_KERNEL)?;
    }
    Ok(found)
}

/// The threads of a process become members.
fn add_process(
    leader: &ARef<Task>,
    parent: TaskId,
    cgroup: &Cgroup,
    own: &Namespaces,
    members: &mut KVVec<FrozenTask>,
) -> Result<(), Refusal> {
    let first = members.len();
    let leader_id = TaskId::new(u32::try_from(first).map_err(|_| EOVERFLOW)?);
    for thread in family::threads(leader)? {
        let ended = family::has_ended(&thread);
        if !ended && !cgroup.contains(&thread) {
            let refusal = Refusal::new(Reason::TaskChildren, errno::not_supported());
            return Err(refusal.task(leader).value(task::number(&thread) as u64));
        }
        if members.len() >= MAX_TASKS as usize {
            let count = members.len() as u64;
            return Err(Refusal::new(Reason::TooManyTasks, EFBIG).value(count));
        }
        let id = TaskId::new(u32::try_from(members.len()).map_err(|_| EOVERFLOW)?);
        check(&thread, ended)?;
        // The dead have left their namespaces; their clocks were those of their relatives.
        let (namespaces, foreign) = match ended {
            true => (relative(parent, members, own), None),
            false => {
                let namespaces = namespaces::of(&thread)?;
                let foreign = made::foreign_namespace(&namespaces, own);
                (namespaces, foreign)
            }
        };
        let member = FrozenTask {
            task: thread,
            id,
            leader: leader_id,
            parent,
            ended,
            process_ended: false,
            namespaces,
            foreign,
            vfork_child: None,
        };
        members.push(member, GFP_KERNEL_ACCOUNT)?;
    }
    let threads = members.get_mut(first..).unwrap_or(&mut []);
    let alive = threads.iter().find(|thread| !thread.ended);
    let namespaces = alive.map(|alive| alive.namespaces);
    for thread in threads.iter_mut().filter(|thread| thread.ended) {
        thread.process_ended = namespaces.is_none();
        thread.namespaces = namespaces.unwrap_or(thread.namespaces);
    }
    Ok(())
}

/// The namespaces of a parent; of the caller, if that is outside.
fn relative(parent: TaskId, members: &[FrozenTask], own: &Namespaces) -> Namespaces {
    let parent = members.get(parent.get() as usize);
    parent.map_or(*own, |parent| parent.namespaces)
}

/// The children of a thread will be members.
fn add_children(
    thread: &FrozenTask,
    cgroup: &Cgroup,
    processes: &mut KVVec<Found>,
) -> Result<(), Refusal> {
    for leader in family::children(&thread.task)? {
        if !family::has_ended(&leader) && !cgroup.contains(&leader) {
            // It may have forked to be traced by its child.
            let reason = match task::is_traced(&thread.task) {
                true => Reason::TaskTraced,
                false => Reason::TaskChildren,
            };
            let number = task::number(&leader) as u64;
            return Err(thread.refusal(reason).value(number));
        }
        let parent = thread.id;
        processes.push(Found { leader, parent }, GFP_KERNEL)?;
    }
    Ok(())
}

fn check(task: &ARef<Task>, ended: bool) -> Result<(), Refusal> {
    let refuse = |reason, error| Err(Refusal::new(reason, error).task(task));
    if task::is_kernel(task) {
        return refuse(Reason::TaskKernel, errno::not_supported());
    }
    if !ended && task::is_gone(task) {
        return refuse(Reason::TaskDying, EAGAIN);
    }
    if !task::may_attach(task) {
        return refuse(Reason::TaskAccess, EPERM);
    }
    if !ended && !vfork::is_waiting(task) && !task::is_at_rest(task) {
        let reason = match task::job(task).stopping {
            _ if task::is_gone(task) => Reason::TaskDying,
            _ if task::is_traced(task) => Reason::TaskTraced,
            true => Reason::TaskStopped,
            false => Reason::TaskNotQuiet,
        };
        return refuse(reason, errno::not_supported());
    }
    Ok(())
}
