// SPDX-License-Identifier: GPL-2.0

//! NUMA policies.

use crate::bindings;
use kernel::error::to_result;
use kernel::prelude::*;
use kernel::task::Task;

use super::space::Space;

pub(crate) use crate::bindings::ckpt_policy as Policy;

/// Most bytes in a mask of nodes.
pub(crate) const NODES: usize = bindings::CKPT_NODES as usize;

fn found(result: i32, policy: KVBox<Policy>) -> Result<Option<KVBox<Policy>>> {
    match result {
        0 => Ok(None),
        1 => Ok(Some(policy)),
        error => Err(Error::from_errno(error)),
    }
}

/// That of the area at an address.
pub(crate) fn of_area(space: &Space, address: u64) -> Result<Option<KVBox<Policy>>> {
    let mut policy = super::zeroed::<Policy>()?;
    // SAFETY: By the type invariant of `Space`.
    let result = unsafe { bindings::ckpt_policy_of_area(space.as_ptr(), address, &mut *policy) };
    found(result, policy)
}

/// That of a task.
pub(crate) fn of_task(task: &Task) -> Result<Option<KVBox<Policy>>> {
    let mut policy = super::zeroed::<Policy>()?;
    // SAFETY: `task` is a valid task.
    let result = unsafe { bindings::ckpt_policy_of_task(task.as_ptr(), &mut *policy) };
    found(result, policy)
}

fn is_sound(policy: &Policy) -> Result {
    if policy.size as usize > NODES {
        return Err(EINVAL);
    }
    Ok(())
}

/// Gives a range of the caller's address space a policy.
pub(crate) fn set_area(start: u64, end: u64, policy: &Policy) -> Result {
    is_sound(policy)?;
    // SAFETY: Points to a valid struct whose mask has the size that it says.
    to_result(unsafe { bindings::ckpt_policy_set_area(start, end, policy) })
}

/// Gives the caller a policy.
pub(crate) fn set_task(policy: &Policy) -> Result {
    is_sound(policy)?;
    // SAFETY: As above.
    to_result(unsafe { bindings::ckpt_policy_set_task(policy) })
}
