// SPDX-License-Identifier: GPL-2.0

//! What the facts about scheduling share: sched_setattr(2) and sched_getattr(2).

use ckpt_support::{must, raw};

/// struct sched_attr.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct Attributes {
    pub size: u32,
    pub policy: u32,
    pub flags: u64,
    pub nice: i32,
    pub priority: u32,
    pub runtime: u64,
    pub deadline: u64,
    pub period: u64,
    pub least_utilisation: u32,
    pub most_utilisation: u32,
}

const SIZE: usize = size_of::<Attributes>();

/// Those of the caller.
pub fn get() -> Attributes {
    let mut attributes = Attributes::default();
    let call = [0, &raw mut attributes as usize, SIZE, 0];
    must("sched_getattr", raw(libc::SYS_sched_getattr, &call));
    attributes
}

/// Takes the policy of ordinary programs again, as one does that knows nothing of slices.
pub fn be_ordinary() {
    // SAFETY: reads one sched_param.
    unsafe {
        let parameters: libc::sched_param = std::mem::zeroed();
        must(
            "sched_setscheduler",
            libc::sched_setscheduler(0, libc::SCHED_OTHER, &parameters),
        );
    }
}

/// Gives the caller these.
pub fn set(attributes: Attributes) {
    let attributes = Attributes {
        size: SIZE as u32,
        ..attributes
    };
    let call = [0, &raw const attributes as usize, 0];
    must("sched_setattr", raw(libc::SYS_sched_setattr, &call));
}
