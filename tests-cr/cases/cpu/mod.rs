// SPDX-License-Identifier: GPL-2.0

//! Registers: general, flags, segment bases, floating point and vectors.

facts! {
    both: registers, vectors_sse, busy;
    dynamic:
        flags, red_zone, vectors_avx, vectors_avx512, x87, segment_bases, rseq_critical_section,
        protection_keys_register,
}
