// SPDX-License-Identifier: GPL-2.0

//! Timers of a process, and the signals queued for it.

use core::ptr::NonNull;

use crate::bindings;
use kernel::error::{from_err_ptr, to_result};
use kernel::prelude::*;
use kernel::task::Task;

use super::creds::Prepared;
use super::signal::Queued;
use super::task::is_interrupted;
use crate::sort;

pub(crate) use crate::bindings::{
    ckpt_itimer as IntervalTimer, //
    ckpt_timer as TimerState,
    pid as Pid,
};

/// ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF.
pub(crate) const INTERVAL_TIMERS: usize = bindings::CKPT_ITIMERS as usize;

/// What is queued, and what is still to come, at one moment.
pub(crate) struct Moment {
    /// In the order of the queues: those of the threads, the process's, and what is put aside.
    pub(crate) queue: KVVec<Queued>,
    /// The youngest first.
    pub(crate) timers: KVVec<TimerState>,
    pub(crate) interval_timers: [IntervalTimer; INTERVAL_TIMERS],
    /// Of each thread, in the order of [`super::family::threads`].
    pub(crate) pending: KVVec<u64>,
    pub(crate) shared_pending: u64,
    pub(crate) next_id: u32,
    pub(crate) chosen_ids: bool,
}

impl Moment {
    /// Of the process of a frozen task.
    pub(crate) fn of(task: &Task) -> Result<Self> {
        let mut queue = KVVec::new();
        let mut timers = KVVec::new();
        let mut pending = KVVec::from_elem(0u64, 1, GFP_KERNEL)?;
        let mut threads = KVVec::from_elem(core::ptr::null::<Pid>(), 1, GFP_KERNEL)?;
        loop {
            // Timers go on meanwhile, and others may send signals for as long as they like.
            if is_interrupted() {
                return Err(EINTR);
            }
            let mut raw = bindings::ckpt_moment {
                queued_room: u32::try_from(queue.len())?,
                timers_room: u32::try_from(timers.len())?,
                threads_room: u32::try_from(pending.len())?,
                pending: pending.as_mut_ptr(),
                thread: threads.as_mut_ptr(),
                queue: queue.as_mut_ptr(),
                timer: timers.as_mut_ptr(),
                ..bindings::ckpt_moment::default()
            };
            // SAFETY: The arrays have the room that is said.
            to_result(unsafe { bindings::ckpt_moment_get(task.as_ptr(), &mut raw) })?;
            let (queued, made) = (raw.queued as usize, raw.timers as usize);
            let count = raw.threads as usize;
            if queued <= queue.len() && made <= timers.len() && count <= pending.len() {
                queue.truncate(queued);
                timers.truncate(made);
                pending.truncate(count);
                threads.truncate(count);
                place_ignored(&mut queue, &threads)?;
                return Ok(Self {
                    queue,
                    timers,
                    interval_timers: raw.itimers,
                    pending,
                    shared_pending: raw.shared_pending,
                    next_id: raw.next_id,
                    chosen_ids: raw.chosen_ids,
                });
            }
            let room = with_some(queued, queue.len());
            queue.resize(room, Queued::default(), GFP_KERNEL_ACCOUNT)?;
            let room = with_some(made, timers.len());
            timers.resize(room, TimerState::default(), GFP_KERNEL_ACCOUNT)?;
            let room = with_some(count, pending.len());
            pending.resize(room, 0, GFP_KERNEL_ACCOUNT)?;
            threads.resize(room, core::ptr::null(), GFP_KERNEL_ACCOUNT)?;
        }
    }
}

/// Room for so many, and some that come meanwhile; as there is, if that is enough.
fn with_some(count: usize, room: usize) -> usize {
    match count > room {
        true => count.saturating_add(count / 2),
        false => room,
    }
}

/// Finds the places of the threads whose signals are put aside. A thread that has ended has none;
/// then the first one's, for somebody has to have what its timer still keeps.
fn place_ignored(queue: &mut [Queued], threads: &[*const Pid]) -> Result {
    let is_to_place = |queued: &Queued| queued.ignored && !queued.shared;
    if !queue.iter().any(is_to_place) {
        return Ok(());
    }
    let mut order = KVVec::with_capacity(threads.len(), GFP_KERNEL)?;
    for (place, thread) in (0u32..).zip(threads) {
        order.push((*thread as usize, place), GFP_KERNEL)?;
    }
    sort::values(&mut order);
    for queued in queue.iter_mut().filter(|queued| is_to_place(queued)) {
        let target = queued.target as usize;
        let found = order.binary_search_by_key(&target, |(thread, _)| *thread);
        let found = found.ok().and_then(|index| order.get(index));
        queued.thread = found.map_or(0, |(_, place)| *place);
    }
    Ok(())
}

/// Drops the timers that the caller's process came with.
pub(crate) fn drop_all() {
    // SAFETY: The caller is a task that has joined; nobody of its process uses a timer.
    unsafe { bindings::ckpt_timers_drop() };
}

/// A POSIX timer of a process whose threads are parked, for as long as nobody deletes it: only they
/// could.
pub(crate) struct Timer(NonNull<bindings::k_itimer>);

// SAFETY: The timer has a lock of its own.
unsafe impl Send for Timer {}
// SAFETY: As above.
unsafe impl Sync for Timer {}

impl Timer {
    /// Creates it, not yet set. Its signal counts for `owner`, up to `limit`.
    pub(crate) fn new(state: &TimerState, owner: &Prepared, limit: u64) -> Result<Self> {
        // SAFETY: `owner` holds its credentials. What the state says is checked as timer_create(2)
        // would.
        let timer = unsafe { bindings::ckpt_timer_create(state, owner.as_ptr(), limit) };
        NonNull::new(from_err_ptr(timer)?).map(Self).ok_or(ENOMEM)
    }

    /// Puts its signal where it was. Once, and before it starts.
    pub(crate) fn fired(&self, signal: &Queued) {
        // SAFETY: By the type, the timer is there.
        unsafe { bindings::ckpt_timer_fired(self.0.as_ptr(), signal) };
    }

    /// Starts it.
    pub(crate) fn start(&self, state: &TimerState) {
        // SAFETY: By the type, the timer is there.
        unsafe { bindings::ckpt_timer_start(self.0.as_ptr(), state) };
    }
}

/// Queues the signal of a timer that is no more.
pub(crate) fn queue_of_deleted(signal: &Queued) -> Result {
    // SAFETY: `queued` has checked the number.
    to_result(unsafe { bindings::ckpt_timer_deleted(signal) })
}

/// Starts the interval timers of the caller's process, and its limit of CPU time.
pub(crate) fn start_interval_timers(timers: &[IntervalTimer; INTERVAL_TIMERS]) {
    // SAFETY: The array has one for each of them.
    unsafe { bindings::ckpt_itimers_start(timers.as_ptr()) };
}

/// The id for the next POSIX timer of the caller's process; PR_TIMER_CREATE_RESTORE_IDS.
pub(crate) fn set_ids(next: u32, chosen: bool) {
    // SAFETY: No precondition.
    unsafe { bindings::ckpt_timers_set(next, chosen) };
}
