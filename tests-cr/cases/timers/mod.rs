// SPDX-License-Identifier: GPL-2.0

//! Interval timers, POSIX timers, accumulated CPU time.

pub mod timer;

facts! {
    both: interval_fires, overruns;
    dynamic:
        interval_far, interval_repeats, interval_waits, interval_ignored, interval_cpu, ids,
        every_clock, overrun_kept, queue_order, stale_signals, ignored, silent, for_a_thread,
        charged, cpu_timers, each_handled, each_once, work_as_new, usage, start_time, cpu_limit, cpu_sleep,
}
