// SPDX-License-Identifier: GPL-2.0

//! Clocks and sleeps against them.

facts! {
    both: monotonic_goes_on;
    dynamic:
        boot_clock_goes_on, wall_clock_is_now, absolute_sleep, coarse_clocks_agree,
        cpu_time_counts,
}
