// SPDX-License-Identifier: GPL-2.0

//! What tells of events: what has happened and nobody has read of is there again, and once.

facts! {
    both: counters;
    dynamic:
}
