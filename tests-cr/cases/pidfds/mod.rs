// SPDX-License-Identifier: GPL-2.0

//! Pidfds: whom they stand for, dead or alive.

facts! {
    both: relatives, reaped;
    dynamic: asleep_polling, asleep_waiting, flags, left_to_group, many_reaped, number_used_again, threads, zombie,
}
