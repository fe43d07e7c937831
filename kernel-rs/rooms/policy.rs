// SPDX-License-Identifier: GPL-2.0

//! NUMA policies of areas and of tasks.
//!
//! Saves: mode, nodes, home node, how far interleaving has come. Where pages lie is not saved: they
//! are allocated anew, as the policy of their area says.
//! Restores: exactly these nodes or nothing; a machine that lacks one is refused.
//! Locks: mmap_lock, task_lock; each inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::U32;
use zerocopy::little_endian::U64;

use crate::abstractions::policy::{self, Policy};
use crate::abstractions::space::Space;
use crate::capture::{Capture, FrozenTask};
use crate::format::memory::{AreaPolicy, TaskPolicy};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;

fn nodes(policy: &Policy) -> &[u8] {
    policy.nodes.get(..policy.size as usize).unwrap_or(&[])
}

/// Describes the policy of the area at an address, which has one.
pub(crate) fn capture_area(
    space: &Space,
    id: ObjectId,
    address: u64,
    out: &mut Capture<'_>,
) -> Result {
    let Some(policy) = policy::of_area(space, address)? else {
        return Ok(());
    };
    out.record(
        &AreaPolicy {
            space: id,
            mode: U32::new(policy.mode),
            address: U64::new(address),
            home_node: U32::new(policy.home_node),
            reserved: U32::ZERO,
        },
        nodes(&policy),
    )
}

/// Describes the policy of a task, if it has one.
pub(crate) fn capture_task(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let Some(policy) = policy::of_task(&task.task)? else {
        return Ok(());
    };
    out.record(
        &TaskPolicy {
            task: task.id,
            mode: U32::new(policy.mode),
            last_node: U32::new(policy.last_node),
            weight: U32::new(policy.weight),
        },
        nodes(&policy),
    )
}

/// A policy as the image describes it.
pub(crate) struct PolicyPlan(KVBox<Policy>);

impl PolicyPlan {
    fn new(mode: u32, mask: &[u8]) -> Result<Self, Refusal> {
        let mut policy = crate::abstractions::zeroed::<Policy>()?;
        policy.mode = mode;
        policy.size = u32::try_from(mask.len()).map_err(|_| EINVAL)?;
        let to = policy.nodes.get_mut(..mask.len()).ok_or(EINVAL)?;
        to.copy_from_slice(mask);
        Ok(Self(policy))
    }

    /// That of an area.
    pub(crate) fn of_area(record: &AreaPolicy, mask: &[u8]) -> Result<Self, Refusal> {
        let mut plan = Self::new(record.mode.get(), mask)?;
        plan.0.home_node = record.home_node.get();
        Ok(plan)
    }

    /// That of a task.
    pub(crate) fn of_task(record: &TaskPolicy, mask: &[u8]) -> Result<Self, Refusal> {
        let mut plan = Self::new(record.mode.get(), mask)?;
        plan.0.last_node = record.last_node.get();
        plan.0.weight = record.weight.get();
        Ok(plan)
    }

    /// Gives it to an area of the caller's.
    pub(crate) fn apply(&self, start: u64, end: u64) -> Result<(), Refusal> {
        policy::set_area(start, end, &self.0).map_err(|error| refusal(error).address(start))
    }
}

/// Gives the caller its policy; without one the default, not the restarter's.
pub(crate) fn restore_task(plan: Option<&PolicyPlan>) -> Result<(), Refusal> {
    let set = match plan {
        Some(plan) => policy::set_task(&plan.0),
        None => policy::set_task(&*crate::abstractions::zeroed::<Policy>()?),
    };
    set.map_err(refusal)
}

fn refusal(error: Error) -> Refusal {
    if error == ENODEV {
        Refusal::new(Reason::NodeMissing, error)
    } else {
        Refusal::new(Reason::StateNotRestored, error).name("a NUMA policy")
    }
}
