// SPDX-License-Identifier: GPL-2.0

//! What a thread may not do: seccomp, syscall user dispatch.
//!
//! Saves: the strict mode; filters with their programs and flags, as the tree that they are, so that
//! tasks that share one share it again; PR_SET_SYSCALL_USER_DISPATCH in both of its modes.
//! Refuses: a filter that somebody listens to (SECCOMP_FILTER_FLAG_NEW_LISTENER).
//! Needs, at restart: no_new_privs of the saved task, or CAP_SYS_ADMIN. A restarter that is filtered
//! itself can only restart what has the same filters at the bottom: they stay where they are, and the
//! others go on top of them.
//! Locks: siglock, a filter's notify_lock; each inside one call of the glue.
//!
//! What SECCOMP_FILTER_FLAG_SPEC_ALLOW is about is in `settings`. Filters are the last thing that a
//! task takes on; the first call that they see is one of the saved program's own, which may be the
//! call that it was interrupted in, as after a thaw.

use kernel::prelude::*;
use kernel::sync::{Arc, SetOnce};
use zerocopy::little_endian::{U32, U64};

use crate::abstractions::creds::{capable, CAP_SYS_ADMIN};
use crate::abstractions::seccomp::{
    self, ConfinementState, Filter, SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
};
use crate::abstractions::task;
use crate::capture::{Capture, FrozenTask};
use crate::format::confinement::{
    Confinement, SeccompFilter, BPF_INSTRUCTION, DISPATCH_OFF, FILTER_LOG, FILTER_WAIT_KILLABLE,
    SECCOMP_FILTERS, SECCOMP_OFF, SECCOMP_STRICT,
};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

/// Flags of seccomp(2) and what the image calls them.
const FLAGS: [(u32, u32); 2] = [
    (SECCOMP_FILTER_FLAG_LOG, FILTER_LOG),
    (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, FILTER_WAIT_KILLABLE),
];

/// Describes what confines a thread.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let state = seccomp::confinement(&task.task);
    if state.seccomp > SECCOMP_FILTERS {
        out.refuse(task.refusal(Reason::TaskDying));
    }
    if state.dispatched {
        let refusal = task.refusal(Reason::TaskSyscall);
        out.refuse(refusal.name("one that is being dispatched"));
    }
    let filter = capture_filters(task, out)?;
    if state.seccomp == SECCOMP_OFF && state.dispatch == DISPATCH_OFF {
        return Ok(());
    }
    out.record(
        &Confinement {
            task: task.id,
            seccomp: U32::new(state.seccomp),
            filter,
            dispatch: U32::new(state.dispatch),
            dispatch_offset: U64::new(state.offset),
            dispatch_length: U64::new(state.length),
            dispatch_selector: U64::new(state.selector),
        },
        &[],
    )
}

/// Describes the filters of a thread that no other thread has had; gives the innermost.
fn capture_filters(task: &FrozenTask, out: &mut Capture<'_>) -> Result<ObjectId> {
    let mut new = KVVec::new();
    let mut below = ObjectId::NONE;
    let mut next = Filter::of(&task.task);
    while let Some(filter) = next {
        if let Some(known) = out.known(filter.identity()) {
            below = known;
            break;
        }
        next = filter.below();
        new.push(filter, GFP_KERNEL_ACCOUNT)?;
    }
    while let Some(filter) = new.pop() {
        let program = filter.program();
        let mut obstacle = |name| out.refuse(task.refusal(Reason::TaskFeature).name(name));
        if program.has_listener {
            obstacle("a seccomp filter with a listener");
        }
        let Some(instructions) = program.instructions else {
            obstacle("a seccomp filter that is not a classic program");
            continue;
        };
        let (id, _) = out.object(filter.identity())?;
        let count = instructions.len() as u64 / BPF_INSTRUCTION;
        let flags = FLAGS.iter().filter(|(flag, _)| program.flags & flag != 0);
        out.record(
            &SeccompFilter {
                id,
                below,
                flags: U32::new(flags.fold(0, |all, (_, flag)| all | flag)),
                instructions: U32::new(count as u32),
            },
            instructions,
        )?;
        below = id;
        out.hold_filter(filter)?;
    }
    Ok(below)
}

/// A filter that an image asks for.
pub(crate) struct FilterPlan {
    /// The place of the one below among the filters; always an earlier one.
    below: Option<usize>,
    flags: u32,
    instructions: KVVec<u8>,
    made: SetOnce<Arc<Filter>>,
}

