// SPDX-License-Identifier: GPL-2.0

//! Registers: general, flags, segment bases, floating point and vectors; and what else a thread has
//! of its CPU.

mod compat;

facts! {
    both: registers, vectors_sse, busy;
    dynamic:
        compat_code, compat_segments, compat_wait, flags, last_fault, local_descriptors,
        own_single_steps, rare_flags,
        red_zone, shadow_stack_lock, time_stamp_counter_off, vector_control_alone, vectors_avx,
        vectors_avx512, x87, segment_bases, rseq_critical_section, protection_keys_register,
}
