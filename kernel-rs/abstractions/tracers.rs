// SPDX-License-Identifier: GPL-2.0

//! Whom processes let trace them.
//!
//! C header: [`include/linux/yama_restore.h`](srctree/include/linux/yama_restore.h).

use core::ptr;

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

/// Whom a process lets trace it, with all descendants of that one.
pub(crate) enum Tracer<T> {
    Nobody,
    Anybody,
    One(T),
}

/// A task, as `task::pid_identity` tells it from others, and its number for the caller.
pub(crate) struct Known {
    pub(crate) identity: usize,
    pub(crate) number: i32,
}

/// Whom the process of a frozen `leader` lets trace it. What has ended traces nobody.
pub(crate) fn of(leader: &Task) -> Tracer<Known> {
    let mut state = bindings::ckpt_tracer::default();
    // SAFETY: `leader` is a valid task.
    unsafe { bindings::ckpt_tracer_get(leader.as_ptr(), &mut state) };
    match state.who {
        bindings::ckpt_tracer_who_CKPT_TRACER_NONE => Tracer::Nobody,
        bindings::ckpt_tracer_who_CKPT_TRACER_ANY => Tracer::Anybody,
        _ => Tracer::One(Known {
            identity: state.pid as usize,
            number: state.nr,
        }),
    }
}

/// Has the process of a parked `leader` let nobody, anybody or another parked task trace it.
pub(crate) fn set(leader: &Task, tracer: &Tracer<&Task>) -> Result {
    let (who, tracer) = match tracer {
        Tracer::Nobody => (bindings::ckpt_tracer_who_CKPT_TRACER_NONE, ptr::null_mut()),
        Tracer::Anybody => (bindings::ckpt_tracer_who_CKPT_TRACER_ANY, ptr::null_mut()),
        Tracer::One(task) => (bindings::ckpt_tracer_who_CKPT_TRACER_ONE, task.as_ptr()),
    };
    // SAFETY: Both are valid tasks, or the second is none and not asked for.
    to_result(unsafe { bindings::ckpt_tracer_set(leader.as_ptr(), who, tracer) })
}