impl FilterPlan {
    pub(crate) fn new(
        record: &SeccompFilter,
        below: Option<usize>,
        program: &[u8],
    ) -> Result<Self, Refusal> {
        let flags = FLAGS
            .iter()
            .filter(|(_, flag)| record.flags.get() & flag != 0);
        let mut instructions = KVVec::new();
        instructions.extend_from_slice(program, GFP_KERNEL_ACCOUNT)?;
        Ok(Self {
            below,
            flags: flags.fold(0, |all, (flag, _)| all | flag),
            instructions,
            made: SetOnce::new(),
        })
    }

    /// The filter, on top of the one below: for all who had it the same one.
    fn make(&self, below: Option<&Filter>) -> Result<Arc<Filter>, Refusal> {
        if let Some(made) = self.made.as_ref() {
            return Ok(made.clone());
        }
        let filter = Filter::make(&self.instructions, self.flags, below).map_err(|error| {
            Refusal::new(Reason::StateNotRestored, error).name("its seccomp filters")
        })?;
        let filter = Arc::new(filter, GFP_KERNEL)?;
        self.made.populate(filter.clone());
        Ok(filter)
    }

    fn is(&self, filter: &Filter) -> bool {
        let program = filter.program();
        program.instructions == Some(&self.instructions) && program.flags == self.flags
    }
}

/// What confines a task that has not left yet.
pub(crate) struct Confined {
    mode: u32,
    filter: Option<Arc<Filter>>,
}

/// Makes the filters, if the caller may have them, and starts to dispatch calls: both of no
/// consequence before the task leaves.
pub(crate) fn prepare(
    record: Option<&Confinement>,
    filters: &[FilterPlan],
    innermost: Option<usize>,
    no_new_privs: bool,
) -> Result<Confined, Refusal> {
    let mode = record.map_or(SECCOMP_OFF, |record| record.seccomp.get());
    let filter = build(filters, innermost, mode, no_new_privs)?;
    let mut dispatch = ConfinementState::default();
    if let Some(record) = record {
        dispatch.dispatch = record.dispatch.get();
        dispatch.offset = record.dispatch_offset.get();
        dispatch.length = record.dispatch_length.get();
        dispatch.selector = record.dispatch_selector.get();
    }
    seccomp::set_dispatch(&dispatch).map_err(|error| {
        Refusal::new(Reason::StateNotRestored, error).name("its syscall user dispatch")
    })?;
    Ok(Confined { mode, filter })
}

fn build(
    filters: &[FilterPlan],
    innermost: Option<usize>,
    mode: u32,
    no_new_privs: bool,
) -> Result<Option<Arc<Filter>>, Refusal> {
    // From the innermost to the outermost, both.
    let mut wanted = KVVec::new();
    let mut next = innermost;
    while let Some(plan) = next.and_then(|index| filters.get(index)) {
        wanted.push(plan, GFP_KERNEL_ACCOUNT)?;
        next = plan.below;
    }
    let mut own = KVVec::new();
    let mut next = Filter::of(&task::current());
    while let Some(filter) = next {
        next = filter.below();
        own.push(filter, GFP_KERNEL_ACCOUNT)?;
    }
    let mut top = None;
    while let Some(filter) = own.pop() {
        if !wanted.pop().is_some_and(|plan| plan.is(&filter)) {
            return Err(Refusal::new(Reason::RestarterConfined, EPERM).name("seccomp filters"));
        }
        top = Some(Arc::new(filter, GFP_KERNEL)?);
    }
    if mode == SECCOMP_FILTERS && !no_new_privs && !capable(CAP_SYS_ADMIN) {
        let refusal = Refusal::new(Reason::RestoreNotPermitted, EPERM);
        return Err(refusal.name("its seccomp filters without no_new_privs"));
    }
    while let Some(plan) = wanted.pop() {
        top = Some(plan.make(top.as_deref())?);
    }
    Ok(top)
}

impl Confined {
    /// Takes it on. Cannot fail: the filters lie on top of the caller's own.
    pub(crate) fn commit(self) -> Result<(), Refusal> {
        match self.mode {
            SECCOMP_STRICT | SECCOMP_FILTERS => {
                Ok(seccomp::confine(self.mode, self.filter.as_deref())?)
            }
            _ => Ok(()),
        }
    }
}
