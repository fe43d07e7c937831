// SPDX-License-Identifier: GPL-2.0

//! Job control: stops.
//!
//! Saves: that a process is stopped, by which signal, and what its parent has not heard of that, or
//! of its being continued.
//! Refuses: a stop that is only beginning.
//! Restores: it is stopped as it leaves the kernel, without telling anybody: for a new parent the stop
//! has happened before its time, as it has for one that adopts an orphan.
//! Locks: siglock, inside one call of the glue.

use kernel::prelude::*;
use zerocopy::little_endian::U32;

use crate::abstractions::signal::{self, Stop};
use crate::capture::{Capture, FrozenTask, Waiting};
use crate::format::signals::{JobControl, JOB_CONTINUED, JOB_TELL_CONTINUED, JOB_TELL_STOPPED};

/// Describes what job control has done to a process, if anything.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let stop = signal::stop(&task.task)?;
    let flags = [
        (stop.continued, JOB_CONTINUED),
        (stop.tell_stopped, JOB_TELL_STOPPED),
        (stop.tell_continued, JOB_TELL_CONTINUED),
    ];
    let flags = flags
        .iter()
        .fold(0, |all, (is, flag)| if *is { all | flag } else { all });
    if flags == 0 && stop.signal == 0 {
        return Ok(());
    }
    let record = JobControl {
        task: task.id,
        flags: U32::new(flags),
        stop_signal: U32::new(stop.signal),
        unreported: U32::new(stop.unreported),
    };
    out.record_waiting(Waiting::Signal, &record, &[])
}

/// Takes it on. Nothing to do if there is no record.
pub(crate) fn commit(record: Option<&JobControl>) {
    let Some(record) = record else {
        return;
    };
    let flags = record.flags.get();
    signal::set_stop(&Stop {
        continued: flags & JOB_CONTINUED != 0,
        tell_stopped: flags & JOB_TELL_STOPPED != 0,
        tell_continued: flags & JOB_TELL_CONTINUED != 0,
        signal: record.stop_signal.get(),
        unreported: record.unreported.get(),
    });
}
