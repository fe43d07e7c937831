// SPDX-License-Identifier: GPL-2.0

//! What tasks have used, and when they started.
//!
//! Saves: CPU time of the thread, of threads that have ended, of children waited for; faults,
//! switches, input and output, peaks of memory; the start of the thread on the container's clocks.
//! Restores: all of it exactly, by the coordinator, over what the restart itself has used. CPU-time
//! clocks and limits go on from there.
//! Needs, at restart: for the start CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN in the initial user
//! namespace; else tasks have started when the restart made them. By pid and start programs outside
//! know a process from another one, and give it rights (polkit).
//! Leaves out: what the cgroup and the scheduler count for themselves.
//! Locks: the seqlock and the leaf locks of these counters, inside one call of the glue.

use kernel::prelude::*;
use kernel::task::Task;
use zerocopy::little_endian::{U32, U64};
use zerocopy::FromZeros;

use crate::abstractions::namespaces::{self, Namespaces};
use crate::abstractions::space::PAGE;
use crate::abstractions::task::{self, Usage as State, UsageOf, CHILDREN, ENDED, THREAD};
use crate::capture::{Capture, FrozenTask};
use crate::format::reason::Reason;
use crate::format::task::Member;
use crate::format::usage::{Usage, LONGEST, USAGE_CHILDREN, USAGE_ENDED, USAGE_THREAD};
use crate::log::Refusal;
use crate::plan::TaskPlan;

/// Number here, number in the image.
const WHOSE: [(UsageOf, u32); 3] = [
    (THREAD, USAGE_THREAD),
    (ENDED, USAGE_ENDED),
    (CHILDREN, USAGE_CHILDREN),
];

/// One counter: in the kernel and in a record.
type Counter = (fn(&mut State) -> &mut u64, fn(&mut Usage) -> &mut U64);

macro_rules! counters {
    ($($here:ident = $there:ident),* $(,)?) => {
        &[$((|state| &mut state.$here, |record| &mut record.$there)),*]
    };
}

/// Those that need no conversion.
const COUNTERS: &[Counter] = counters! {
    user = user_ns,
    system = system_ns,
    guest = guest_ns,
    runtime = runtime_ns,
    told_user = told_user_ns,
    told_system = told_system_ns,
    minor_faults = minor_faults,
    major_faults = major_faults,
    voluntary_switches = voluntary_switches,
    involuntary_switches = involuntary_switches,
    blocks_in = blocks_in,
    blocks_out = blocks_out,
    read_chars = read_chars,
    write_chars = write_chars,
    read_calls = read_calls,
    write_calls = write_calls,
    read_bytes = read_bytes,
    write_bytes = write_bytes,
    cancelled_bytes = cancelled_bytes,
    waited = waited_ns,
    slices = slices,
};

/// Describes what a thread has used; with the leader, what is counted for all of its process.
pub(crate) fn capture(task: &FrozenTask, out: &mut Capture<'_>) -> Result {
    let own = |(_, there): &&(UsageOf, u32)| task.is_leader() || *there == USAGE_THREAD;
    for (here, there) in WHOSE.iter().filter(own).copied() {
        let mut state = task::usage(&task.task, here);
        let mut record = Usage::new_zeroed();
        record.task = task.id;
        record.whose = U32::new(there);
        for (from, to) in COUNTERS {
            *to(&mut record) = U64::new(*from(&mut state));
        }
        record.peak_bytes = U64::new(state.peak_pages.saturating_mul(PAGE));
        record.peak_space_bytes = U64::new(state.peak_space_pages.saturating_mul(PAGE));
        if there == USAGE_THREAD {
            let Namespaces {
                boottime_offset,
                monotonic_offset,
                ..
            } = task.namespaces;
            let boottime = state.start_boottime.wrapping_add_signed(boottime_offset);
            let monotonic = state.start_monotonic.wrapping_add_signed(monotonic_offset);
            record.start_boottime_ns = U64::new(boottime);
            record.start_monotonic_ns = U64::new(monotonic);
        }
        out.record(&record, &[])?;
    }
    Ok(())
}

/// Does what the threads of each process have used add up? The kernel divides by the sum of it.
pub(crate) fn check<'a>(
    members: impl Iterator<Item = (&'a Member, &'a TaskPlan)>,
) -> Result<(), Refusal> {
    let (mut leader, mut sum) = (None, 0u64);
    for (member, task) in members {
        if leader != Some(member.leader) {
            (leader, sum) = (Some(member.leader), 0);
        }
        let own = task.usage.iter().flatten();
        for record in own.filter(|record| record.whose.get() != USAGE_CHILDREN) {
            let times = [record.user_ns.get(), record.system_ns.get()];
            sum = times
                .iter()
                .fold(sum, |sum, time| sum.saturating_add(*time));
        }
        if sum > LONGEST {
            let refusal = Refusal::new(Reason::ImageValue, EINVAL).name("user_ns");
            return Err(refusal.value(sum));
        }
    }
    Ok(())
}

/// Gives it to a task that is parked or has ended; its start if the caller may say that. It may lie
/// before that of the machine: then the kernel's number for it is negative, and right again in the
/// container's time namespace. Nobody started later than now.
pub(crate) fn restore(
    task: &Task,
    here: &Namespaces,
    records: &[Option<KVBox<Usage>>],
    with_start: bool,
) -> Result {
    for record in records.iter().flatten() {
        let whose = WHOSE.iter().find(|(_, there)| *there == record.whose.get());
        let (whose, _) = whose.ok_or(EINVAL)?;
        let mut record = **record;
        let mut state = State::default();
        for (to, from) in COUNTERS {
            *to(&mut state) = from(&mut record).get();
        }
        state.peak_pages = record.peak_bytes.get() / PAGE;
        state.peak_space_pages = record.peak_space_bytes.get() / PAGE;
        task::set_usage(task, *whose, &state);
        if with_start && *whose == THREAD {
            let now = namespaces::monotonic_ns();
            let back = |time: U64, ahead: i64, now: i64| {
                let there = time.get().wrapping_sub(ahead as u64);
                (there as i64).min(now) as u64
            };
            let boottime = namespaces::boottime_ns(now);
            let boottime = back(record.start_boottime_ns, here.boottime_offset, boottime);
            let monotonic = back(record.start_monotonic_ns, here.monotonic_offset, now);
            task::set_start(task, boottime, monotonic);
        }
    }
    Ok(())
}

/// Records about one task: one of each.
pub(crate) const KINDS: usize = WHOSE.len();

#[kunit_tests(checkpoint_usage)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_has_a_place_of_its_own() {
        let mut state = State::default();
        let mut record = Usage::new_zeroed();
        for (number, (here, there)) in COUNTERS.iter().enumerate() {
            let number = number as u64 + 1;
            *here(&mut state) = number;
            *there(&mut record) = U64::new(number);
        }
        for (number, (here, there)) in COUNTERS.iter().enumerate() {
            let number = number as u64 + 1;
            assert_eq!(*here(&mut state), number);
            assert_eq!(there(&mut record).get(), number);
        }
    }
}
