// SPDX-License-Identifier: GPL-2.0

//! Programs that are inside a system call when the checkpoint comes.

facts! {
    both: counter, sleeper, nanosleep;
    dynamic:
        nanosleep_remainder, clock_nanosleep, clock_nanosleep_boottime, poll, poll_forever,
        ppoll_mask, select, pselect_mask, futex_timeout, futex_absolute, futex_forever, pause,
        sigsuspend_mask, signal_wait, read_zero, write_stream, map_unmap, many_calls,
}
