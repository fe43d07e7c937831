// SPDX-License-Identifier: GPL-2.0

//! Event counters.

use crate::bindings;
use kernel::prelude::*;

use super::file::OpenFile;
use super::specials::kind;
use super::storage::opened;

pub(crate) use crate::bindings::ckpt_eventfd as EventfdState;

/// What is in an eventfd; None: it is none.
pub(crate) fn state(file: &OpenFile) -> Option<EventfdState> {
    let mut state = EventfdState::default();
    if file.special() != kind::EVENTFD {
        return None;
    }
    // SAFETY: By the type invariant, and it is an eventfd.
    unsafe { bindings::ckpt_eventfd_get(file.as_ptr(), &mut state) };
    Some(state)
}

/// Makes one.
pub(crate) fn make(state: &EventfdState) -> Result<OpenFile> {
    // SAFETY: `state` is valid; a reference or an error returns.
    unsafe { opened(bindings::ckpt_eventfd_make(state)) }
}
