// SPDX-License-Identifier: GPL-2.0

//! Signal actions, masks, stacks, frames, queues, stops.

facts! {
    both: handlers;
    dynamic:
        actions, blocked, alternate_stack, inside_handler, inside_handler_on_altstack, ignored,
        system_calls_restart, pending_blocked, pending_details, vector_state_in_frame,
        fault_handler, stopped, pending_stop, pending_ignored, pending_overflow, pending_many,
        pending_kinds, alternate_stack_flags,
}
