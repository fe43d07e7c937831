// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Whom a process lets trace it beside its own ancestors (PR_SET_PTRACER), where Yama asks for that.
//!
//! Saves: which member that is, or that it may be anybody. What was said of a process that has ended
//! means nothing any more.
//! Refuses: a process outside, which would be somebody else after a restart; at restart, a kernel
//! without Yama.
//! Locks: RCU, and Yama's own lock; each inside one call of the glue.

use kernel::prelude::*;

use crate::abstractions::task;
use crate::abstractions::tracers::{self, Tracer};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::{PROCESS_TRACER, PROCESS_TRACER_ANY};
use crate::format::TaskId;
use crate::log::Refusal;
use crate::plan::TaskPlan;

/// What a process says of it: bits of its flags, and the member.
pub(super) fn capture(leader: &FrozenTask, out: &mut Capture<'_>) -> Result<(u32, TaskId)> {
    if task::is_interrupted() {
        return Err(EINTR);
    }
    let none = TaskId::new(0);
    Ok(match tracers::of(&leader.task) {
        Tracer::Nobody => (0, none),
        Tracer::Anybody => (PROCESS_TRACER_ANY, none),
        Tracer::One(task) => match out.member(task.identity) {
            Some(member) => (PROCESS_TRACER, member),
            None => {
                let refusal = leader.refusal(Reason::TaskTracer);
                out.refuse(refusal.outsider(task.number));
                (0, none)
            }
        },
    })
}

/// Whom they name must be there.
pub(crate) fn check(tasks: &[TaskPlan]) -> Result<(), Refusal> {
    let is_none = |tracer: &u32| *tracer as usize >= tasks.len();
    let processes = tasks.iter().filter_map(|own| own.process.as_deref());
    let mut tracers = processes.map(|record| record.tracer.get());
    match tracers.find(is_none) {
        Some(tracer) => {
            let refusal = Refusal::new(Reason::ImageReference, EINVAL).name("tracer");
            Err(refusal.value(tracer.into()))
        }
        None => Ok(()),
    }
}

/// Lets them trace. What the builders of the processes have said themselves counts for nothing.
pub(crate) fn restore<'a>(
    tasks: &[TaskPlan],
    task_of: impl Fn(TaskId) -> Option<&'a kernel::task::Task>,
) -> Result<(), Refusal> {
    for record in tasks.iter().filter_map(|own| own.process.as_deref()) {
        if task::is_interrupted() {
            return Err(Refusal::new(Reason::Interrupted, EINTR));
        }
        let tracer = match record.flags.get() & (PROCESS_TRACER | PROCESS_TRACER_ANY) {
            0 => Tracer::Nobody,
            PROCESS_TRACER => Tracer::One(task_of(record.tracer).ok_or(ESRCH)?),
            _ => Tracer::Anybody,
        };
        let leader = task_of(record.task).ok_or(ESRCH)?;
        tracers::set(leader, &tracer).map_err(|error| {
            Refusal::new(Reason::StateNotRestored, error)
                .name("whom it lets trace it (PR_SET_PTRACER)")
                .task(leader)
        })?;
    }
    Ok(())
}
