// SPDX-License-Identifier: GPL-2.0

//! Pseudo terminals with both sides inside: settings, queues, job control.

facts! {
    both: settings;
    dynamic:
        asleep_polling, asleep_reading, asleep_reading_master, asleep_writing, background,
        closed_sides, controlling, foreground_gone, full, lines, stopped_output,
}
