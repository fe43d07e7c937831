// SPDX-License-Identifier: GPL-2.0
#![forbid(unsafe_code)]

//! Epolls: what they look at, and what of that is ready.
//!
//! Saves: each item with its file, the descriptor it was added by (that may stand for another file by
//! now), events and data, also if it was disarmed; in which order they were added, which says who is
//! woken first; what is ready, in that order. Whatever was seen already is not ready any more, and
//! what was not seen is. Parameters of busy polling.
//! Refuses: a file that nobody in the container has; a signalfd that waits for the signals of a
//! process outside.
//! Needs, at restart: CAP_BLOCK_SUSPEND for EPOLLWAKEUP, CAP_NET_ADMIN for a large budget of busy
//! polling; room within the limit of watches of the user who has made it.
//! Restores: items when everything that they look at is open and filled, and whose signals they wait
//! for is settled. What is ready comes last, before timers start: no event of the restart itself is
//! one for the container. What is handed in is another file, and ready if it is.
//! Locks: the mutex of an epoll over its spinlock, f_lock, the wait queues of its files; each inside
//! one call of the glue.

use kernel::prelude::*;
use kernel::sync::aref::ARef;
use kernel::task::Task;
use zerocopy::little_endian::{U32, U64};

use super::descriptors::blame;
use super::files::FilePlan;
use super::handed::{self, HandedPlan};
use crate::abstractions::creds::Prepared;
use crate::abstractions::descriptors::{self, Suspect};
use crate::abstractions::errno;
use crate::abstractions::file::OpenFile;
use crate::abstractions::polls::{self, EpollParams, Item, ItemState};
use crate::abstractions::space::Space;
use crate::capture::{Capture, FrozenTask};
use crate::format::events::{Epoll, EpollItem};
use crate::format::reason::Reason;
use crate::format::ObjectId;
use crate::log::Refusal;
use crate::sort;

/// An epoll whose items are still to be described.
pub(crate) struct Unseen {
    file: OpenFile,
    task: ARef<Task>,
    descriptor: Option<u32>,
}

impl Unseen {
    fn refusal(&self, reason: Reason) -> Refusal {
        let refusal = Refusal::new(reason, errno::not_supported()).task(&self.task);
        match self.descriptor {
            Some(number) => refusal.fd(number),
            None => refusal,
        }
    }
}

/// Describes one; its items come later.
pub(super) fn capture(
    file: &OpenFile,
    task: &FrozenTask,
    descriptor: Option<u32>,
    out: &mut Capture<'_>,
) -> Result<ObjectId> {
    let params = polls::Epoll::of(file).ok_or(EINVAL)?.params();
    let record = Epoll {
        id: out.new_object()?,
        busy_poll_usecs: U32::new(params.busy_poll_usecs),
        busy_poll_budget: U32::new(params.busy_poll_budget.into()),
        prefer_busy_poll: U32::new(params.prefer_busy_poll.into()),
    };
    out.record(&record, &[])?;
    let unseen = Unseen {
        file: file.clone(),
        task: task.task.clone(),
        descriptor,
    };
    out.epolls.push(unseen, GFP_KERNEL)?;
    Ok(record.id)
}

/// Describes the items of all epolls; when all open files are known, wherever they are held. Also
/// after timers: one that fires meanwhile has then not fired yet, and its event is still to come.
pub(crate) fn capture_items(out: &mut Capture<'_>) -> Result {
    let all = core::mem::take(&mut out.epolls);
    let mut items = KVVec::new();
    for (index, unseen) in all.iter().enumerate() {
        let epoll = polls::Epoll::of(&unseen.file).ok_or(EINVAL)?;
        for item in epoll.items()? {
            items.push((index, item), GFP_KERNEL)?;
        }
    }
    sort::by_key(&mut items, |(_, item)| item.state.order);
    let mut strangers = KVVec::new();
    for (index, item) in items {
        let unseen = all.get(index).ok_or(EINVAL)?;
        let epoll = out.known(unseen.file.identity()).ok_or(EINVAL)?;
        let number = item.state.fd.unsigned_abs();
        let known = out.known(item.file.identity());
        let Some(file) = known.or(handed::known(&item.file, number, out)) else {
            strangers.push((item.file, index), GFP_KERNEL)?;
            continue;
        };
        let actions = match item.listener() {
            None | Some(0) => ObjectId::NONE,
            Some(listener) => match out.known(listener) {
                Some(actions) => actions,
                None => {
                    out.refuse(unseen.refusal(Reason::EpollSignals).value(number.into()));
                    continue;
                }
            },
        };
        let record = EpollItem {
            epoll,
            file,
            number: U32::new(number),
            ready: U32::new(item.state.ready),
            events: U32::new(item.state.events),
            actions,
            data: U64::new(item.state.data),
        };
        out.record(&record, &[])?;
    }
    refuse(strangers, &all, out)
}

