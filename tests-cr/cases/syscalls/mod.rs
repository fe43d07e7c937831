// SPDX-License-Identifier: GPL-2.0

//! Programs that are inside a system call when the checkpoint comes.

facts! {
    both: counter, sleeper, nanosleep;
    dynamic:
        nanosleep_remainder, clock_nanosleep, clock_nanosleep_boottime, poll, poll_forever,
        ppoll_mask, select, pselect_mask, futex_timeout, futex_absolute, futex_forever, futex_vector,
        futex_wall_clock, sleep_until_tai, pause,
        sigsuspend_mask, signal_wait, signal_wait_forever, signal_wait_timeout, signal_wait_handler,
        semaphore_wait, alarm_sleep, sleep_while_stopped, signal_while_frozen,
        signal_while_frozen_restarts, signal_while_frozen_mask, read_zero, write_stream, map_unmap, many_calls,
}
