// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Who waits for a vfork child: in the middle of vfork(2), or of clone(2) with CLONE_VFORK.
//!
//! Saves: which member it waits for. Its registers are those of the call.
//! Refuses: a child, or one that waits, who is outside.
//! Restores: as the last thing that it does in the kernel it waits as it did, for the execve(2) or the
//! end of the child, and has the number of the child as the result of its call. All of that is
//! arranged while both are parked.
//! Locks: task_lock, inside one call of the glue.

use core::pin::Pin;

use kernel::prelude::*;

use super::cpu;
use crate::abstractions::task;
use crate::abstractions::vfork::{self, Wait};
use crate::capture::FrozenTask;
use crate::format::reason::Reason;
use crate::format::task::{Member, Thread};
use crate::format::TaskId;
use crate::log::Refusal;
use crate::plan::TaskPlan;
use crate::sort;

/// Finds out who waits for whom.
pub(crate) fn census(members: &mut [FrozenTask]) -> Result<(), Refusal> {
    let mut waiting = KVVec::new();
    for (index, member) in members.iter().enumerate() {
        if !member.ended && vfork::is_waiting(&member.task) {
            waiting.push(index, GFP_KERNEL)?;
        }
    }
    let children = members.iter().filter(|member| !member.ended);
    let mut found = KVVec::new();
    for child in children.filter(|child| task::job(&child.task).vfork_child) {
        let waits = |index: &&usize| {
            let one = members.get(**index);
            one.is_some_and(|one| {
                one.id.get() < child.id.get() && vfork::waits_for(&one.task, &child.task)
            })
        };
        let parent = waiting.iter().find(waits).copied();
        let parent = parent.ok_or_else(|| child.refusal(Reason::TaskVforkChild))?;
        found.push((parent, child.id), GFP_KERNEL)?;
    }
    for (parent, child) in found {
        if let Some(parent) = members.get_mut(parent) {
            parent.vfork_child = Some(child);
        }
    }
    let lost = |index: &usize| members.get(*index).filter(|one| one.vfork_child.is_none());
    match waiting.iter().find_map(lost) {
        Some(one) => Err(one.refusal(Reason::TaskVfork)),
        None => Ok(()),
    }
}

/// The member that a thread waits for.
pub(crate) fn child_of(thread: &Thread) -> Option<TaskId> {
    Some(thread.vfork_child).filter(|child| child.get() != 0)
}

/// Those who wait are in a call, and for somebody behind them who lives; nobody is waited for twice.
pub(crate) fn check(tasks: &[TaskPlan], members: &[Member]) -> Result<(), Refusal> {
    let mut children = KVVec::new();
    for (index, task) in (0..).zip(tasks) {
        let Some(child) = task.thread.as_deref().and_then(child_of) else {
            continue;
        };
        let member = members.get(child.get() as usize);
        let lives = member.is_some_and(|member| !member.has_ended());
        let in_call = task.registers.as_deref().is_some_and(cpu::is_in_call);
        if child.get() <= index || !lives || !in_call {
            return Err(wrong(child));
        }
        children.push(child, GFP_KERNEL)?;
    }
    sort::by_key(&mut children, |child| child.get());
    let twice = children.windows(2).find(|pair| pair.first() == pair.last());
    match twice.and_then(|pair| pair.first()) {
        Some(child) => Err(wrong(*child)),
        None => Ok(()),
    }
}

fn wrong(child: TaskId) -> Refusal {
    let refusal = Refusal::new(Reason::ImageReference, EINVAL);
    refusal.name("vfork_child").value(child.get().into())
}

/// The caller will wait for a task that is parked.
pub(crate) fn prepare(wait: Pin<&Wait>, child: &kernel::task::Task) -> Result<(), Refusal> {
    let failed =
        |error| Refusal::new(Reason::StateNotRestored, error).name("the wait for its child");
    wait.begin(child).map_err(failed)
}