/// Files that nobody in the container has; those outside are gone through once.
fn refuse(
    mut strangers: KVVec<(OpenFile, usize)>,
    all: &[Unseen],
    out: &mut Capture<'_>,
) -> Result {
    if strangers.is_empty() {
        return Ok(());
    }
    sort::by_key(&mut strangers, |(file, index)| (file.identity(), *index));
    let same = |one: &(OpenFile, _), other: &(OpenFile, _)| one.0.identity() == other.0.identity();
    let mut suspects = KVVec::new();
    for strangers in strangers.chunk_by(same) {
        if let Some((file, _)) = strangers.first() {
            suspects.push(Suspect::new(file), GFP_KERNEL)?;
        }
    }
    descriptors::find_outside(out.cgroup, &mut suspects)?;
    for (suspect, strangers) in suspects.iter().zip(strangers.chunk_by(same)) {
        for (file, index) in strangers {
            let unseen = all.get(*index).ok_or(EINVAL)?;
            let label = file.label();
            if suspect.outsider() == 0 {
                out.refuse(unseen.refusal(Reason::EpollTarget).text(&label));
                continue;
            }
            let refusal = unseen.refusal(Reason::EpollOutside);
            out.refuse(blame(
                refusal,
                &label,
                b", which is only open in ",
                suspect,
            )?);
        }
    }
    Ok(())
}

/// Makes one, with nothing in it yet.
pub(super) fn open(record: &Epoll, plan: &FilePlan, owner: &Prepared) -> Result<OpenFile, Refusal> {
    let params = EpollParams {
        busy_poll_usecs: record.busy_poll_usecs.get(),
        busy_poll_budget: record.busy_poll_budget.get() as u16,
        prefer_busy_poll: record.prefer_busy_poll.get() as u8,
        ..EpollParams::default()
    };
    polls::epoll(owner, &params).map_err(|error| match error {
        EPERM => Refusal::new(Reason::RestoreNotPermitted, error).name("a budget of busy polling"),
        error => plan.refusal(Reason::StateNotRestored, error),
    })
}

/// What an item looks at.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    File(usize),
    Handed(usize),
}

/// An item as the image describes it.
pub(crate) struct ItemPlan {
    pub(crate) record: EpollItem,
    /// Place of the epoll among the files.
    pub(crate) epoll: usize,
    pub(crate) target: Target,
    /// Place of those for whose signals it waits among the signal actions.
    pub(crate) actions: Option<usize>,
}

/// Items that have been added, with their epolls; by epoll, and what is ready in its order.
pub(crate) struct Items(KVVec<(usize, ItemState)>);

/// Adds all items, whose memory counts as that of `payer`. `task_of`: a parked task that has these
/// actions.
pub(crate) fn add_all<'a>(
    plans: &[ItemPlan],
    files: &[OpenFile],
    handed: &[HandedPlan],
    payer: &Space,
    task_of: impl Fn(usize) -> Option<&'a Task>,
) -> Result<Items, Refusal> {
    let mut added = KVVec::with_capacity(plans.len(), GFP_KERNEL_ACCOUNT)?;
    for plan in plans {
        let file = match plan.target {
            Target::File(index) => files.get(index),
            Target::Handed(index) => handed.get(index).and_then(HandedPlan::file),
        };
        let file = file.ok_or(EINVAL)?.clone();
        let task = match plan.actions {
            Some(actions) => Some(task_of(actions).ok_or(ESRCH)?),
            None => None,
        };
        let fresh = matches!(plan.target, Target::Handed(_));
        let record = &plan.record;
        let state = ItemState {
            fd: record.number.get() as i32,
            events: record.events.get(),
            data: record.data.get(),
            ready: if fresh { 0 } else { record.ready.get() },
            fresh,
            ..ItemState::default()
        };
        let item = Item::new(file, state);
        let epoll = files.get(plan.epoll).and_then(polls::Epoll::of);
        let added_to = epoll.ok_or(EINVAL)?;
        added_to.add(&item, task, payer).map_err(|error| {
            let refusal = Refusal::new(Reason::EpollNotAdded, error).text(&item.file.label());
            refusal.value(record.number.get().into())
        })?;
        added.push((plan.epoll, item.state), GFP_KERNEL_ACCOUNT)?;
    }
    sort::by_key(&mut added, |(epoll, state)| (*epoll, state.ready));
    Ok(Items(added))
}

impl Items {
    /// Says what is ready: no other event has come to the container yet. Nothing can fail but for
    /// want of memory, or if somebody keeps one of them.
    pub(crate) fn settle(&self, files: &[OpenFile]) -> Result {
        let mut states = KVVec::new();
        for items in self.0.chunk_by(|(one, _), (other, _)| one == other) {
            states.clear();
            states.reserve(items.len(), GFP_KERNEL)?;
            for (_, state) in items {
                states.push(*state, GFP_KERNEL)?;
            }
            let epoll = items.first().and_then(|(epoll, _)| files.get(*epoll));
            let epoll = epoll.and_then(polls::Epoll::of).ok_or(EINVAL)?;
            epoll.settle(&states)?;
        }
        Ok(())
    }
}
